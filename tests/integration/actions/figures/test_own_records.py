"""What is said of a customer's own bookings and complaints stands in his records."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import select

from backend.database import Database
from backend.models import Complaint, Conversation, ServiceBooking, Task, TestDriveBooking
from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import SHANGHAI, mention
from tests.integration.actions.drives import SHANYU
from tests.integration.actions.figures.driving import Driver
from tests.integration.actions.figures.reading import Figure, days, figures, number

DRIVE = {
    "zh": ("周六下午三点试驾山屿", "王伟", "13800000001", "确认"),
    "en": ("test drive of the Shanyu on Saturday 3 pm", "Tom Baker", "13800000001", "yes"),
}
VISIT = {
    "zh": ("周六上午十点做小保养", "浙A12345", "王伟", "13800000001", "确认"),
    "en": ("minor service on Saturday 10 am", "浙A12345", "Tom Baker", "13800000001", "yes"),
}
GRIEF = {
    "zh": ("上次保养等了三个小时没人管", "13800000001"),
    "en": ("nobody cared for me for three hours at the last service", "13800000001"),
}


def moment(when: datetime) -> list[Figure]:
    wall = when.astimezone(SHANGHAI)
    return [*days(wall.date()), Figure("time", wall.time().replace(second=0, microsecond=0))]


async def recorded(store: Database) -> list[Figure]:
    """The figures of what the store keeps of this customer, and of whom he waits for."""
    found: list[Figure] = []
    async with store.reading() as session:
        for drive in await session.scalars(select(TestDriveBooking)):
            found += [*figures(drive.number), *moment(drive.starts_at)]
        for visit in await session.scalars(select(ServiceBooking)):
            found += [*figures(visit.number), *moment(visit.starts_at)]
        for grief in await session.scalars(select(Complaint)):
            found += [*figures(grief.number), *moment(grief.due_at)]
        for task in await session.scalars(select(Task)):
            found += moment(task.due_at) if task.due_at else []
        waiting = list(
            await session.scalars(select(Conversation).where(Conversation.owner == "waiting"))
        )
        found += [number(place + 1) for place in range(len(waiting))]
    return found


async def talk(driver: Driver, store: Database, intent: str, messages: Sequence[str]) -> None:
    """A booking from the first wish to the end; times may be offered on the way."""
    driver.booking = True
    chat = driver.chat
    named = [SHANYU]
    if intent == "book_maintenance":
        named.append(mention("service_item", "minor_service"))
    for place, message in enumerate(messages):
        last = place == len(messages) - 1 and intent != "complaint"
        kind = intent if not place else "affirm" if last else "inform"
        said = await chat.says(message, kind, *([] if place else named))
        driver.check(said, await recorded(store))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("intent", "messages", "table"),
    [
        ("book_test_drive", DRIVE, TestDriveBooking),
        ("book_maintenance", VISIT, ServiceBooking),
        ("complaint", GRIEF, Complaint),
    ],
)
async def test_a_booking_is_told_as_it_is_recorded(
    start: Opening,
    store: Database,
    language: str,
    intent: str,
    messages: dict[str, tuple[str, ...]],
    table: type[TestDriveBooking] | type[ServiceBooking] | type[Complaint],
) -> None:
    driver = await Driver.of(await start(language=language))
    await talk(driver, store, intent, messages[language])
    async with store.reading() as session:
        assert len(list(await session.scalars(select(table)))) == 1
    # And told again when it is asked for.
    asked = "complaint_status" if table is Complaint else "manage_booking"
    said = await driver.chat.says("?", asked)
    driver.check(said, await recorded(store))
    driver.assert_traced(3)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_place_in_line_and_the_promised_time(
    start: Opening, store: Database, language: str
) -> None:
    driver = await Driver.of(await start(language=language))
    said = await driver.chat.says("?", "human_handoff")
    driver.check(said, await recorded(store))
    driver.assert_traced(2)

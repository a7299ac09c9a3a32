"""What customers are told when the demo car of their test drive changes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import Hours, dealership
from backend.appointments.occupancy import free_starts
from backend.appointments.offers import offer_for
from backend.appointments.outcomes import Refused
from backend.appointments.reach import conversation_of
from backend.clock import local
from backend.conversations.promises import promise
from backend.conversations.tasks import open_task
from backend.conversations.telling import tell
from backend.conversations.transcript import Reply
from backend.models import Dealership, TestDriveBooking
from backend.texts import appointments as texts
from backend.texts import moments

LANGUAGES = ("zh", "en")
OFFERED = 3


async def tell_other_trim(session: AsyncSession, now: datetime, booking: TestDriveBooking) -> None:
    """The drive will be in another version of the model."""
    await _tell(session, now, booking, texts.OTHER_TRIM)


async def tell_restored(session: AsyncSession, now: datetime, booking: TestDriveBooking) -> None:
    """The car is ready again, at the time that was booked."""
    await _tell(session, now, booking, texts.CAR_BACK)


async def offer_other_times(
    session: AsyncSession, now: datetime, booking: TestDriveBooking
) -> None:
    """No car at that time: other times to choose from, and a consultant is to see to it."""
    conversation_id = await conversation_of(session, booking)
    if conversation_id is None:
        return
    place = await dealership(session)
    phone = booking.customer.phone
    offer = await offer_for(session, now, booking.model.code, phone, moving=booking)
    times = (
        []
        if isinstance(offer, Refused)
        else await free_starts(session, offer.search, booking.starts_at, OFFERED)
    )
    times = [time for time in times if time != booking.starts_at]
    words = {
        language: Reply(
            _words(place, now, booking, language, texts.CAR_LOST)
            + _in_words(place, now, language, times)
            if times
            else _words(place, now, booking, language, texts.CAR_LOST_NO_TIME),
            buttons=[(texts.CALL_OFF[language], _call_off(booking))] if times else [],
            cards=_cards(place, now, booking, language, times),
        )
        for language in LANGUAGES
    }
    await tell(session, now, conversation_id, words)
    due = promise(Hours.of(place), now)
    await open_task(
        session, now, kind="follow_up", conversation_id=conversation_id,
        note=f"{booking.number} {booking.model.name_zh} 试驾车检查未通过，需改期或换车",
        message_id=f"test_drive:{booking.id}", action=f"displaced:{now:%Y%m%d%H%M%S}",
        due_at=due.due_at if due else now + timedelta(days=1),
    )  # fmt: skip


def _cards(
    place: Dealership, now: datetime, booking: TestDriveBooking, language: str,
    times: list[datetime],
) -> list[dict[str, object]]:  # fmt: skip
    """Days with their times, as the assistant offers them; a press names the booking too."""
    today = local(now, place.zone).date()
    cards: list[dict[str, object]] = []
    for day, those in groupby(times, lambda time: local(time, place.zone).date()):
        title = moments.day(day, language, today)
        buttons = [
            {
                "title": f"{local(time, place.zone):%H:%M}",
                "said": moments.moment(time, language, place.zone, now),
                "payload": f'/manage_booking{{"number": {{"reference": "{booking.number}"}}, '
                f'"time": "{local(time, place.zone):%Y-%m-%dT%H:%M}"}}',
            }
            for time in those
        ]
        cards.append({"title": title, "facts": [], "buttons": buttons})
    return cards


def _in_words(place: Dealership, now: datetime, language: str, times: list[datetime]) -> str:
    """The same as the cards, for channels that show none."""
    today = local(now, place.zone).date()
    comma = ", " if language == "en" else "、"
    return "".join(
        f"\n{moments.day(day, language, today)} "
        + comma.join(f"{local(time, place.zone):%H:%M}" for time in those)
        for day, those in groupby(times, lambda time: local(time, place.zone).date())
    )


def _call_off(booking: TestDriveBooking) -> str:
    return f'/cancel_booking{{"number": {{"reference": "{booking.number}"}}}}'


def _words(
    place: Dealership,
    now: datetime,
    booking: TestDriveBooking,
    language: str,
    text: Mapping[str, str],
) -> str:
    english = language == "en"
    car = booking.demo_car
    return text[language].format(
        when=moments.soon(booking.starts_at, language, place.zone, now),
        number=booking.number,
        model=booking.model.name_en if english else booking.model.name_zh,
        trim=car.trim.name_en if english else car.trim.name_zh,
    )


async def _tell(
    session: AsyncSession, now: datetime, booking: TestDriveBooking, text: Mapping[str, str]
) -> None:
    conversation_id = await conversation_of(session, booking)
    if conversation_id is None:
        return
    place = await dealership(session)
    words = {language: Reply(_words(place, now, booking, language, text)) for language in LANGUAGES}
    await tell(session, now, conversation_id, words)

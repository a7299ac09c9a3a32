"""A test drive in the demo dealership: the usual one, and others in its way."""

from datetime import datetime

from backend.appointments import service as appointments
from backend.appointments.outcomes import Booked
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, Said, mention, names

SHANYU = mention("model", "shanyu")
YUNCHI = mention("model", "yunchi")
PHONE = "+8613800000001"
FORM = "test_drive_form"
SATURDAY = datetime(2026, 11, 28, 15, 0, tzinfo=SHANGHAI)


def demo_trims(model: str) -> list[str]:
    """The trims of that model that can be driven, in the order of the cars."""
    listed = [row["trim"] for row in demo.read("demo_cars")["demo_cars"]]
    return [trim for trim in listed if demo.trims()[trim]["model"]["code"] == model]


CAR = f"山屿 {demo.trims()[demo_trims('shanyu')[0]]['name_zh']}"
"""The customer is told which version will stand ready."""


async def ready(chat: Dialogue) -> list[Said]:
    """As far as the confirmation, in one message."""
    said = await chat.says("周六下午三点试驾山屿，王伟，13800000001", "book_test_drive", SHANYU)
    assert names(said) == ["utter_confirm_test_drive"]
    return said


async def taken(services: Services, model: str, starts_at: datetime, times: int = 1) -> None:
    """Somebody else has booked that time, `times` cars of the model."""
    async with services.database.transaction() as session:
        for number in range(times):
            request = appointments.TestDriveRequest(
                model_code=model, starts_at=starts_at, name="李娜",
                phone=f"+861380000009{number}", language="zh", conversation_id=None,
                message_id=f"other-{number}", action="desk", actor="staff:1",
            )  # fmt: skip
            outcome = await appointments.book_test_drive(session, services.clock.now(), request)
            assert isinstance(outcome, Booked)

"""Entering what came by phone or in person: the same services, the same rules, the same refusals
as in the chat; once per key.

Everything here runs in the caller's transaction. Raises FieldsError when something is missing or
cannot be understood; then nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.appointments import service as appointments
from backend.appointments.hours import Hours, dealership
from backend.appointments.occupancy import lock_name
from backend.appointments.outcomes import Booked, Refused
from backend.complaints import service as complaints
from backend.complaints.service import Lodged
from backend.complaints.words import Category, Severity
from backend.conversations import tasks
from backend.customers import service as customers
from backend.customers.offline import open_talk
from backend.diagnosis import roadside
from backend.diagnosis.roadside import Requested
from backend.entry.fields import Caller, Reading
from backend.models import (
    CATEGORIES,
    SEVERITIES,
    Complaint,
    Model,
    RoadsideRequest,
    ServiceBooking,
    Staff,
    Task,
    TestDriveBooking,
)
from backend.once import made_by
from backend.workshop import pricing, service
from backend.workshop.pricing import Quote

ENTRY = "entry"
OPEN_PRICE = "open"
"""What was told where the price needs an inspection first."""
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class By:
    """Who enters it. The same `key` again is the same entry."""

    actor: str
    key: str
    staff_id: int | None = None

    @property
    def message_id(self) -> str:
        return f"{ENTRY}:{self.key}"


@dataclass(frozen=True)
class Quoted:
    """Nothing was booked yet: the price comes first, to be told to the customer."""

    quote: Quote


@dataclass(frozen=True)
class Inquiry:
    """A talk with the customer's question in it, and the task to follow it up."""

    conversation_id: str
    task: Task
    already: bool = False


async def test_drive(
    session: AsyncSession, now: datetime, given: Mapping[str, str], by: By
) -> Booked[TestDriveBooking] | Refused:
    """Fields: `model`, `starts_at`, and those of the customer."""
    reading = await _reading(session, given)
    caller = await reading.caller(session)
    model = reading.text("model", limit=60)
    starts_at = reading.moment("starts_at")
    reading.done()
    outcome = await appointments.book_test_drive(
        session,
        now,
        appointments.TestDriveRequest(
            model_code=model, starts_at=starts_at, name=caller.name, phone=caller.phone,
            language=caller.language, conversation_id=None, message_id=by.message_id,
            action=ENTRY, actor=by.actor,
        ),
    )  # fmt: skip
    if isinstance(outcome, Booked) and not outcome.already:
        _entered(session, now, by, caller, f"test_drive:{outcome.booking.id}")
    return outcome


test_drive.__test__ = False  # type: ignore[attr-defined]  # no test, whatever its name says


async def visit(
    session: AsyncSession, now: datetime, given: Mapping[str, str], by: By
) -> Booked[ServiceBooking] | Refused | Quoted:
    """Fields: `items` (codes with commas), `model`, `plate`, `mileage_km`, `note`, `starts_at`,
    `told_total` (fen, or `open`), and those of the customer. Without `told_total` it only quotes.
    """
    reading = await _reading(session, given)
    caller = await reading.caller(session)
    items = tuple(code for code in reading.raw("items").split(",") if code)
    if not items:
        reading.wrong["items"] = "missing"
    model = reading.raw("model") or None
    plate, mileage = reading.plate(), reading.kilometres()
    note = reading.text("note", needed=False)
    starts_at = reading.moment("starts_at")
    told = reading.raw("told_total")
    if told and told != OPEN_PRICE and not (told.isascii() and told.isdigit() and len(told) < 12):
        reading.wrong["told_total"] = "unknown"
    reading.done()
    if not told:
        free = await service.check_service(
            session, now, items, starts_at, model_code=model, phone=caller.phone, plate=plate
        )
        if isinstance(free, Refused):
            return free
        return Quoted(await _quote(session, now, items, model))
    outcome = await service.book_service(
        session,
        now,
        service.ServiceRequest(
            item_codes=items, model_code=model, plate=plate, mileage_km=mileage,
            starts_at=starts_at, name=caller.name, phone=caller.phone, language=caller.language,
            conversation_id=None, message_id=by.message_id, action=ENTRY, note=note,
            told_total=None if told == OPEN_PRICE else int(told), actor=by.actor,
        ),
    )  # fmt: skip
    if isinstance(outcome, Booked) and not outcome.already:
        _entered(session, now, by, caller, f"service_booking:{outcome.booking.id}")
    return outcome


async def _quote(
    session: AsyncSession, now: datetime, items: tuple[str, ...], model: str | None
) -> Quote:
    today = Hours.of(await dealership(session)).day(now)
    return await pricing.quote(session, today, items, model)


async def complaint(
    session: AsyncSession, now: datetime, given: Mapping[str, str], by: By
) -> Lodged:
    """Fields: `text`, `category` and `severity` (by the words if empty), and those of the
    customer, who may stay unknown."""
    reading = await _reading(session, given)
    caller = await reading.caller(session, phone_needed=False)
    text = reading.text("text")
    category = reading.choice("category", CATEGORIES, default="")
    severity = reading.choice("severity", SEVERITIES, default="")
    reading.done()
    await lock_name(session, by.message_id)
    made = await made_by(session, Complaint, by.message_id, ENTRY)
    conversation_id = made.conversation_id if made else await _talk(session, now, caller, text, by)
    lodged = await complaints.lodge(
        session, now, text, conversation_id=conversation_id, message_id=by.message_id,
        action=ENTRY, phone=caller.phone or None, name=caller.name,
        actor=by.actor, source=caller.source,
        category=cast(Category, category) if category else None,
        severity=cast(Severity, severity) if severity else None, staff_id=by.staff_id,
    )  # fmt: skip
    if not lodged.already:
        _entered(session, now, by, caller, f"complaint:{lodged.complaint.id}")
    return lodged


async def roadside_request(
    session: AsyncSession, now: datetime, given: Mapping[str, str], by: By
) -> Requested:
    """Fields: `text`, `place`, and those of the customer, whose phone is needed on the spot; his
    name can wait."""
    reading = await _reading(session, given)
    caller = await reading.caller(session, name_needed=False)
    place = reading.text("place", limit=roadside.LONGEST_PLACE)
    text = reading.text("text")
    reading.done()
    await lock_name(session, by.message_id)
    made = await made_by(session, RoadsideRequest, by.message_id, ENTRY)
    said = f"{text}\n{place}"
    conversation_id = made.conversation_id if made else await _talk(session, now, caller, said, by)
    requested = await roadside.request_help(
        session, now, text=text, place=place, conversation_id=conversation_id,
        message_id=by.message_id, action=ENTRY, phone=caller.phone, name=caller.name,
        actor=by.actor,
    )  # fmt: skip
    if not requested.already:
        _entered(session, now, by, caller, f"roadside_request:{requested.request.id}")
    return requested


async def inquiry(
    session: AsyncSession, now: datetime, given: Mapping[str, str], by: By
) -> Inquiry:
    """Fields: `text`, `model`, `follow_up_at` and `assignee` (a colleague's id), and those of the
    customer, whose phone is needed to call him back."""
    reading = await _reading(session, given)
    caller = await reading.caller(session)
    text = reading.text("text")
    model = await _model(session, reading)
    follow_up_at = reading.perhaps_moment("follow_up_at")
    if follow_up_at is not None and follow_up_at <= now:
        reading.wrong["follow_up_at"] = "past"
    assignee = await _colleague(session, reading, by)
    reading.done()
    await lock_name(session, by.message_id)
    made = await made_by(session, Task, by.message_id, ENTRY)
    if made is not None:
        return Inquiry(made.conversation_id, made, already=True)
    conversation_id = await _talk(session, now, caller, text, by)
    named = f"{model.name_en if caller.language == 'en' else model.name_zh}: " if model else ""
    task = await tasks.open_task(
        session, now, kind="follow_up", conversation_id=conversation_id,
        note=f"{named}{text}"[:500], message_id=by.message_id, action=ENTRY, due_at=follow_up_at,
    )  # fmt: skip
    task.assignee_id = assignee
    _entered(session, now, by, caller, f"conversation:{conversation_id}")
    await session.flush()
    return Inquiry(conversation_id, task)


async def _reading(session: AsyncSession, given: Mapping[str, str]) -> Reading:
    return Reading(given, (await dealership(session)).zone)


async def _talk(session: AsyncSession, now: datetime, caller: Caller, text: str, by: By) -> str:
    """The talk in which the customer said it, with his record."""
    customer_id = None
    if caller.phone:
        customer = await customers.find_or_create(
            session, now, caller.name, caller.phone, caller.language
        )
        customer_id = customer.id
    conversation, _ = await open_talk(
        session, now, channel=caller.source, language=caller.language, customer_id=customer_id,
        staff_id=by.staff_id, text=text,
    )  # fmt: skip
    return conversation.id


async def _model(session: AsyncSession, reading: Reading) -> Model | None:
    code = reading.raw("model")
    if not code:
        return None
    found = await session.scalar(select(Model).where(Model.code == code))
    if found is None:
        reading.wrong["model"] = "unknown"
    return found


async def _colleague(session: AsyncSession, reading: Reading, by: By) -> int | None:
    value = reading.raw("assignee")
    if not value:
        return by.staff_id
    if not (value.isascii() and value.isdigit()) or not 0 < int(value[:11]) <= LARGEST_ID:
        reading.wrong["assignee"] = "unknown"
        return None
    found = await session.get(Staff, int(value))
    if found is None or not found.active:
        reading.wrong["assignee"] = "unknown"
        return None
    return found.id


def _entered(session: AsyncSession, now: datetime, by: By, caller: Caller, subject: str) -> None:
    audit.record(
        session, now, actor=by.actor, action=f"{subject.partition(':')[0]}.entered",
        subject=subject, data={"source": caller.source},
    )  # fmt: skip

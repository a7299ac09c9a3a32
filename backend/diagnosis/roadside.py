"""Requests for help where a car stands: on record from the first word, completed as it is told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend import audit
from backend.appointments.hours import dealership
from backend.appointments.occupancy import lock_name
from backend.conversations import service as conversations
from backend.conversations import waiting
from backend.conversations.promises import DANGER
from backend.conversations.tasks import open_task
from backend.customers import service as customers
from backend.customers.offline import OFFLINE
from backend.diagnosis.roadside_telling import tell_state
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.models import ROADSIDE_STATES, Conversation, Customer, RoadsideRequest, Task
from backend.numbers import next_number
from backend.once import made_by, make

LONGEST_PLACE = 500
STANDING = ("open", "in_progress")


@dataclass(frozen=True)
class Requested:
    """`already`: the same message had requested it, or one stands in this conversation."""

    request: RoadsideRequest
    already: bool = False


@dataclass(frozen=True)
class Moved:
    """`told`: the customer was told; else somebody has to call him. `already`: it was in that
    state before."""

    request: RoadsideRequest
    told: bool = False
    already: bool = False


async def request_help(
    session: AsyncSession,
    now: datetime,
    *,
    text: str,
    conversation_id: str | None,
    message_id: str,
    action: str,
    diagnosis_id: int | None = None,
    place: str = "",
    phone: str | None = None,
    name: str | None = None,
    actor: str | None = None,
) -> Requested:
    """Records the request with its number, and tells staff by an urgent task at once.

    A conversation has one standing request: asking again gives that one. `actor` for the audit:
    the conversation if empty.
    """
    await lock_name(session, f"roadside:{conversation_id}")

    async def made() -> RoadsideRequest | None:
        return await made_by(session, RoadsideRequest, message_id, action)

    before = await made() or await standing(session, conversation_id)
    if before is not None:
        return Requested(before, already=True)
    zone = (await dealership(session)).zone
    conversation = await session.get(Conversation, conversation_id) if conversation_id else None
    customer_id = conversation.customer_id if conversation else None
    if customer_id and not phone:
        known = await session.get(Customer, customer_id)
        phone = known.phone if known else None

    async def write() -> RoadsideRequest:
        return RoadsideRequest(
            number=await next_number(session, now, zone, "RS"),
            state="open",
            place=place.strip()[:LONGEST_PLACE],
            text=text[:2000],
            conversation_id=conversation_id,
            customer_id=customer_id,
            diagnosis_id=diagnosis_id,
            phone=phone,
            created_at=now,
            source_message_id=message_id,
            source_action=action,
        )

    row, already = await make(session, write, made)
    if already:
        return Requested(row, already=True)
    if phone:
        await _belongs(session, now, row, phone, name)
    if conversation is not None:
        await _tell_staff(session, now, row, message_id)
    _audit(session, now, row, "requested", actor or f"conversation:{conversation_id}")
    return Requested(row)


async def add(
    session: AsyncSession,
    now: datetime,
    request_id: int,
    *,
    place: str | None = None,
    phone: str | None = None,
    name: str | None = None,
) -> RoadsideRequest:
    """Adds what the customer told meanwhile; the newest counts.

    Raises NotFoundError for an unknown request.
    """
    row = await session.get(RoadsideRequest, request_id, populate_existing=True)
    if row is None:
        raise NotFoundError("no such roadside request")
    if place:
        row.place = place.strip()[:LONGEST_PLACE]
    if phone:
        row.phone = phone
        await _belongs(session, now, row, phone, name)
    _audit(session, now, row, "completed", f"conversation:{row.conversation_id}")
    await session.flush()
    return row


async def cancel(
    session: AsyncSession, now: datetime, conversation_id: str
) -> RoadsideRequest | None:
    """Calls off the standing request of a conversation; None if there is none."""
    row = await standing(session, conversation_id)
    if row is not None:
        row.state = "cancelled"
        _audit(session, now, row, "cancelled", f"conversation:{conversation_id}")
        await session.flush()
    return row


async def move_on(
    session: AsyncSession, now: datetime, number: str, state: str, *, actor: str
) -> Moved:
    """Staff say how far it is, and the customer is told on his channel, once for each change.

    Raises NotFoundError; InvalidError for an unknown state; ConflictError (`another_stands`)
    where the customer has asked for help again since this one was over.
    """
    if state not in ROADSIDE_STATES:
        raise InvalidError(f"state: one of {', '.join(ROADSIDE_STATES)}", code="invalid_state")
    this = RoadsideRequest.number == number
    known = (await session.execute(select(RoadsideRequest.conversation_id).where(this))).first()
    if known is None:
        raise NotFoundError("no such roadside request")
    if known[0] is not None:
        # First of all, as everywhere: something is said in it.
        await conversations.lock(session, known[0])
    row = (
        await session.scalars(
            select(RoadsideRequest).where(this).with_for_update(),
            execution_options={"populate_existing": True},
        )
    ).one()
    if row.state == state:
        return Moved(row, already=True)
    other = await standing(session, row.conversation_id) if state in STANDING else None
    if other is not None and other.id != row.id:
        raise ConflictError("help was asked for again since", code="another_stands")
    row.state = state
    _audit(session, now, row, state, actor)
    await session.flush()
    return Moved(row, told=await tell_state(session, now, row) is not None)


async def standing(session: AsyncSession, conversation_id: str | None) -> RoadsideRequest | None:
    """The request of a conversation that is not done yet."""
    if conversation_id is None:
        return None
    found: RoadsideRequest | None = await session.scalar(
        select(RoadsideRequest)
        .where(
            RoadsideRequest.conversation_id == conversation_id,
            RoadsideRequest.state.in_(STANDING),
        )
        .options(selectinload(RoadsideRequest.diagnosis))
        .order_by(RoadsideRequest.id.desc())
        .limit(1)
    )
    return found


async def _tell_staff(
    session: AsyncSession, now: datetime, row: RoadsideRequest, message_id: str
) -> None:
    """The customer of a chat waits for a person from now on; an urgent task has the number."""
    conversation = await conversations.lock(session, str(row.conversation_id))
    note = f"{row.number} {row.text}"[:500]
    if conversation.channel not in OFFLINE:
        await waiting.call_person(
            session,
            now,
            conversation,
            kind=DANGER,
            note=note,
            message_id=message_id,
            actor=f"conversation:{conversation.id}",
        )
    told = await session.scalar(
        select(Task.id)
        .where(Task.conversation_id == conversation.id, Task.note == note, Task.state == "open")
        .limit(1)
    )
    if told is None:
        # He waits for something else already, a person has him, or he has called: the car is a
        # task of its own.
        await open_task(
            session,
            now,
            kind=DANGER,
            conversation_id=conversation.id,
            note=note,
            message_id=message_id,
            action="roadside",
        )


async def _belongs(
    session: AsyncSession, now: datetime, row: RoadsideRequest, phone: str, name: str | None
) -> None:
    customer = await customers.told(session, now, name, phone, row.conversation_id)
    row.customer_id = customer.id


def _audit(
    session: AsyncSession, now: datetime, row: RoadsideRequest, event: str, actor: str
) -> None:
    audit.record(
        session,
        now,
        actor=actor,
        action=f"roadside.{event}",
        subject=f"roadside_request:{row.id}",
        data={"number": row.number, "state": row.state},
    )

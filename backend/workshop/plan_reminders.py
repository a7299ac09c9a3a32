"""Reminders from the maintenance plan: a customer who wishes it is told when his car is due.

What is due is judged by what he may see of his car in the conversation of his wish
(`backend.workshop.history`), at the mileage estimated from his own readings. It goes through the
outbox within the weekly budget, in opening hours, once for each service that is due, and not
where a visit stands. It is worded when it leaves, with a button that opens the booking of just
what is due.
"""

import json
import logging
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.appointments.hours import Hours
from backend.clock import Clock
from backend.conversations import outbox
from backend.conversations.promises import hours_of
from backend.conversations.transcript import Reply
from backend.database import UNAVAILABLE, Database
from backend.models import Conversation, Outbox, PlanConsent, ServiceBooking, ServiceItem, Vehicle
from backend.rounds import Rounds
from backend.texts import moments
from backend.texts import service_plan as texts
from backend.workshop.history import PLAN, OwnCar, car_of, reminder_key
from backend.workshop.plan import Due, Plan, plan_for
from backend.workshop.pricing import energies_of

log = logging.getLogger(__name__)

CATEGORY = "follow_up"
QUIET = timedelta(days=150)
"""After a reminder nothing more is said of the car for so long, unless it was here since."""
POLL_SECONDS = 60.0
BATCH = 50
SENT = ("pending", "sending", "sent", "unknown", "failed")


async def consent(
    session: AsyncSession, now: datetime, conversation_id: str, vehicle_id: int
) -> None:
    """The customer wishes to be told in this conversation when that car is due; twice is once."""
    row = await _consent(session, conversation_id, vehicle_id)
    if row is None:
        row = PlanConsent(vehicle_id=vehicle_id, conversation_id=conversation_id, given_at=now)
        session.add(row)
    elif row.withdrawn_at is None:
        return
    row.given_at, row.withdrawn_at = now, None
    _note(session, now, conversation_id, vehicle_id, "given")
    await session.flush()


async def withdraw(session: AsyncSession, now: datetime, conversation_id: str) -> int:
    """The customer wants no more of it: of how many cars. What was planned is not said."""
    rows = await session.scalars(
        select(PlanConsent)
        .where(PlanConsent.conversation_id == conversation_id, PlanConsent.withdrawn_at.is_(None))
        .with_for_update()
    )
    count = 0
    for row in rows:
        row.withdrawn_at = now
        await outbox.call_off(session, _key(row.vehicle_id, conversation_id))
        _note(session, now, conversation_id, row.vehicle_id, "withdrawn")
        count += 1
    return count


async def wished(session: AsyncSession, conversation_id: str, vehicle_id: int) -> bool:
    """Whether reminders of that car are wished for in this conversation."""
    row = await _consent(session, conversation_id, vehicle_id)
    return row is not None and row.withdrawn_at is None


async def waiting(session: AsyncSession, today: date, limit: int = BATCH) -> list[int]:
    """Ids of wishes at which nobody has looked on `today`."""
    rows = await session.scalars(
        select(PlanConsent.id)
        .where(
            PlanConsent.withdrawn_at.is_(None),
            or_(PlanConsent.looked_on.is_(None), PlanConsent.looked_on < today),
        )
        .order_by(PlanConsent.id)
        .limit(limit)
    )
    return list(rows)


async def look(session: AsyncSession, now: datetime, consent_id: int, budget: int) -> Outbox | None:
    """Looks once a day whether a car is due, and plans to say so. None when there is nothing to
    say, or another process looks."""
    found = await hours_of(session)
    row = await session.scalar(
        select(PlanConsent).where(PlanConsent.id == consent_id).with_for_update(skip_locked=True)
    )
    if found is None or row is None or row.withdrawn_at is not None:
        return None
    place, hours = found
    today = hours.day(now)
    if row.looked_on is not None and row.looked_on >= today:
        return None
    row.looked_on = today
    conversation = await session.get(Conversation, row.conversation_id)
    if conversation is None or not conversation.reachable:
        return None
    if await _comes_anyway(session, now, row.vehicle_id):
        await outbox.call_off(session, reminder_key(row.vehicle_id))
        return None
    own = await car_of(session, row.conversation_id, place.zone, row.vehicle_id)
    if own is None:
        return None
    plan = await _plan(session, own, today)
    first = first_due(plan)
    if first is None or await _said(session, now, row, own.last_visit, hours):
        return None
    if await outbox.sent_unasked(session, now, conversation) >= budget:
        # Tomorrow is another day.
        return None
    due_at = hours.next_open(now, "service")
    if due_at is None:
        return None
    return await outbox.plan(
        session,
        now,
        conversation_id=row.conversation_id,
        category=CATEGORY,
        key=_key(row.vehicle_id, row.conversation_id) + _mark(first),
        due_at=due_at,
        text_zh="",
        text_en="",
    )


@outbox.composes(PLAN)
async def compose(
    session: AsyncSession, now: datetime, conversation: Conversation, row: Outbox
) -> Reply | None:
    """What is due as the car stands now, with the button that books it; None when nothing is due
    any more, or the car comes anyway."""
    found = await hours_of(session)
    vehicle_id = int((row.key or "").split(":")[1])
    if found is None or await _comes_anyway(session, now, vehicle_id):
        return None
    place, hours = found
    today = hours.day(now)
    own = await car_of(session, conversation.id, place.zone, vehicle_id)
    plan = await _plan(session, own, today) if own is not None else None
    if own is None or plan is None or first_due(plan) is None:
        return None
    language = conversation.language
    return Reply(
        _text(language, own, plan, today), buttons=[(texts.BOOK[language], _book(own, plan))]
    )


def _book(own: OwnCar, plan: Plan) -> str:
    """What the button means to the assistant: a visit for this work on this car."""
    vehicle = own.vehicle
    known: dict[str, object] = {"service_item": list(plan.due_codes)}
    if own.model is not None:
        known["model"] = own.model.code
    if vehicle.plate:
        known["plate"] = {"plate": vehicle.plate, "valid": True}
    elif vehicle.vin:
        known["vin"] = {"vin": vehicle.vin, "check_ok": True}
    return f"/book_maintenance{json.dumps(known, ensure_ascii=False)}"


def first_due(plan: Plan) -> Due | None:
    """The due item by whose mark the whole service is known: the earliest mark."""
    return min(
        plan.due, key=lambda d: (d.on or date.max, d.at_km or 0, d.item.position), default=None
    )


async def _plan(session: AsyncSession, own: OwnCar, today: date) -> Plan:
    code = own.model.code if own.model is not None else None
    sold = await energies_of(session, code) if code is not None else frozenset()
    # Of several kinds of drive only what each of them needs: no oil for an electric car.
    energy = next(iter(sold)) if len(sold) == 1 else None
    plan = await plan_for(session, own.on(today), code, energy)
    if energy is None and sold:
        plans = [await plan_for(session, own.on(today), code, one) for one in sorted(sold)]
        common = {d.item.code for d in plans[0].due}.intersection(
            *({d.item.code for d in one.due} for one in plans)
        )
        due = tuple(d for d in plans[0].due if d.item.code in common)
        plan = Plan(due, plans[0].next, plans[0].facts)
    return plan


async def _comes_anyway(session: AsyncSession, now: datetime, vehicle_id: int) -> bool:
    query = select(
        exists().where(
            ServiceBooking.vehicle_id == vehicle_id,
            ServiceBooking.state == "booked",
            ServiceBooking.ends_at > now,
        )
    )
    return bool(await session.scalar(query))


async def _said(
    session: AsyncSession, now: datetime, row: PlanConsent, last_visit: date | None, hours: Hours
) -> bool:
    """Whether this service was spoken of already: lately, and the car was not here since."""
    key = _key(row.vehicle_id, row.conversation_id)
    times = await session.scalars(
        select(Outbox.due_at).where(
            and_(
                Outbox.key.startswith(key, autoescape=True),
                Outbox.state.in_(SENT),
                Outbox.due_at > now - QUIET,
            )
        )
    )
    return any(last_visit is None or hours.day(due_at) >= last_visit for due_at in times)


def _text(language: str, own: OwnCar, plan: Plan, today: date) -> str:
    english = language == "en"
    codes = plan.due_codes
    items: list[ServiceItem] = [d.item for d in plan.due if d.item.code in codes]
    names = [item.name_en if english else item.name_zh for item in items]
    vehicle: Vehicle = own.vehicle
    days = [d.on for d in plan.due if d.on is not None]
    km = own.estimate(today)
    if any(d.at_km is not None for d in plan.due) and km is not None:
        why = texts.BY_MILEAGE[language].format(km=f"{km:,}")
    elif days:
        why = texts.BY_DATE[language].format(day=moments.day(min(days), language, today))
    else:
        why = ""
    return texts.DUE[language].format(
        car=vehicle.plate or vehicle.vin or "",
        items=(", " if english else "、").join(names),
        why=why,
    )


def _key(vehicle_id: int, conversation_id: str) -> str:
    return f"{reminder_key(vehicle_id)}{conversation_id}:"


def _mark(due: Due) -> str:
    return f"{due.item.code}:{due.on.isoformat() if due.on else due.at_km}"


async def _consent(
    session: AsyncSession, conversation_id: str, vehicle_id: int
) -> PlanConsent | None:
    return await session.scalar(
        select(PlanConsent).where(
            PlanConsent.conversation_id == conversation_id, PlanConsent.vehicle_id == vehicle_id
        )
    )


def _note(
    session: AsyncSession, now: datetime, conversation_id: str, vehicle_id: int, event: str
) -> None:
    audit.record(
        session,
        now,
        actor=f"conversation:{conversation_id}",
        action=f"plan_consent.{event}",
        subject=f"vehicle:{vehicle_id}",
    )


class PlanReminders(Rounds):
    """Looks daily at each car whose owner wishes it. Any number of processes run side by side."""

    work = "cars that are due"

    def __init__(self, database: Database, clock: Clock, budget: int) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        self._budget = budget

    def pause(self) -> float:
        return POLL_SECONDS

    async def look(self) -> int:
        """One round; how many reminders were planned."""
        now = self._clock.now()
        # Reading first: an idle look must not take SQLite's write lock.
        async with self._database.reading() as session:
            found = await hours_of(session)
            todo = await waiting(session, found[1].day(now)) if found is not None else []
        planned = 0
        for consent_id in todo:
            try:
                async with self._database.transaction() as session:
                    row = await look(session, now, consent_id, self._budget)
                    planned += row is not None
            except UNAVAILABLE:
                raise
            except Exception:
                # The next round tries it again; the others are not kept waiting.
                log.exception("the look at plan consent %s failed", consent_id)
        return planned

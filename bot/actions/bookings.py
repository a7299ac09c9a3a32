"""Telling, moving and cancelling bookings, by whoever may see them in this conversation."""

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import claims
from backend.appointments import moving as drive_moving
from backend.appointments import offers as drives
from backend.appointments import service as appointments
from backend.appointments.outcomes import Refused
from backend.complaints import service as complaints
from backend.customers.proof import NotFound
from backend.models import ServiceBooking, TestDriveBooking
from backend.workshop import moving as visit_moving
from backend.workshop import service as workshop
from bot.actions import claiming, consent, wording
from bot.actions.answers import answers
from bot.actions.appointments import refuse, wall_start, without_clock
from bot.actions.base import Events, JourneyAction, ask_colleague
from bot.actions.cars import remember
from bot.actions.claiming import Matter, number_of
from bot.actions.complaint_telling import complaint_line
from bot.actions.context import Button, Turn
from bot.actions.forms import calls_off, changes
from bot.actions.last_visit import tell_last_visit
from bot.actions.reading import complete, named_time, read_button
from bot.actions.standing_bookings import Standing, of_kind, standing
from values import merge_times


def propose(
    turn: Turn,
    do: str,
    number: str,
    to: str | None = None,
    when: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Keeps what a yes in the very next message would carry out, and the time as far as it is
    known: "下周二下午" first, "四点" in the message after."""
    pending = {"do": do, "number": number, "to": to, "when": when, "after": turn.message_id}
    return remember(turn, ask="", pending=pending)


def proposed(turn: Turn) -> dict[str, Any] | None:
    pending: dict[str, Any] = (turn.slot("topic") or {}).get("pending") or {}
    return pending if turn.follows(pending.get("after")) else None


async def carry_out(turn: Turn, session: AsyncSession) -> Events | None:
    """The customer's yes to a proposed cancellation or move; None when nothing was proposed."""
    pending = proposed(turn)
    if pending is None or pending["do"] not in ("cancel", "move"):
        return None
    if not consent.clear(turn) or _stays(turn):
        turn.say("utter_yes_or_no")
        return [remember(turn, ask="", pending={**pending, "after": turn.message_id})]
    booking = next(
        (b for b in await standing(turn, session) if b.number == pending["number"]), None
    )
    if booking is None:
        turn.say("utter_booking_not_active", number=pending["number"])
        return [remember(turn, pending=None)]
    if pending["do"] == "cancel":
        await _cancel_row(turn, session, booking)
    elif pending["to"]:
        await _move_row(turn, session, booking, datetime.fromisoformat(pending["to"]))
    else:
        turn.say("utter_move_to_when")
        return [propose(turn, "move", booking.number)]
    return [remember(turn, pending=None)]


_STAYS = re.compile(
    r"不用?(?:再)?[改变换]|不取消"
    r"|\b(?:no (?:need to )?changes?|don'?t (?:change|move|cancel)|leave it|keep)\b",
    re.I,
)


def _stays(turn: Turn) -> bool:
    """Whether it says that the booking is to stay: 不改了 is a yes to a summary, and none here."""
    return not turn.pressed and bool(_STAYS.search(turn.text))


async def claim(turn: Turn, session: AsyncSession) -> Events | None:
    """A booking that was made elsewhere, by its number and phone; None when none is meant."""
    named = number_of(turn, BOOKING)
    if named and any(b.number == named for b in await standing(turn, session)):
        return None
    found = await claiming.claim(turn, session, BOOKING)
    if found is None or isinstance(found, list):
        return found
    number = found.number
    claimed = [b for b in await standing(turn, session) if b.number == number]
    if not claimed:
        turn.say("utter_booking_not_active", number=number)
        return [remember(turn, pending=None)]
    if calls_off(turn) or moves(turn):
        # "Cancel TD…, 138…": what is wanted of it has been said.
        return None
    _list(turn, claimed)
    return [remember(turn, pending=None)]


async def _claimed(
    session: AsyncSession, now: datetime, conversation_id: str, number: str, phone: str
) -> TestDriveBooking | ServiceBooking | NotFound:
    where = (conversation_id, number, phone)
    if number.startswith(drives.KIND.prefix):
        return await claims.claim(session, now, drives.KIND, *where)
    return await claims.claim(session, now, workshop.KIND, *where)


BOOKING: Matter[TestDriveBooking | ServiceBooking] = Matter(
    do="claim",
    prefixes=(drives.KIND.prefix, workshop.KIND.prefix),
    claim=_claimed,
    ask_phone="utter_claim_phone",
    unknown="utter_claim_unknown",
)


async def _cancel_row(turn: Turn, session: AsyncSession, booking: Standing) -> None:
    actor = f"conversation:{turn.conversation_id}"
    done: Any
    if isinstance(booking.row, TestDriveBooking):
        done = await appointments.cancel_test_drive(session, turn.now, booking.row, actor)
    else:
        done = await workshop.cancel_service(session, turn.now, booking.row, actor)
    refused = isinstance(done, Refused)
    turn.say(
        "utter_booking_not_active" if refused else "utter_booking_cancelled",
        number=booking.number,
    )


async def _move_row(turn: Turn, session: AsyncSession, booking: Standing, to: datetime) -> None:
    actor = f"conversation:{turn.conversation_id}"
    done: Any
    if isinstance(booking.row, TestDriveBooking):
        done = await appointments.move_test_drive(session, turn.now, booking.row, to, actor)
    else:
        done = await workshop.move_service(session, turn.now, booking.row, to, actor)
    if isinstance(done, Refused):
        await refuse(turn, session, done)
        return
    turn.say(
        "utter_booking_moved",
        number=booking.number,
        time=wording.moment(done.booking.starts_at, turn),
    )


async def follow_booking(turn: Turn, session: AsyncSession) -> Events | None:
    """A time in a conversation with one booking is the wish to move it; None when it is not.

    The new time takes what it leaves open from the booking: "改到周日" keeps the hour.
    """
    said = named_time(turn)
    asked = (proposed(turn) or {}).get("do") == "move"
    changed = changes(turn) or (turn.intent == "book_appointment" and moves(turn))
    if said is None or not (asked or changed or turn.intent == "manage_booking"):
        return None
    pending = proposed(turn) or {}
    bookings = of_kind(turn, await standing(turn, session))
    if asked:
        bookings = [b for b in bookings if b.number == pending["number"]] or bookings
    if len(bookings) != 1:
        return None
    booking = bookings[0]
    wall = turn.local(booking.starts_at)
    known = pending.get("when") or complete(f"{wall:%Y-%m-%d}", f"{wall:%H:%M}")
    when = read_button(said) if isinstance(said, str) else merge_times(
        known, said, turn.local(turn.now)
    )  # fmt: skip
    to = wall_start(when, turn)
    if to is None and when.get("date") and not when.get("time"):
        day = wording.day(date.fromisoformat(when["date"]), turn)
        turn.tell(turn.either(f"{day}几点方便？", f"What time on {day}?"))
        return [propose(turn, "move", booking.number, when=when)]
    if to is None or to == booking.starts_at:
        # The time that it has already: another was meant, and not understood.
        turn.say("utter_move_to_when")
        return [propose(turn, "move", booking.number, when=when)]
    possible = await _may_move(turn, session, booking, to)
    if isinstance(possible, Refused):
        # Asking for a yes to a time that cannot be had would promise it.
        await refuse(turn, session, possible)
        kept = None if possible.reason == "past" else without_clock(when)
        return [propose(turn, "move", booking.number, when=kept)]
    turn.say(
        "utter_confirm_move",
        number=booking.number,
        what=booking.what,
        time=wording.moment(to, turn),
        buttons=[
            wording.button(turn.either("确认改期", "Yes, move it"), "/affirm"),
            wording.button(turn.either("不改了", "Leave it"), "/deny"),
        ],
    )
    return [propose(turn, "move", booking.number, to.isoformat(), when)]


async def _may_move(
    turn: Turn, session: AsyncSession, booking: Standing, to: datetime
) -> Refused | datetime:
    if isinstance(booking.row, TestDriveBooking):
        return await drive_moving.check_move(session, turn.now, booking.row, to)
    return await visit_moving.check_move(session, turn.now, booking.row, to)


_MOVES = re.compile(
    r"改|换|推迟|提前|延|更(?:好|方便|合适)"
    r"|\b(?:move|reschedul|change|postpone|push|prefer|would rather|'d rather|suits? me better)",
    re.I,
)


def moves(turn: Turn) -> bool:
    """Whether the words want another time than the one that stands."""
    return bool(_MOVES.search(turn.text))


@answers("manage_booking")
async def my_bookings(turn: Turn, session: AsyncSession) -> Events:
    """What stands, with its number; cancelling and moving in words are confirmed first."""
    told = await tell_last_visit(turn, session)
    if told is not None:
        return told
    claimed = await claim(turn, session)
    if claimed is not None:
        return claimed
    everything = await standing(turn, session)
    bookings = of_kind(turn, everything)
    if len(bookings) == 1 and calls_off(turn):
        booking = bookings[0]
        turn.say(
            "utter_confirm_cancel",
            number=booking.number,
            what=booking.what,
            time=wording.moment(booking.starts_at, turn),
            buttons=[
                _cancel(turn, booking.number),
                wording.button(turn.either("保留", "Keep it"), "/deny"),
            ],
        )
        return [propose(turn, "cancel", booking.number)]
    moved = await follow_booking(turn, session)
    if moved is not None:
        return moved
    if len(bookings) == 1 and moves(turn):
        turn.say("utter_move_to_when")
        return [propose(turn, "move", bookings[0].number)]
    lines = [_line(turn, b) for b in everything]
    buttons = [_cancel(turn, b.number) for b in everything]
    for complaint in await complaints.find(session, turn.conversation_id):
        if complaint.state in ("open", "in_progress"):
            lines.append(await complaint_line(turn, session, complaint))
    if not lines and turn.tracker.active_loop_name:
        turn.say("utter_not_booked_yet")
        return []
    if not lines:
        await ask_colleague(turn, session, kind="follow_up")
        turn.say("utter_no_bookings")
        return []
    turn.say("utter_bookings", lines=wording.bullets(lines), buttons=buttons)
    return []


def _line(turn: Turn, booking: Standing) -> str:
    return f"{booking.number} {booking.what} {wording.moment(booking.starts_at, turn)}"


def _list(turn: Turn, bookings: list[Standing]) -> None:
    lines = wording.bullets([_line(turn, b) for b in bookings])
    turn.say("utter_bookings", lines=lines, buttons=[_cancel(turn, b.number) for b in bookings])


def _cancel(turn: Turn, number: str) -> Button:
    title = turn.either(f"取消 {number}", f"Cancel {number}")
    return wording.button(title, f'/cancel_booking{{"number": {{"reference": "{number}"}}}}')


class CancelBooking(JourneyAction):
    """Cancels one booking of this conversation; only a button leads here."""

    action = "action_cancel_booking"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        wanted = (turn.first("number") or {}).get("reference")
        for booking in await standing(turn, session):
            if booking.number == wanted:
                await _cancel_row(turn, session, booking)
                return [remember(turn, pending=None)]
        turn.say("utter_booking_not_active", number=wanted or "")
        return []

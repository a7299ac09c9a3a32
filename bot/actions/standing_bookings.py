"""The bookings that stand in a conversation."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import calendar, claims
from backend.appointments import offers as drives
from backend.models import ServiceBooking, TestDriveBooking
from backend.workshop import service as workshop
from bot.actions import wording
from bot.actions.context import Turn


@dataclass(frozen=True)
class Standing:
    """A booking that stands: its number, when it starts, and what it is for in a few words."""

    number: str
    starts_at: datetime
    what: str
    row: TestDriveBooking | ServiceBooking


async def standing(turn: Turn, session: AsyncSession) -> list[Standing]:
    """The active bookings of this conversation, whose token or channel proves the person, and
    those whose number and phone were named in it."""
    found = []
    seen = (session, turn.now)
    for drive in await claims.of_conversation(*seen, drives.KIND, turn.conversation_id):
        if drive.state == "booked":
            what = f"{turn.either('试驾', 'test drive')} {turn.name_of(drive.model)}"
            found.append(Standing(drive.number, drive.starts_at, what, drive))
    for visit in await claims.of_conversation(*seen, workshop.KIND, turn.conversation_id):
        if visit.state == "booked":
            items = [turn.either(item["name_zh"], item["name_en"]) for item in visit.items]
            found.append(
                Standing(visit.number, visit.starts_at, wording.joined(items, turn), visit)
            )
    return found


_DRIVE = re.compile(r"试驾|试乘|test.?drive", re.I)
_VISIT = re.compile(r"保养|维修|检查|service|workshop|maintenance", re.I)


def of_kind(turn: Turn, bookings: list[Standing]) -> list[Standing]:
    """The bookings with the numbers or of the kind that the words name, else all."""
    named = {found.get("reference") for found in turn.found("number")}
    numbered = [b for b in bookings if b.number in named]
    if numbered:
        return numbered
    if turn.pressed:
        return bookings
    if _DRIVE.search(turn.text):
        return [b for b in bookings if isinstance(b.row, TestDriveBooking)]
    if _VISIT.search(turn.text):
        return [b for b in bookings if isinstance(b.row, ServiceBooking)]
    return bookings


async def tell_calendar(
    turn: Turn, session: AsyncSession, booking: TestDriveBooking | ServiceBooking
) -> None:
    """The address of the booking for the customer's own calendar."""
    link = await calendar.link(session, booking, turn.services.settings.base_url)
    if link is not None:
        turn.say("utter_calendar", link=link)

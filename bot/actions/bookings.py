"""Looking up and cancelling the bookings of this conversation."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import service as appointments
from backend.complaints import service as complaints
from backend.workshop import service as workshop
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, JourneyAction, ask_colleague
from bot.actions.context import Button, Turn


@answers("manage_booking")
async def my_bookings(turn: Turn, session: AsyncSession) -> Events:
    """What stands, with its number; only of this conversation, whose token proves the person."""
    drives = await appointments.find_bookings(session, turn.conversation_id, turn.now)
    visits = await workshop.find_bookings(session, turn.conversation_id, turn.now)
    lines: list[str] = []
    buttons: list[Button] = []
    for drive in drives:
        if drive.state == "booked":
            lines.append(
                f"{drive.number} {turn.either('试驾', 'Test drive')} "
                f"{turn.name_of(drive.model)} {wording.moment(drive.starts_at, turn)}"
            )
            buttons.append(_cancel(turn, drive.number))
    for visit in visits:
        if visit.state == "booked":
            items = [turn.either(item["name_zh"], item["name_en"]) for item in visit.items]
            lines.append(
                f"{visit.number} {wording.joined(items, turn)} "
                f"{wording.moment(visit.starts_at, turn)}"
            )
            buttons.append(_cancel(turn, visit.number))
    for complaint in await complaints.find(session, turn.conversation_id):
        if complaint.state in ("open", "in_progress"):
            lines.append(
                turn.either(
                    f"{complaint.number} 投诉，{wording.moment(complaint.due_at, turn)} 前回复",
                    f"{complaint.number} complaint, answer due "
                    f"{wording.moment(complaint.due_at, turn)}",
                )
            )
    if not lines and turn.tracker.active_loop_name:
        turn.say("utter_not_booked_yet")
        return []
    if not lines:
        await ask_colleague(turn, session, kind="follow_up")
        turn.say("utter_no_bookings")
        return []
    turn.say("utter_bookings", lines=wording.bullets(lines), buttons=buttons)
    return []


def _cancel(turn: Turn, number: str) -> Button:
    title = turn.either(f"取消 {number}", f"Cancel {number}")
    return wording.button(title, f'/cancel_booking{{"number": {{"reference": "{number}"}}}}')


class CancelBooking(JourneyAction):
    """Cancels one booking of this conversation; only a button leads here."""

    action = "action_cancel_booking"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        wanted = (turn.first("number") or {}).get("reference")
        actor = f"conversation:{turn.conversation_id}"
        for drive in await appointments.find_bookings(session, turn.conversation_id):
            if drive.number == wanted:
                drive_done = await appointments.cancel_test_drive(session, turn.now, drive, actor)
                self._tell(turn, wanted, cancelled=not hasattr(drive_done, "reason"))
                return []
        for visit in await workshop.find_bookings(session, turn.conversation_id):
            if visit.number == wanted:
                visit_done = await workshop.cancel_service(session, turn.now, visit, actor)
                self._tell(turn, wanted, cancelled=not hasattr(visit_done, "reason"))
                return []
        turn.say("utter_no_bookings")
        return []

    @staticmethod
    def _tell(turn: Turn, number: str, *, cancelled: bool) -> None:
        response = "utter_booking_cancelled" if cancelled else "utter_booking_not_active"
        turn.say(response, number=number)

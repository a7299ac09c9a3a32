"""What a customer answers about a complaint that he has made: it is the same matter, it is solved
or is not, he wants it no more.

Heard before a message is answered as anything else, since the words are ordinary ones: "没解决",
"算了不投诉了", a bare yes. Only where the conversation has such a complaint.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import customer, story
from backend.complaints import service as complaints
from backend.complaints.customer import Ended
from backend.complaints.handling import SOLVED, UNSOLVED
from backend.complaints.similar import same_matter
from backend.complaints.thread import case_of
from backend.models import Complaint, Conversation
from bot.actions import claiming, consent, wording
from bot.actions import complaint_words as words
from bot.actions.base import Events, forethought
from bot.actions.cars import remember
from bot.actions.complaint_telling import COMPLAINT, tell, tell_claimed
from bot.actions.context import CONFIDENT, Turn
from bot.actions.faults import is_urgent
from bot.actions.line_words import asks_about_line

SAME = "complaint_same"
"""What a yes to "is it the same matter" is kept as."""
WITHDRAW = "withdraw"
HEARD_IN = frozenset(
    {"action_answer", "action_affirm", "action_stop", "action_unsure", "action_follow_up",
     "action_picture"}
)  # fmt: skip
SHORT = 16
"""So short a text tells no story of its own: it is about what was talked of."""


@forethought
async def hear_complaint(turn: Turn, session: AsyncSession, action: str) -> Events | None:
    """The answer to what is said about a complaint outside of forms; None for all else."""
    if turn.tracker.active_loop_name:
        return None
    if action == "action_hand_over" and not turn.pressed and words.unsolved(turn.text):
        # "没解决，叫你们经理来": it is open again, and a person comes all the same.
        await about_complaint(turn, session)
        return None
    if action not in HEARD_IN:
        return None
    if action == "action_picture":
        return await picture(turn, session)
    return await about_complaint(turn, session)


async def picture(turn: Turn, session: AsyncSession) -> Events | None:
    """A picture goes to the complaint that is being talked of; None where there is none."""
    complaint = await story.add_picture(session, turn.now, turn.conversation_id, turn.message_id)
    if complaint is None:
        return None
    turn.say("utter_complaint_picture", number=complaint.number)
    return []


async def about_complaint(turn: Turn, session: AsyncSession) -> Events | None:
    """The same for a message of any kind: its answer, or None."""
    pending: dict[str, Any] = (turn.slot("topic") or {}).get("pending") or {}
    if pending.get("do") == SAME and turn.follows(pending.get("after")):
        answered = await _same_or_not(turn, session, pending)
        if answered is not None:
            return answered
    if turn.pressed or is_urgent(turn.text):
        return None
    if claiming.asked(turn, COMPLAINT) is not None:
        told = await tell_claimed(turn, session)
        if told is not None:
            return told
    if words.withdraws(turn.text):
        return await _withdraw(turn, session)
    if words.waits(turn.text) and turn.intent != "complaint_status":
        return await _when(turn, session)
    return await _verdict(turn, session)


async def _when(turn: Turn, session: AsyncSession) -> Events | None:
    """Where what he complained of stands, to a customer who asks when he hears of it; who waits
    for a person is told of that."""
    conversation = await session.get(Conversation, turn.conversation_id)
    waiting = conversation is not None and conversation.owner == "waiting"
    if waiting and asks_about_line(turn.text):
        return None
    open_one = await complaints.open_in(session, turn.conversation_id)
    if open_one is None:
        return None
    await tell(turn, session, open_one)
    return [remember(turn, ask="")]


def ask_same(turn: Turn, complaint: Complaint, event_id: int) -> Events:
    """Asks whether what was just added to a complaint belongs to it."""
    turn.say(
        "utter_complaint_same",
        number=complaint.number,
        buttons=[
            wording.button(turn.either("是同一件事", "Yes, the same"), "/affirm"),
            wording.button(turn.either("不是，另外登记", "No, log it separately"), "/deny"),
        ],
    )
    pending = {"do": SAME, "number": complaint.number, "event": event_id, "after": turn.message_id}
    return [remember(turn, pending=pending)]


async def _same_or_not(turn: Turn, session: AsyncSession, pending: dict[str, Any]) -> Events | None:
    agrees = turn.intent == "affirm" and consent.clear(turn)
    yes = agrees or (not turn.pressed and words.same(turn.text))
    no = turn.intent == "deny" or (not turn.pressed and words.other(turn.text))
    if not (yes or no) or (words.withdraws(turn.text) and not turn.pressed):
        return None
    if not no:
        turn.say("utter_complaint_more_noted", number=pending["number"])
        return [remember(turn, pending=None)]
    lodged = await story.part(
        session, turn.now, int(pending["event"]), conversation_id=turn.conversation_id,
        message_id=turn.message_id,
    )  # fmt: skip
    if lodged is None:
        return None
    say_lodged(turn, lodged)
    return [remember(turn, pending=None)]


def say_lodged(turn: Turn, lodged: complaints.Lodged) -> None:
    """Number and deadline, at once; no time that no approved rule gives."""
    complaint = lodged.complaint
    turn.say(
        "utter_complaint_lodged" if lodged.due_told else "utter_complaint_lodged_untimed",
        number=complaint.number,
        due=wording.moment(complaint.due_at, turn),
    )


def _named(turn: Turn, found: list[Complaint]) -> list[Complaint]:
    text = turn.text.upper()
    return [complaint for complaint in found if complaint.number in text] or found


async def _withdraw(turn: Turn, session: AsyncSession) -> Events | None:
    found = await complaints.find(session, turn.conversation_id)
    standing = _named(turn, [one for one in found if one.state in complaints.OPEN])
    if not standing:
        return None
    if len(standing) > 1 or words.asks(turn.text):
        turn.say(
            "utter_complaint_withdraw_which",
            buttons=[
                wording.button(
                    turn.either(f"撤回 {one.number}", f"Withdraw {one.number}"),
                    f'/complaint_status{{"number": {{"reference": "{one.number}"}},'
                    f' "start_with": "{WITHDRAW}"}}',
                )
                for one in standing
            ],
        )
        return []
    return await withdraw(turn, session, standing[0])


async def withdraw(turn: Turn, session: AsyncSession, complaint: Complaint) -> Events:
    await customer.withdraw(
        session, turn.now, complaint.id, conversation_id=turn.conversation_id,
        message_id=turn.message_id, text="" if turn.pressed else turn.text,
    )  # fmt: skip
    turn.say("utter_complaint_withdrawn", number=complaint.number)
    return []


async def _verdict(turn: Turn, session: AsyncSession) -> Events | None:
    """Whether a complaint that is over is solved. A bare yes or no is to the question of the
    last message only."""
    sure = turn.confidence >= CONFIDENT
    bare = turn.intent if turn.intent in ("affirm", "deny") and sure else None
    goes_on = words.unsolved(turn.text) or words.resumes(turn.text)
    if turn.intent == "complaint_status" and words.asks(turn.text):
        # "还没处理好吗" asks where it stands.
        return None
    if not (bare or goes_on or words.solved(turn.text)):
        return None
    ended = await customer.ended_in(session, turn.now, turn.conversation_id)
    if ended is None:
        return None
    if goes_on and _is_about(turn, ended):
        return await unsolved(turn, session, ended.complaint)
    if ended.just_asked and bare == "deny":
        return await unsolved(turn, session, ended.complaint)
    yes = bare == "affirm" and ended.just_asked and consent.clear(turn)
    if ended.asked and (words.solved(turn.text) or yes):
        return await solved(turn, session, ended.complaint)
    return None


def _is_about(turn: Turn, ended: Ended) -> bool:
    """Whether words that something goes on are of this complaint, and of no other trouble."""
    if words.resumes(turn.text):
        return True
    if ended.withdrawn:
        # "Actually no, the noise is back": of the very thing that was complained of.
        return words.takes_back(turn.text) and same_matter(turn.text, ended.complaint.text)
    if ended.just_asked or (ended.asked and len(turn.text) <= SHORT):
        return True
    return same_matter(turn.text, ended.complaint.text)


async def solved(turn: Turn, session: AsyncSession, complaint: Complaint) -> Events:
    await customer.confirm(
        session, turn.now, complaint.id, conversation_id=turn.conversation_id,
        message_id=turn.message_id, text="" if turn.pressed else turn.text,
    )  # fmt: skip
    turn.say("utter_complaint_solved", number=complaint.number)
    return []


async def unsolved(turn: Turn, session: AsyncSession, complaint: Complaint) -> Events:
    await customer.reopen(
        session, turn.now, complaint.id, conversation_id=turn.conversation_id,
        message_id=turn.message_id, text="" if turn.pressed else turn.text,
    )  # fmt: skip
    case = await case_of(session, complaint.id)
    turn.say(
        "utter_complaint_reopened" if case.due_told else "utter_complaint_reopened_untimed",
        number=complaint.number,
        due=wording.moment(complaint.due_at, turn),
    )
    return []


BUTTONS = {SOLVED: solved, UNSOLVED: unsolved, WITHDRAW: withdraw}
"""What a button of ours under a complaint does; only we make these, each for one conversation."""

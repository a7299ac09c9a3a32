"""Handing over to a person, and what is said to a customer who waits for one.

The speech is given once: when the conversation begins to wait, and anew to whoever asks. Meanwhile
the assistant goes on helping.
"""

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.complaints import service as complaints
from backend.conversations import service as conversations
from backend.conversations import waiting
from backend.conversations.anger import is_angry
from backend.conversations.promises import DANGER
from backend.models import Conversation, Dealership
from backend.workshop.safety import is_urgent
from bot.actions import complaint_words, wording
from bot.actions.answers import ANSWERS, answer_as
from bot.actions.base import Events, JourneyAction, afterthought, shown_text
from bot.actions.context import CONFIDENT, Turn
from bot.actions.fault_questions import GRAVE, wants_help, wants_tow
from bot.actions.line_words import asks_about_line, declines_person, needs_nothing
from bot.actions.plan_wishes import end_reminders, wants_no_more
from bot.actions.wishes import ASKED_BESIDES

HANDOVER = "handover"
WAIT = "wait"
"""What is offered by the question whether he wants to wait on."""
ROADSIDE_FORM = "roadside_form"
LINE = "line"
"""What `start_with` of a button stands for: the place in line is given up."""


async def hand_over(
    turn: Turn,
    session: AsyncSession,
    *,
    kind: str = HANDOVER,
    reason: str | None = None,
    asked: bool = False,
) -> Events:
    """A person is wanted: the conversation waits, and the customer is told by when, and his place.

    `reason` is the response that says why, where he has not asked for it. To a customer who waits
    already nothing is said, unless he `asked`: then it is place and time anew.
    """
    place = await dealership(session)
    if await session.get(Conversation, turn.conversation_id) is None:
        # A shell or a test of Rasa's own talks without a conversation in the store.
        turn.say("utter_hand_over_untimed", phone=place.phone)
        return _told(turn)
    conversation = await conversations.lock(session, turn.conversation_id)
    called = await waiting.call_person(
        session,
        turn.now,
        conversation,
        kind=kind,
        note=(await shown_text(turn, session))[:500],
        message_id=turn.message_id,
        actor=f"conversation:{conversation.id}",
    )
    if not called and not asked:
        return []
    stands = await waiting.standing(session, turn.now, conversation)
    if called and reason:
        turn.say(reason)
    if stands is None:
        # A person has it: what the assistant says is not sent any more.
        turn.say("utter_hand_over_untimed", phone=place.phone)
    elif not called:
        _say(turn, IN_LINE, stands, place)
    else:
        _say(turn, CALLED_IN_DANGER if kind == DANGER else CALLED, stands, place)
    return _told(turn)


CALLED = {
    "there": "utter_hand_over_open",
    "later": "utter_hand_over_closed",
    "untimed": "utter_hand_over_untimed",
}
CALLED_IN_DANGER = {
    "there": "utter_danger_colleague_open",
    "later": "utter_danger_colleague_closed",
    "untimed": "utter_danger_colleague_untimed",
}
IN_LINE = {
    "there": "utter_in_line_open",
    "later": "utter_in_line_closed",
    "untimed": "utter_in_line_untimed",
    "late": "utter_in_line_late",
    "overdue": "utter_in_line_overdue",
}


def _say(
    turn: Turn, responses: dict[str, str], stands: waiting.Standing, place: Dealership
) -> None:
    if stands.missed:
        case = "late" if stands.due_at else "overdue"
    elif stands.due_at is None:
        case = "untimed"
    else:
        case = "later" if stands.opens_at else "there"
    turn.say(
        # Once the promise is missed the words are those of whoever asks how long yet.
        responses.get(case) or IN_LINE[case],
        place=stands.place,
        due=wording.soon(stands.due_at, turn) if stands.due_at else "",
        opens=wording.soon(stands.opens_at, turn) if stands.opens_at else "",
        phone=place.phone,
        hotline=place.hotline,
    )


def _told(turn: Turn) -> Events:
    """Keeps that the line was spoken of last; unlike `remember` it leaves an offer alone."""
    turn.told_of_line = True
    topic = {**(turn.slot("topic") or {}), "line": turn.message_id}
    turn.slots["topic"] = topic
    return [SlotSet("topic", topic)]


async def in_line(turn: Turn, session: AsyncSession) -> Events | None:
    """The answer to a customer who waits and asks for how long yet, or needs nobody any more; and
    to one who wants no more reminders.

    None for every other message, and for those who do not wait.
    """
    if turn.pressed:
        return None
    if turn.intent != "privacy" and wants_no_more(turn) and await end_reminders(turn, session):
        return [SlotSet("asked", None)]
    asks, declines = asks_about_line(turn.text), declines_person(turn.text)
    if not (asks or declines) or not await _waits(turn, session):
        return None
    if not declines:
        return await hand_over(turn, session, asked=True)
    left = await leave(turn, session)
    if turn.intent not in ANSWERS or not _asks_of_cars(turn):
        return left
    # "不等了，你给我说说X7" wants an answer instead.
    return [*left, *await ANSWERS[turn.intent](turn, session)]


def _asks_of_cars(turn: Turn) -> bool:
    named = any(turn.found(kind) for kind in ("model", "trim", "make", "feature", "service_item"))
    return named and turn.confidence >= CONFIDENT and not turn.tracker.active_loop_name


async def perhaps_leaves(turn: Turn, session: AsyncSession) -> Events | None:
    """The answer to 不用了, "never mind" of a customer who waits; None where it is no such thing.

    It is the person whom he needs no more if the line was spoken of last. Else it may be what was
    offered meanwhile: he is asked, once.
    """
    if turn.pressed or not needs_nothing(turn.text) or not await _waits(turn, session):
        return None
    topic = turn.slot("topic") or {}
    if turn.follows(topic.get("line")):
        return await leave(turn, session)
    if topic.get("asked_to_wait"):
        return None
    turn.say("utter_still_wait")
    turn.told_of_line = True
    # A bare yes is to this question, too.
    topic = {**topic, "line": turn.message_id, "asked_to_wait": True, "offer": WAIT}
    turn.slots["topic"] = topic
    return [SlotSet("topic", topic)]


async def leave(turn: Turn, session: AsyncSession) -> Events:
    """Gives up the place in line; the assistant has the conversation again."""
    conversation = await conversations.lock(session, turn.conversation_id)
    left = await waiting.leave(session, turn.now, conversation)
    turn.say("utter_line_left" if left else "utter_deny")
    turn.told_of_line = True
    topic = {k: v for k, v in (turn.slot("topic") or {}).items() if k != "asked_to_wait"}
    turn.slots["topic"] = topic
    return [SlotSet("topic", topic)]


async def _waits(turn: Turn, session: AsyncSession) -> bool:
    conversation = await session.get(Conversation, turn.conversation_id)
    return conversation is not None and conversation.owner == "waiting"


def angry(turn: Turn) -> bool:
    return not turn.pressed and is_angry(turn.text)


async def calm(turn: Turn, session: AsyncSession) -> Events | None:
    """The answer to anger that asks nothing: a person, or when one comes. None without anger."""
    if not angry(turn):
        return None
    return await hand_over(turn, session, reason="utter_anger", asked=True)


@afterthought
async def wants_person_besides(turn: Turn, session: AsyncSession, _events: Events) -> Events:
    """Anger, or a wish for a person beside another one: answered first, then handed over."""
    if turn.told_of_line or _said_something_before(turn):
        return []
    if angry(turn):
        return await hand_over(turn, session, reason="utter_anger")
    if "human_handoff" in turn.wishes and not turn.tracker.active_loop_name:
        return await hand_over(turn, session, asked=True)
    return []


def _said_something_before(turn: Turn) -> bool:
    """Whether another action has answered this message already, and had this thought."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "bot":
            return True
    return False


def _on_the_spot(turn: Turn) -> bool:
    """Whether somebody is to come to the car, and not to the talk."""
    if turn.pressed or wants_tow(turn.text):
        return not turn.pressed
    topic = turn.slot("topic") or {}
    grave = topic.get("danger") in GRAVE
    # With the fault spoken of last, or one that leaves him where he is.
    of_fault = bool(topic.get("fault")) and (grave or topic.get("ask") == "")
    return of_fault and wants_help(turn.text, grave=grave)


async def _asks_of_complaint(turn: Turn, session: AsyncSession) -> bool:
    """Whether who has made a complaint asks when he hears of it: he wants no other person."""
    if turn.pressed or not complaint_words.waits(turn.text):
        return False
    found = await complaints.find(session, turn.conversation_id)
    return any(one.state in complaints.OPEN for one in found)


class HandOver(JourneyAction):
    """A person is asked for; whatever else the message asks is answered first."""

    action = "action_hand_over"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        events: Events = []
        if not turn.pressed and is_urgent(turn.text):
            events = await ANSWERS["report_fault"](turn, session)
        elif _on_the_spot(turn) and not turn.tracker.active_loop_name:
            # "Send somebody with a tow truck" asks for that, and not for a talk.
            return [FollowupAction(ROADSIDE_FORM)]
        elif await _asks_of_complaint(turn, session):
            return await ANSWERS["complaint_status"](turn, session)
        if not turn.told_of_line:
            events += await in_line(turn, session) or []
        if turn.told_of_line:
            return events
        for wish in turn.wishes:
            if wish in ASKED_BESIDES and not turn.tracker.active_loop_name:
                events += await answer_as(wish, turn, session)
        return [*events, *await hand_over(turn, session, asked=True)]

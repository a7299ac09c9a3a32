"""The customer's answers to the three questions after his test drive.

The first question is asked by the backend, when it is due. Buttons are taken whenever they are
pressed; words only right after the question, and not where they ask something themselves.
"""

import re
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import feedback
from backend.appointments.feedback import Answer
from backend.models import DriveFeedback
from bot.actions import wording
from bot.actions.base import Events
from bot.actions.cars import remember
from bot.actions.context import Button, Turn

_ASKS = re.compile(
    r"[?？]|[吗呢]\s*[。.]?\s*$|多少|几点|怎么|什么|哪"
    r"|\b(?:what|how|which|when|why|where|can (?:i|you)|could you|do you|is there)\b",
    re.I,
)
_NOTHING = re.compile(
    r"\s*(?:没有?了?|没什么|都(?:挺)?好|还行|跳过|无|no(?:thing|ne)?|skip|all good|n/?a)"
    r"\s*[。.!！]*\s*",
    re.I,
)
_NEXT = (
    ("other_car", re.compile(r"别的|其他|其它|另一|换一?[款辆台]|\b(?:other|another)\b", re.I)),
    ("buy", re.compile(r"[买订]车?|下定|\b(?:buy|order|purchase)\b", re.I)),
    ("price", re.compile(r"价|优惠|贷款|首付|月供|\b(?:price|offer|finance|cost)\b", re.I)),
    ("later", re.compile(r"考虑|再说|不用|暂时|先不|没有|\b(?:later|no|not|think)\b", re.I)),
)
ANSWERING = frozenset(
    {
        "feedback", "inform", "nlu_fallback", "chitchat", "out_of_scope", "thank", "affirm", "deny",
        "ask_config", "ask_price", "ask_usage", "recommend_model", "ask_promotion", "stop", "greet",
        "ask_models", "ask_finance", "ask_purchase_process",
    }
)  # fmt: skip
"""What an answer in words may be taken for. Others, such as a complaint, are what they are."""


async def take_feedback(turn: Turn, session: AsyncSession) -> Events | None:
    """Takes the message as an answer, and asks the next question; None when it is none."""
    pressed: dict[str, Any] = turn.first("number") or {} if turn.pressed else {}
    if turn.pressed and turn.intent != "feedback":
        return None
    if turn.tracker.active_loop_name and not turn.pressed:
        return None
    if not turn.pressed and turn.intent not in ANSWERING:
        return None
    found = await feedback.open_in(session, turn.now, turn.conversation_id)
    if found is None or (turn.pressed and pressed.get("reference") != found.booking.number):
        if turn.pressed:
            # Answered already: once is enough.
            turn.say("utter_drive_feedback_known")
            return []
        return None
    answer = _pressed(found, pressed) if turn.pressed else await _said(turn, session, found)
    if answer is None:
        if turn.pressed:
            turn.say("utter_drive_feedback_known")
            return []
        return None
    await feedback.take(session, turn.now, found, answer, turn.message_id)
    _ask_on(turn, found)
    return [remember(turn, ask="")]


def _pressed(found: DriveFeedback, button: dict[str, Any]) -> Answer | None:
    if "score" in button and found.step == "score":
        return Answer(score=int(button["score"]))
    if "skip" in button and found.step == "comment":
        return Answer(comment="")
    if "next" in button and found.step == "next":
        return Answer(next_step=str(button["next"]))
    return None


async def _said(turn: Turn, session: AsyncSession, found: DriveFeedback) -> Answer | None:
    if found.after_message_id is None:
        if not await feedback.just_asked(session, found, turn.message_id):
            return None
    elif not turn.follows(found.after_message_id):
        return None
    if found.step == "score":
        score = feedback.read_score(turn.text)
        return None if score is None else Answer(score=score)
    if _ASKS.search(turn.text):
        return None
    if found.step == "comment":
        return Answer(comment="" if _NOTHING.fullmatch(turn.text) else turn.text)
    step = next((name for name, words in _NEXT if words.search(turn.text)), None)
    return None if step is None else Answer(next_step=step)


def _ask_on(turn: Turn, found: DriveFeedback) -> None:
    booking = found.booking

    def button(zh: str, en: str, **answer: object) -> Button:
        return wording.button(turn.either(zh, en), feedback.payload(booking, **answer))

    if found.step == "comment":
        low = (found.score or 0) <= feedback.POOR
        turn.say(
            "utter_drive_feedback_why" if low else "utter_drive_feedback_comment",
            buttons=[button("跳过", "Skip", skip=1)],
        )
    elif found.step == "next":
        turn.say(
            "utter_drive_feedback_next",
            buttons=[
                button("了解价格", "Talk about the price", next="price"),
                button("想订车", "Order the car", next="buy"),
                button("试试别的车", "Drive another model", next="other_car"),
                button("再考虑", "Think about it", next="later"),
            ],
        )
    elif found.next_step == "other_car":
        turn.say(
            "utter_drive_feedback_other",
            buttons=[
                wording.button(turn.either("预约试驾", "Book a test drive"), "/book_test_drive")
            ],
        )
    elif found.next_step == "later":
        turn.say("utter_drive_feedback_later")
    else:
        turn.say("utter_drive_feedback_done")

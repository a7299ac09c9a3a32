"""A short dialogue after a symptom or a trouble code: at most three questions, each skippable.

What was told and answered is kept in the conversation's topic and, for the technician, in the
store (`backend.diagnosis.service`). How grave a thing is, is said by `faults`; this module asks,
reads answers, and words what the knowledge base says.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.diagnosis import knowledge
from backend.diagnosis.knowledge import Finding, Knowledge
from backend.diagnosis.service import Answer, keep
from backend.models import Conversation, DiagnosisQuestion
from bot.actions import wording
from bot.actions.cars import remember
from bot.actions.context import CONFIDENT, Button, Turn
from bot.actions.diagnosis_wording import asks, outcome, read_codes

MOST_QUESTIONS = knowledge.MOST_QUESTIONS
MARK = "triage:"
"""What `start_with` of an answer's button begins with: `triage:QUESTION:ANSWER`."""
SKIP = "skip"
AGAIN = 2
"""How often a question is asked again after something else was said."""

_SHORT_ZH = 14
_SHORT_EN = 7
_LONGEST_ANSWER = 120
_READABLE = frozenset(
    {"inform", "affirm", "deny", "nlu_fallback", "chitchat", "report_fault", "ask_usage"}
)
"""What an answer of whatever length may be taken for."""
_FREE = frozenset({"inform", "nlu_fallback", "chitchat", "affirm", "deny"})
"""What an answer in words of the customer's own may be taken for."""
_OTHER_THINGS = frozenset({"phone", "model", "trim", "plate", "service_item", "money", "make"})
_ASKING = re.compile(
    r"[?？]|多少|(?<![没不])多久|要几天|怎么|什么|吗$|呢$"
    r"|\b(?:how much|what|when can|where|can i|do you)\b",
    re.I,
)
_SKIPS = re.compile(
    r"跳过|不知道|不清楚|不确定|没注意|说不清|不好说|忘了"
    r"|\b(?:skip|not sure|no idea|don'?t know|dunno|can'?t (?:tell|say)|next)\b",
    re.I,
)
_ENDS = re.compile(
    r"不用问|别问|不想答|直接说|直接告诉|不用了|算了"
    r"|\b(?:just tell me|stop asking|no more questions|never ?mind|enough)\b",
    re.I,
)


@dataclass(frozen=True)
class Heard:
    """What a message did to the dialogue: `ends` where no more is to be asked."""

    answers: dict[str, Any]
    ends: bool = False


def state(turn: Turn) -> dict[str, Any]:
    """The dialogue that is open: `now` is the question that waits for its answer."""
    return dict((turn.slot("topic") or {}).get("triage") or {})


def is_open(turn: Turn) -> bool:
    return bool(state(turn).get("now"))


def answers_of(turn: Turn) -> dict[str, Any]:
    """Question → {answer, zh, en, at}, of the fault that is being talked about."""
    return dict(state(turn).get("answers") or {})


async def look(turn: Turn, session: AsyncSession, story: str) -> Finding:
    """What the knowledge base says of the story and the answers so far; of a button, nothing."""
    if story.startswith("/"):
        return Finding()
    codes = {code: str(given["code"]) for code, given in answers_of(turn).items()}
    return await knowledge.examine(session, turn.today, story, codes)


async def record(turn: Turn, session: AsyncSession, finding: Finding, story: str) -> dict[str, Any]:
    """Keeps the diagnosis in the store; the event that remembers which it is."""
    topic = turn.slot("topic") or {}
    if finding.empty or await session.get(Conversation, turn.conversation_id) is None:
        return remember_all(turn)
    row = await keep(
        session,
        turn.now,
        finding,
        text=story,
        answers=await _kept(turn, session),
        conversation_id=turn.conversation_id,
        message_id=turn.message_id,
        action="diagnosis",
        diagnosis_id=topic.get("diagnosis"),
    )
    return remember_all(turn, diagnosis=row.id)


def remember_all(turn: Turn, **more: Any) -> dict[str, Any]:
    """`remember`, with the standing offer kept."""
    offer = (turn.slot("topic") or {}).get("offer")
    return remember(turn, **({"offer": offer} if offer else {}), **more)


async def _kept(turn: Turn, session: AsyncSession) -> list[Answer]:
    base = await knowledge.load(session, turn.today)
    found = []
    for code, given in answers_of(turn).items():
        question = base.questions.get(code)
        if question is not None:
            at = datetime.fromisoformat(given["at"])
            found.append(
                Answer(
                    code, question.text_zh, question.text_en,
                    given["code"], given["zh"], given["en"], at,
                )
            )  # fmt: skip
    return found


def tell_codes(turn: Turn, finding: Finding) -> None:
    """Says what the codes in the message mean, once, and what is not known of the others."""
    lines = read_codes(turn, finding)
    if lines:
        turn.tell(lines)


def more(turn: Turn, finding: Finding) -> list[DiagnosisQuestion]:
    """The questions that are left to ask."""
    answers = state(turn).get("answers") or {}
    left = [question for question in finding.questions if question.code not in answers]
    return left if len(answers) < MOST_QUESTIONS else []


def go_on(turn: Turn, finding: Finding) -> bool:
    """Asks the next question, if one is left; whether it did."""
    held = state(turn)
    left = more(turn, finding)
    if not left:
        remember_all(turn, triage={**held, "now": None})
        return False
    first = not held.get("answers")
    turn.tell(asks(turn, left[0], first=first), buttons=_buttons(turn, left[0]))
    remember_all(
        turn,
        triage={"answers": {}, **held, "now": left[0].code, "again": 0, "at": turn.message_id},
    )
    return True


def touch(turn: Turn) -> None:
    """Keeps the open question waiting for one message more."""
    if is_open(turn):
        remember_all(turn, triage={**state(turn), "at": turn.message_id})


def close(turn: Turn) -> None:
    """Asks nothing more of this fault; what was answered stays."""
    held = state(turn)
    if held:
        remember_all(turn, triage={**held, "now": None})


def _buttons(turn: Turn, question: DiagnosisQuestion) -> list[Button]:
    found = [
        wording.button(
            str(turn.either(answer["name_zh"], answer["name_en"])),
            f'/inform{{"start_with": "{MARK}{question.code}:{answer["code"]}"}}',
        )
        for answer in question.answers
    ]
    skip = wording.button(
        turn.either("跳过", "Skip"), f'/inform{{"start_with": "{MARK}{question.code}:{SKIP}"}}'
    )
    return [*found, skip]


async def hear(turn: Turn, session: AsyncSession) -> Heard | None:
    """What the message answers; None when it is about something else."""
    held = state(turn)
    pressed = _pressed(turn)
    if not held or (turn.pressed and not pressed):
        return None
    if not pressed and not (held.get("now") and turn.follows(held.get("at"))):
        # Something else was talked of since: only a button still answers.
        return None
    base = await knowledge.load(session, turn.today)
    code, chosen = pressed or (str(held["now"]), "")
    question = base.questions.get(code)
    if question is None:
        return None
    if pressed:
        given = next((a for a in question.answers if a["code"] == chosen), None)
        return _answered(turn, question, given, "")
    return _read(turn, question)


def _pressed(turn: Turn) -> tuple[str, str] | None:
    said = str(turn.first("start_with") or "") if turn.pressed else ""
    parts = said.removeprefix(MARK).split(":")
    return (parts[0], parts[1]) if said.startswith(MARK) and len(parts) == 2 else None


def _read(turn: Turn, question: DiagnosisQuestion) -> Heard | None:
    text = turn.text.strip()
    short = len(text.split()) <= _SHORT_EN if text.isascii() else len(text) <= _SHORT_ZH
    asking = bool(_ASKING.search(text))
    if short and _ENDS.search(text):
        return Heard({}, ends=True)
    if short and _SKIPS.search(text):
        return _answered(turn, question, None, "")
    if asking or not (short or turn.intent in _READABLE or turn.confidence < CONFIDENT):
        return None
    answer = knowledge.read_answer(question, text)
    if answer is not None:
        return _answered(turn, question, answer, text)
    named = {str(e.get("entity")) for e in turn.entities}
    ahead = any(isinstance(time, dict) and not time.get("past") for time in turn.found("time"))
    books = bool(named & _OTHER_THINGS) or (ahead and question.code != "since")
    if turn.intent not in _FREE or books:
        return None
    if turn.intent == "deny":
        return Heard({}, ends=True)
    if turn.intent == "affirm":
        # "好的" to being asked is no answer yet: the question comes again.
        return Heard({})
    # In words of his own: nothing to judge by, and worth reading for the technician.
    return _answered(turn, question, None, text)


def _answered(
    turn: Turn, question: DiagnosisQuestion, answer: dict[str, Any] | None, text: str
) -> Heard:
    words = text[:_LONGEST_ANSWER]
    given = {
        "code": str(answer["code"]) if answer else "",
        "zh": str(answer["name_zh"]) if answer else words,
        "en": str(answer["name_en"]) if answer else words,
        "at": turn.now.isoformat(),
    }
    return Heard({question.code: given})


def take(turn: Turn, heard: Heard) -> None:
    """Keeps what was answered in the topic."""
    held = state(turn)
    answers = {**(held.get("answers") or {}), **heard.answers}
    now = None if heard.ends or held.get("now") in answers else held.get("now")
    remember_all(turn, triage={**held, "answers": answers, "now": now, "at": turn.message_id})


def conclude(turn: Turn, finding: Finding) -> None:
    """Says what may be the cause, what to do now and how soon to come."""
    text = outcome(turn, finding)
    if text:
        turn.tell(text)


async def ask_again(turn: Turn, base: Knowledge) -> bool:
    """Comes back to the open question after something else was answered, a few times only."""
    held = state(turn)
    question = base.questions.get(str(held.get("now") or ""))
    if question is None or not turn.follows(held.get("at")):
        return False
    if int(held.get("again") or 0) >= AGAIN:
        close(turn)
        return False
    turn.tell(asks(turn, question, again=True), buttons=_buttons(turn, question))
    remember_all(
        turn, triage={**held, "again": int(held.get("again") or 0) + 1, "at": turn.message_id}
    )
    return True

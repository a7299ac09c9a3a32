"""A fault or symptom: safety first, then what is known of it, then a visit to find the cause.

How grave it is stays with the conversation: "还能开吗" or "I'm on the highway" afterwards is
answered by it, and nothing that is said later makes it less grave. What the knowledge base says and
the questions that it asks are in `triage`.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.conversations.promises import DANGER
from backend.diagnosis import knowledge
from backend.diagnosis.knowledge import Finding
from backend.workshop.safety import Danger, assess, is_urgent
from bot.actions import triage, wording
from bot.actions.answers import ANSWERS, answers
from bot.actions.base import Events, afterthought, ask_colleague
from bot.actions.cars import remember
from bot.actions.context import Button, Turn
from bot.actions.fault_questions import (
    GRAVE,
    in_the_dark,
    on_motorway,
    question,
    tells_safe,
    wants_help,
    wants_tow,
    what_now,
)
from bot.actions.first_steps import GENERAL, WHAT_TO_DO
from bot.actions.handover import ROADSIDE_FORM, hand_over
from bot.actions.service_menu import DIAGNOSIS
from values import trouble_code

__all__ = ["about_fault", "end_questions", "fault", "is_urgent", "reported"]

RECENT = timedelta(hours=24)
"""After this a question is not taken to be about the fault any more."""

LONGEST_STORY = 500
PASSING = frozenset({"inform", "affirm", "deny", "nlu_fallback", "ask_config", "chitchat"})
"""What a remark on the state of the car is taken for."""
UNCLEAR = "unclear"
"""The level of a symptom whose words do not tell how grave it is."""
RANKS = ("ok_to_drive", UNCLEAR, "do_not_drive_far", "stop_now")
ROADSIDE = "roadside"
"""What `start_with` of a button stands for: help where the car is."""
ASK_ON = frozenset({"maintenance_form", "complaint_form", ROADSIDE_FORM})
"""Forms that go on after a fault is told in them, and ask themselves."""
NO_CODE = frozenset({"complaint", "book_maintenance", "manage_booking", "order_status"})
"""Intents of messages in which a trouble code is mentioned, and not asked about."""
ASIDE = frozenset(
    {
        "ask_price", "ask_config", "ask_hours", "ask_location", "ask_warranty", "ask_promotion",
        "ask_finance", "ask_models", "ask_onroad_price", "ask_maintenance_price", "insurance",
        "ask_usage", "chitchat", "out_of_scope", "bot_challenge", "ask_capabilities", "greet",
        "ask_purchase_process", "trade_in", "order_status", "recommend_model", "inform",
    }
)  # fmt: skip
"""After these a question that is still open is asked again."""
OFFER = "book_diagnosis"
"""What a bare yes is to, after a fault."""


@answers("report_fault")
async def fault(turn: Turn, session: AsyncSession) -> Events:
    """What may be dangerous gets the instruction and the hotline before anything else."""
    told = _told(turn)
    if not told:
        remember(turn, triage=None, diagnosis=None)
    danger = assess(turn.text, str(told.get("fault") or ""))
    here = await triage.look(turn, session, turn.text)
    if not told and danger.level is None and here.empty and _chooses(turn):
        return await ANSWERS["recommend_model"](turn, session)
    level = _gravest(told, danger, here, report=True)
    place = await dealership(session)
    _keep(turn, level, danger, told)
    if level == "stop_now":
        turn.say(
            "utter_danger", advice=_first_steps(turn, danger, told, here), hotline=place.hotline
        )
    elif question(turn.text) in ("drive", "dangerous"):
        _answer(turn, str(question(turn.text)), level, place.hotline, danger, told)
    else:
        turn.say(_response(level, here, told), hotline=place.hotline)
    if danger.level == "stop_now" and on_motorway(turn.text):
        turn.say("utter_motorway_stop_now", hotline=place.hotline)
    if level == "stop_now" and danger.certain:
        # What to do comes first, and the hotline, which answers at all hours.
        await hand_over(turn, session, kind=DANGER)
    elif level == "stop_now" and (told.get("danger") != level or danger.level == level):
        await ask_colleague(turn, session, kind="follow_up")
    triage.tell_codes(turn, here)
    asked = bool(question(turn.text)) or turn.tracker.active_loop_name in ASK_ON
    return await _go_on(turn, session, level, ask=not asked)


_WEIGHS = re.compile(r"要紧|重要|优先|首要|关键|最好|\b(?:important|matters|priority)\b", re.I)


def _chooses(turn: Turn) -> bool:
    """油车 不要电, while a car is being chosen: no symptom, whatever it is taken for."""
    asked = (turn.slot("topic") or {}).get("ask") in ("recommend_model", "ask_models")
    wish = bool(turn.found("energy") or turn.found("body"))
    # "省油要紧" weighs a wish; it does not ask whether something is serious.
    wish = wish or bool(turn.found("feature") and _WEIGHS.search(turn.text))
    return bool(asked and wish and not turn.tracker.active_loop_name and not turn.pressed)


async def _go_on(turn: Turn, session: AsyncSession, level: str, *, ask: bool) -> Events:
    """Keeps the diagnosis, then the next question, or what is on record and what may be booked."""
    story = str((turn.slot("topic") or {}).get("fault") or turn.text)
    finding = await triage.look(turn, session, story)
    await triage.record(turn, session, finding, story)
    if level == "stop_now":
        triage.close(turn)
    elif ask and triage.go_on(turn, finding):
        return [_topic(turn)]
    elif ask:
        triage.conclude(turn, finding)
    if not (question(turn.text) and level != "stop_now"):
        turn.say("utter_offer_diagnosis", buttons=_buttons(turn, level))
    return [_topic(turn)]


def _topic(turn: Turn) -> dict[str, Any]:
    event: dict[str, Any] = SlotSet("topic", turn.slots["topic"])
    return event


_BY_LEVEL = {
    "do_not_drive_far": "utter_fault_grave",
    "ok_to_drive": "utter_fault_mild",
    UNCLEAR: "utter_fault",
    "stop_now": "utter_may_drive_stop_now",
}
_OF_VERDICT = {
    "no_hurry": "ok_to_drive",
    "until_visit": "ok_to_drive",
    "unclear": UNCLEAR,
    "short_way": "do_not_drive_far",
    "stop": "stop_now",
}


def _response(level: str, finding: Finding, told: dict[str, Any]) -> str:
    harmless = finding.verdict == "no_hurry" and not finding.empty
    if level == "ok_to_drive" and harmless and not told.get("danger"):
        return "utter_fault_no_hurry"
    return _BY_LEVEL[level]


def _gravest(told: dict[str, Any], danger: Danger, finding: Finding | None, report: bool) -> str:
    """The level that holds from now on; a symptom that says nothing is no all-clear."""
    before = told.get("danger")
    known = None if finding is None or finding.empty else _OF_VERDICT[finding.verdict]
    now = danger.level or known or (UNCLEAR if report or before is None else before)
    return max(now, known or now, before or now, key=RANKS.index)


async def about_fault(turn: Turn, session: AsyncSession) -> Events | None:
    """The answer to a question about the fault that was reported before, to a question of ours
    about it, or to an emergency that came under another intent; None when the message is about
    something else.
    """
    loop = turn.tracker.active_loop_name
    told = _told(turn)
    heard = await triage.hear(turn, session) if told and (turn.pressed or not loop) else None
    if turn.pressed:
        if turn.first("start_with") == ROADSIDE:
            triage.close(turn)
            return [remember(turn), FollowupAction(ROADSIDE_FORM)]
        return await _answered(turn, session, heard, told) if heard else None
    tow: Events = [FollowupAction(ROADSIDE_FORM)] if wants_tow(turn.text) else []
    if is_urgent(turn.text):
        return [*await fault(turn, session), *tow]
    if told and wants_help(turn.text, grave=told.get("danger") in GRAVE):
        tow = [FollowupAction(ROADSIDE_FORM)]
    if tow and loop != ROADSIDE_FORM:
        triage.close(turn)
        return [remember(turn), *tow]
    if not loop and turn.intent not in NO_CODE and trouble_code.read(turn.text):
        return await fault(turn, session)
    if not told:
        return None
    danger = assess(turn.text, str(told["fault"]))
    if told.get("danger") == "stop_now" and danger.level is None and tells_safe(turn.text):
        # The instruction was followed: the next step, not the same instruction again.
        turn.say("utter_out_of_danger", buttons=_buttons(turn, "stop_now"))
        return [_topic(turn)]
    level = _gravest(told, danger, None, report=False)
    asked = question(turn.text)
    if asked is None and told.get("offer") == OFFER and what_now(turn.text):
        asked = "drive"
    if asked is None and level != told.get("danger") and danger.level:
        # It got worse, whatever the message is taken for.
        if heard:
            triage.take(turn, heard)
        return await fault(turn, session) if heard or turn.intent in PASSING else None
    if heard:
        return await _answered(turn, session, heard, told)
    if asked is None or (asked != "drive" and turn.found("feature")):
        return None
    if turn.intent == "report_fault" and danger.level and danger.kind != told.get("fault_kind"):
        # Something else is wrong too: heard as a report, never less grave than before.
        return None
    place = await dealership(session)
    return _answer(turn, asked, level, place.hotline, danger, told)


async def _answered(
    turn: Turn, session: AsyncSession, heard: triage.Heard, told: dict[str, Any]
) -> Events:
    """The next question, or how it stands after the last answer; at once where it is dangerous."""
    triage.take(turn, heard)
    finding = await triage.look(turn, session, str(told["fault"]))
    level = _gravest(told, Danger(), finding, report=False)
    place = await dealership(session)
    remember(turn, danger=level, ask="", offer=OFFER)
    if level == "stop_now" and told.get("danger") != level:
        steps = _first_steps(turn, Danger(), told, finding)
        turn.say("utter_danger", advice=steps, hotline=place.hotline)
        await hand_over(turn, session, kind=DANGER)
    elif heard.ends or not triage.more(turn, finding):
        turn.say(_response(level, finding, {}), hotline=place.hotline)
    if heard.ends:
        triage.close(turn)
        await triage.record(turn, session, finding, str(told["fault"]))
        triage.conclude(turn, finding)
        turn.say("utter_offer_diagnosis", buttons=_buttons(turn, level))
        return [_topic(turn)]
    return await _go_on(turn, session, level, ask=True)


async def end_questions(turn: Turn, session: AsyncSession) -> Events | None:
    """What is known so far, to a customer who wants no more questions; None where none is open."""
    told = _told(turn)
    if not told or not triage.is_open(turn):
        return None
    return await _answered(turn, session, triage.Heard({}, ends=True), told)


@afterthought
async def back_to_question(turn: Turn, session: AsyncSession, events: Events) -> Events:
    """Asks again what was open before something else was answered."""
    opens = any(event.get("event") in ("followup", "active_loop") for event in events)
    if opens or turn.tracker.active_loop_name or not triage.is_open(turn) or not _told(turn):
        return []
    aside = turn.intent in ASIDE and not question(turn.text) and turn.has_spoken
    if not aside or turn.told_of_line:
        return []
    base = await knowledge.load(session, turn.today)
    return [_topic(turn)] if await triage.ask_again(turn, base) else []


def reported(turn: Turn) -> bool:
    """Whether a fault was reported within the last day."""
    return bool(_told(turn))


def _told(turn: Turn) -> dict[str, Any]:
    """What is remembered of the fault reported within the last day; empty without one."""
    topic = turn.slot("topic") or {}
    if not topic.get("fault"):
        return {}
    at = topic.get("fault_at")
    if at and turn.now - datetime.fromisoformat(at) > RECENT:
        return {}
    return dict(topic)


_SUFFIX = {
    "do_not_drive_far": "grave",
    "ok_to_drive": "mild",
    UNCLEAR: UNCLEAR,
    "stop_now": "stop_now",
}


def _answer(
    turn: Turn,
    asked: str,
    level: str,
    hotline: str,
    danger: Danger,
    told: dict[str, Any],
) -> Events:
    """Yes or no first, by the gravest that was told; then what to do where the customer is."""
    if asked == "drive" and level != "stop_now" and in_the_dark(turn.text, str(told.get("fault"))):
        turn.tell(
            turn.either(
                "灯修好之前，夜里和雨雾天不要开；白天可以慢慢开来检查。",
                "No, not at night, in rain or in fog with a lamp out. By day you can drive it "
                "gently to have it seen to.",
            ),
            buttons=_buttons(turn, level),
        )
        return [_topic(turn)]
    where = {"motorway": "motorway", "stopped": "stopped"}.get(asked)
    if asked == "drive" and level == "stop_now" and on_motorway(turn.text):
        where = "motorway"
    if asked in ("drive", "dangerous", "moving"):
        subject = "dangerous" if asked == "dangerous" else "may_drive"
        turn.say(
            f"utter_{subject}_{_SUFFIX[level]}",
            hotline=hotline,
            buttons=None if where else _buttons(turn, level),
        )
    if where:
        turn.say(f"utter_{where}_{_SUFFIX[level]}", hotline=hotline, buttons=_buttons(turn, level))
    _keep(turn, level, danger, told)
    triage.touch(turn)
    return [_topic(turn)]


def _first_steps(
    turn: Turn, danger: Danger, told: dict[str, Any], finding: Finding | None = None
) -> str:
    kind = danger.kind if danger.level == "stop_now" else told.get("fault_kind")
    steps = turn.either(*WHAT_TO_DO.get(str(kind), GENERAL))
    advice = finding.advice if finding is not None and finding.verdict == "stop" else None
    if advice is not None and danger.level != "stop_now" and told.get("danger") != "stop_now":
        steps = str(turn.either(advice.text_zh, advice.text_en))
    if question(turn.text) == "drive":
        steps = turn.either("不能开。", "No, don't drive it. ") + steps
    if danger.level == "stop_now" or told.get("danger") != "stop_now":
        return steps
    # A lesser fault after a grave one: the grave one decides.
    return turn.either("前面说的情况还在，", "What you told me before comes first. ") + steps


def _buttons(turn: Turn, level: str) -> list[Button]:
    book = wording.button(
        turn.either("预约检查", "Book a check"), f'/book_maintenance{{"start_with": "{DIAGNOSIS}"}}'
    )
    tow = wording.button(
        turn.either("叫道路救援", "Roadside help"), f'/report_fault{{"start_with": "{ROADSIDE}"}}'
    )
    person = wording.button(turn.either("找人工", "Talk to a person"), "/human_handoff")
    return [book, tow, person] if level in ("stop_now", "do_not_drive_far") else [book, person]


def _keep(turn: Turn, level: str, danger: Danger, told: dict[str, Any]) -> dict[str, Any]:
    """Keeps the story as it grows and the gravest level; a bare yes books the check."""
    story = str(told.get("fault") or "")
    fits = danger.level or trouble_code.read(turn.text)
    if not turn.pressed and turn.text not in story and (not story or fits):
        story = f"{story}\n{turn.text}".strip()
    graver = level != told.get("danger")
    kind = danger.kind if graver or danger.level == level else told.get("fault_kind")
    return remember(
        turn,
        fault=story[:LONGEST_STORY],
        fault_at=turn.now.isoformat(),
        fault_kind=kind or told.get("fault_kind"),
        service_car=turn.first("model") or told.get("service_car"),
        danger=level,
        ask="",
        offer=OFFER,
    )

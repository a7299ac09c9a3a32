"""A fault or symptom: safety first, then a visit to find the cause.

How grave it is stays with the conversation: "还能开吗" or "I'm on the highway" afterwards is
answered by it, and nothing that is said later makes it less grave.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.conversations.promises import DANGER
from backend.workshop.safety import Danger, assess, is_urgent
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.context import Button, Turn
from bot.actions.fault_questions import on_motorway, question, what_now
from bot.actions.handover import hand_over
from bot.actions.service_menu import DIAGNOSIS

__all__ = ["about_fault", "fault", "is_urgent", "reported"]

RECENT = timedelta(hours=24)
"""After this a question is not taken to be about the fault any more."""

LONGEST_STORY = 500
PASSING = frozenset({"inform", "affirm", "deny", "nlu_fallback", "ask_config", "chitchat"})
"""What a remark on the state of the car is taken for."""
UNCLEAR = "unclear"
"""The level of a symptom whose words do not tell how grave it is."""
RANKS = ("ok_to_drive", UNCLEAR, "do_not_drive_far", "stop_now")
OFFER = "book_diagnosis"
"""What a bare yes is to, after a fault."""

WHAT_TO_DO = {
    "brakes": (
        "先别开了。正在行驶的话松开油门，挂低挡减速，拉住电子手刹缓慢停下，打开双闪。停稳后不要再启动。",
        "Stop driving. If you are moving: off the accelerator, a low gear, hold the parking brake "
        "switch to slow down, hazard lights on. Once stopped, leave the car where it is.",
    ),
    "steering": (
        "先别开了。握稳方向盘慢慢减速，靠边停稳并打开双闪，停下后不要再启动。",
        "Stop driving. Hold the wheel firmly, slow down gently, pull over with the hazard lights "
        "on, and leave the car where it is.",
    ),
    "fire": (
        "马上停车熄火，所有人离开车辆，到几十米外的上风处，不要开引擎盖，附近不要有明火。"
        "看到明火先拨 119。",
        "Stop, switch the car off and get everyone well away from it, upwind. Do not open the "
        "bonnet and keep flames away. If you see fire, call 119 first.",
    ),
    "battery": (
        "马上停车断电，所有人下车并远离车辆，不要触碰高压部件，不要充电。冒烟或起火先拨 119。",
        "Stop, switch the car off and get everyone well away from it. Touch nothing of the "
        "high-voltage system and do not charge. If there is smoke or fire, call 119 first.",
    ),
    "overheating": (
        "马上找安全的地方停车熄火。水箱盖现在不能打开，会喷出开水，也不要再启动。",
        "Pull over where it is safe and switch the engine off. Do not open the radiator cap, it is "
        "scalding, and do not start the engine again.",
    ),
    "crash": (
        "先确认人有没有受伤：有人受伤拨 120，并拨 122 报警。打开双闪，人撤到护栏外或路边安全处。",
        "First make sure nobody is hurt: for injuries call 120, and 122 for the police. Hazard "
        "lights on, and everyone off the road, behind the barrier.",
    ),
    "tyre": (
        "别再开了。正在行驶的话握稳方向盘，不要急刹，慢慢靠边停下，打开双闪。",
        "Do not drive on. If you are moving: hold the wheel firmly, no hard braking, roll to the "
        "side, hazard lights on.",
    ),
    "trapped": (
        "车里有人出不来，现在就拨 119 或 110。车内升温很快，人有不适又等不到救援，"
        "就敲碎离人最远的车窗。",
        "With someone shut in the car, call 119 or 110 now. A closed car heats up fast: if they "
        "are unwell and help is not there, break the window furthest from them.",
    ),
}
"""First steps by kind of danger; the others get the general ones."""
GENERAL = (
    "先别开了。尽快靠边停车，打开双闪，人离开车辆到安全处，停下后不要再启动。",
    "Stop driving. Pull over as soon as you can, hazard lights on, get everyone to a safe place "
    "and do not start the car again.",
)


@answers("report_fault")
async def fault(turn: Turn, session: AsyncSession) -> Events:
    """What may be dangerous gets the instruction and the hotline before anything else."""
    told = _told(turn)
    danger = assess(turn.text, str(told.get("fault") or ""))
    level = _gravest(told, danger, report=True)
    place = await dealership(session)
    if level == "stop_now":
        turn.say("utter_danger", advice=_first_steps(turn, danger, told), hotline=place.hotline)
    elif question(turn.text) in ("drive", "dangerous"):
        return _answer(turn, str(question(turn.text)), level, place.hotline, danger, told)
    else:
        turn.say(_BY_LEVEL[level], hotline=place.hotline)
    if danger.level == "stop_now" and on_motorway(turn.text):
        turn.say("utter_motorway_stop_now", hotline=place.hotline)
    if level == "stop_now" and danger.certain:
        # What to do comes first, and the hotline, which answers at all hours.
        await hand_over(turn, session, kind=DANGER)
    elif level == "stop_now" and (told.get("danger") != level or danger.level == level):
        await ask_colleague(turn, session, kind="follow_up")
    turn.say("utter_offer_diagnosis", buttons=_buttons(turn))
    return [_keep(turn, level, danger, told)]


_BY_LEVEL = {
    "do_not_drive_far": "utter_fault_grave",
    "ok_to_drive": "utter_fault_mild",
    UNCLEAR: "utter_fault",
}


def _gravest(told: dict[str, Any], danger: Danger, report: bool) -> str:
    """The level that holds from now on; a symptom that says nothing is no all-clear."""
    before = told.get("danger")
    now = danger.level or (UNCLEAR if report or before is None else before)
    return max(now, before or now, key=RANKS.index)


async def about_fault(turn: Turn, session: AsyncSession) -> Events | None:
    """The answer to a question about the fault that was reported before, or to an emergency that
    came under another intent; None when the message is about something else.
    """
    if turn.pressed:
        return None
    if is_urgent(turn.text):
        return await fault(turn, session)
    told = _told(turn)
    if not told:
        return None
    danger = assess(turn.text, str(told["fault"]))
    level = _gravest(told, danger, report=False)
    asked = question(turn.text)
    if asked is None and told.get("offer") == OFFER and what_now(turn.text):
        asked = "drive"
    if asked is None and level != told.get("danger") and danger.level:
        # It got worse, whatever the message is taken for.
        return await fault(turn, session) if turn.intent in PASSING else None
    if asked is None or (asked != "drive" and turn.found("feature")):
        return None
    if turn.intent == "report_fault" and danger.level and danger.kind != told.get("fault_kind"):
        # Something else is wrong too: heard as a report, never less grave than before.
        return None
    place = await dealership(session)
    return _answer(turn, asked, level, place.hotline, danger, told)


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
    where = {"motorway": "motorway", "stopped": "stopped"}.get(asked)
    if asked == "drive" and level == "stop_now" and on_motorway(turn.text):
        where = "motorway"
    if asked in ("drive", "dangerous", "moving"):
        subject = "dangerous" if asked == "dangerous" else "may_drive"
        turn.say(
            f"utter_{subject}_{_SUFFIX[level]}",
            hotline=hotline,
            buttons=None if where else _buttons(turn),
        )
    if where:
        turn.say(f"utter_{where}_{_SUFFIX[level]}", hotline=hotline, buttons=_buttons(turn))
    return [_keep(turn, level, danger, told)]


def _first_steps(turn: Turn, danger: Danger, told: dict[str, Any]) -> str:
    kind = danger.kind if danger.level == "stop_now" else told.get("fault_kind")
    steps = turn.either(*WHAT_TO_DO.get(str(kind), GENERAL))
    if question(turn.text) == "drive":
        steps = turn.either("不能开。", "No, don't drive it. ") + steps
    if danger.level == "stop_now" or told.get("danger") != "stop_now":
        return steps
    # A lesser fault after a grave one: the grave one decides.
    return turn.either("前面说的情况还在，", "What you told me before comes first. ") + steps


def _buttons(turn: Turn) -> list[Button]:
    return [
        wording.button(
            turn.either("预约检查", "Book a check"),
            f'/book_maintenance{{"start_with": "{DIAGNOSIS}"}}',
        ),
        wording.button(turn.either("找人工", "Talk to a person"), "/human_handoff"),
    ]


def _keep(turn: Turn, level: str, danger: Danger, told: dict[str, Any]) -> dict[str, Any]:
    """Keeps the story as it grows and the gravest level; a bare yes books the check."""
    story = str(told.get("fault") or "")
    if turn.text not in story and (not story or danger.level):
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

"""Help where the car stands: on record with its number at once, then the place, then the phone.

The hotline is told before anything is asked: it answers at all hours, and nobody should wait for a
chat. Whatever is left open, the request stands and staff have their task.
"""

import re
from typing import Any

from rasa_sdk.events import ActionExecutionRejected, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.diagnosis import roadside
from backend.models import Conversation
from bot.actions.answers import ANSWERS
from bot.actions.base import Events, JourneyAction, shown_text
from bot.actions.context import CONFIDENT, Turn
from bot.actions.faults import is_urgent, reported
from bot.actions.form_turns import LEFT, came_back, opens
from bot.actions.forms import LEAVING, QUESTIONS
from bot.actions.handover import in_line
from bot.actions.resuming import closed
from bot.actions.test_drive import shown_phone

FORM = "roadside_form"
SLOTS = ("roadside_place", "roadside_phone", "roadside_id", "roadside_number")
NO_PHONE = "none"
SHORTEST = 2
LONGEST_PLACE = 300

PART_OF_IT = frozenset({"report_fault", "ask_location", "order_status", "recommend_model"})
"""What a place or a detail of the fault may be taken for."""
_DECLINES = re.compile(r"不用|不留|不方便|不想|没有|\b(?:no|skip|rather not|don't)\b", re.I)
_CALLS_OFF = re.compile(
    r"(?:取消|不用|不需要|不要|撤销)(?:了)?.{0,4}(?:救援|拖车)"
    r"|(?:救援|拖车).{0,4}(?:取消|不用|不需要|不要)"
    r"|\b(?:cancel|don'?t need|no longer need|call off)\b.{0,20}\b(?:tow|help|roadside|recovery)",
    re.I,
)
_PLACE_CUE = re.compile(
    r"(?:我|车|人|现在|目前)?(?:停在|困在|坏在|抛锚在|位于|就在|在|地址是?|位置是?)"
    r"(?P<zh>[^，。,.;；!！?？]{2,60})"
    r"|\b(?:i'?m|i am|we'?re|we are|it'?s|car is|stuck|parked|stopped|broken down|stranded)?\s?"
    r"\b(?P<en>(?:on|at|near|in|outside|opposite) (?:the )?[^,.;!?]{4,60})",
    re.I,
)
_PLACE_NOUN = re.compile(
    r"路|街|道|高速|高架|桥|隧道|服务区|出口|入口|匝道|停车场|车库|小区|广场|商场|公司|医院|学校"
    r"|加油站|充电站|附近|旁边|门口|公里处|[省市区县镇村]|号|国道|收费站"
    r"|\b(?:road|street|avenue|highway|motorway|freeway|exit|junction|bridge|tunnel|parking"
    r"|car park|garage|station|mall|hospital|school|services|km|mile|lane|square|gate|opposite"
    r"|near|m\d+|a\d+)\b",
    re.I,
)


def place_in(text: str) -> str:
    """The place that a message names beside other things; empty without one."""
    for found in _PLACE_CUE.finditer(text):
        words = (found["zh"] or found["en"] or "").strip()
        if words and _PLACE_NOUN.search(words):
            return words[:LONGEST_PLACE]
    return ""


def names_place(text: str) -> bool:
    return bool(_PLACE_NOUN.search(text))


def _before_phone(turn: Turn) -> str:
    """沪杭高速嘉兴服务区附近 电话138…: the place without what follows it."""
    start = min(
        (int(e.get("start") or 0) for e in turn.entities if e["entity"] == "phone"), default=0
    )
    words = re.sub(
        r"(?:我的)?(?:电话|手机|号码|phone|tel|number)\W*$", "", turn.text[:start].strip()
    )
    words = words.strip(" ，,。.；;")
    return words[:LONGEST_PLACE] if names_place(words) else ""


class ValidateRoadside(JourneyAction):
    """Records the request as soon as the form opens; nothing that follows can lose it."""

    action = "validate_roadside_form"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if opens(turn, FORM):
            return await self._request(turn, session)
        if came_back(turn, FORM):
            return [SlotSet("asked", None)]
        waits = await in_line(turn, session)
        if waits is not None:
            return [*waits, SlotSet("asked", None)]
        if turn.resumed:
            # A person has seen to it since: nothing more is asked.
            return [*(SlotSet(slot, None) for slot in SLOTS), *closed(FORM)]
        if _CALLS_OFF.search(turn.text):
            return await self._call_off(turn, session)
        if not turn.pressed and is_urgent(turn.text):
            # The instruction comes first, and the request stays.
            await ANSWERS["report_fault"](turn, session)
        if turn.intent == "human_handoff":
            return [ActionExecutionRejected(FORM)]
        if turn.slot("requested_slot") == "roadside_phone":
            return await self._phone(turn, session)
        return await self._place(turn, session)

    async def _request(self, turn: Turn, session: AsyncSession) -> Events:
        topic = turn.slot("topic") or {}
        said = "" if turn.pressed else turn.text
        story = str(topic.get("fault") or "") if reported(turn) else ""
        text = "\n".join(dict.fromkeys(part for part in (story, said) if part))
        hotline = (await dealership(session)).hotline
        known = await session.get(Conversation, turn.conversation_id)
        if known is None:
            turn.say("utter_roadside_hotline", hotline=hotline)
            return [SlotSet("roadside_place", NO_PHONE), SlotSet("roadside_phone", NO_PHONE)]
        phone = turn.first("phone")
        number = phone["number"] if phone and phone.get("valid") else turn.slot("customer_phone")
        requested = await roadside.request_help(
            session,
            turn.now,
            text=text or await shown_text(turn, session),
            conversation_id=turn.conversation_id,
            message_id=turn.message_id,
            action="roadside",
            diagnosis_id=topic.get("diagnosis"),
            phone=number,
            name=turn.slot("customer_name"),
        )
        request = requested.request
        place = place_in(said) or ("" if turn.pressed else _before_phone(turn)) or place_in(story)
        if place and not request.place:
            await roadside.add(session, turn.now, request.id, place=place)
        turn.say(
            "utter_roadside_stands" if requested.already else "utter_roadside_requested",
            number=request.number,
            hotline=hotline,
        )
        return [
            SlotSet("roadside_id", request.id),
            SlotSet("roadside_number", request.number),
            SlotSet("roadside_place", request.place or None),
            SlotSet("roadside_phone", request.phone),
            SlotSet("asked", None),
            SlotSet("form_failures", 0),
        ]

    async def _place(self, turn: Turn, session: AsyncSession) -> Events:
        place = place_in(turn.text) or turn.text.strip()
        aside = turn.intent in (QUESTIONS | LEAVING) - PART_OF_IT
        if aside and turn.confidence >= CONFIDENT and not _PLACE_NOUN.search(turn.text):
            return [ActionExecutionRejected(FORM)]
        events = await self._take_phone(turn, session)
        bare = re.sub(r"[\d\s+-]", "", turn.text)
        if turn.pressed or len(bare) < SHORTEST or turn.intent in ("affirm", "deny"):
            if not events:
                turn.say("utter_explain_roadside_place")
                events = [SlotSet("asked", "roadside_place")]
            return events
        await roadside.add(session, turn.now, _id(turn), place=place[:LONGEST_PLACE])
        return [*events, SlotSet("roadside_place", place[:LONGEST_PLACE]), SlotSet("asked", None)]

    async def _phone(self, turn: Turn, session: AsyncSession) -> Events:
        events = await self._take_phone(turn, session)
        if events:
            return events
        if turn.intent in ("deny", "stop") or _DECLINES.search(turn.text):
            return [SlotSet("roadside_phone", NO_PHONE)]
        if turn.intent in (QUESTIONS | LEAVING) - PART_OF_IT and turn.confidence >= CONFIDENT:
            return [ActionExecutionRejected(FORM)]
        if _PLACE_NOUN.search(turn.text):
            # A better description of the place.
            place = f"{turn.slot('roadside_place') or ''} {turn.text.strip()}".strip()
            await roadside.add(session, turn.now, _id(turn), place=place[:LONGEST_PLACE])
            return [SlotSet("roadside_place", place[:LONGEST_PLACE]), SlotSet("asked", None)]
        turn.say("utter_explain_roadside_phone")
        return [SlotSet("asked", "roadside_phone")]

    async def _take_phone(self, turn: Turn, session: AsyncSession) -> Events:
        person = turn.first("person")
        for phone in turn.found("phone"):
            if not phone.get("valid"):
                turn.say("utter_phone_invalid")
                return [SlotSet("asked", "roadside_phone")]
            await roadside.add(
                session,
                turn.now,
                _id(turn),
                phone=phone["number"],
                name=person["name"] if person else None,
            )
            return [
                SlotSet("roadside_phone", phone["number"]),
                SlotSet("customer_phone", phone["number"]),
                SlotSet("asked", None),
            ]
        return []

    async def _call_off(self, turn: Turn, session: AsyncSession) -> Events:
        called_off = await call_off(turn, session) or []
        return [*called_off, *LEFT]

    def failed(self, turn: Turn) -> Events:
        return [SlotSet("form_failures", 0)]


async def call_off(turn: Turn, session: AsyncSession) -> Events | None:
    """Calls off the request for help that stands, when the message says so; None otherwise."""
    if turn.pressed or not _CALLS_OFF.search(turn.text):
        return None
    request = await roadside.cancel(session, turn.now, turn.conversation_id)
    if request is None:
        return None
    turn.say("utter_roadside_cancelled", number=request.number)
    return [SlotSet(slot, None) for slot in SLOTS]


def _id(turn: Turn) -> int:
    return int(turn.slot("roadside_id"))


class AskRoadsidePlace(JourneyAction):
    action = "action_ask_roadside_place"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if turn.slot("asked") != "roadside_place":
            turn.say("utter_ask_roadside_place")
        return []


class AskRoadsidePhone(JourneyAction):
    action = "action_ask_roadside_phone"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if turn.slot("asked") != "roadside_phone":
            turn.say("utter_ask_roadside_phone")
        return []


class SubmitRoadside(JourneyAction):
    """Says what is on record; what was told along the way is stored already."""

    action = "action_submit_roadside"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        done: list[Any] = [SlotSet(slot, None) for slot in SLOTS]
        if not turn.slot("roadside_id"):
            return done
        phone = turn.slot("roadside_phone")
        turn.say(
            "utter_roadside_done" if phone != NO_PHONE else "utter_roadside_done_without_phone",
            number=turn.slot("roadside_number"),
            place=turn.slot("roadside_place"),
            phone=shown_phone(phone) if phone != NO_PHONE else "",
            hotline=(await dealership(session)).hotline,
        )
        return done

"""A complaint: logged at the first real word of it, numbered at once, contact afterwards."""

import re
from typing import Any

from rasa_sdk.events import ActionExecutionRejected, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import service as complaints
from backend.complaints import story
from backend.complaints.similar import same_matter
from backend.complaints.thread import events as happened
from backend.models import Complaint, Conversation
from bot.actions.answers import ANSWERS, answer_as
from bot.actions.base import Events, JourneyAction
from bot.actions.complaint_replies import about_complaint, ask_same, picture, say_lodged, withdraw
from bot.actions.complaint_words import waits, withdraws
from bot.actions.context import CONFIDENT, Turn
from bot.actions.faults import is_urgent
from bot.actions.form_turns import LEFT, came_back, opens
from bot.actions.forms import LEAVING, QUESTIONS
from bot.actions.handover import calm, in_line
from bot.actions.line_words import asks_about_line
from bot.actions.reading import LEAST_DIGITS
from bot.actions.resuming import closed

FORM = "complaint_form"
SLOTS = ("complaint_text", "complaint_number", "complaint_id", "complaint_contact")
NO_CONTACT = "none"

# "我要投诉" alone says that there is a complaint, not what it is about.
_BARE = re.compile(
    r"^(?:你好|您好)?\s?(?:我|俺)?(?:想|要|得|必须|需要|准备|来)*(?:投诉|举报|抱怨|提意见)"
    r"(?:一下)?(?:你们|你们店|你们的服务)?的?$"
    r"|^(?:hi |hello )?(?:i ?)?(?:would like|want|need|wish|have|'d like)?\s?(?:to)?\s?"
    r"(?:make|file|lodge|log|raise|submit)?\s?(?:a |my )?\s?(?:formal )?complaint?s?"
    r"(?: please)?$",
    re.I,
)
_PUNCTUATION = re.compile(r"[\s,.!?;:，。！？；：、~～…]+")
_DECLINES = re.compile(
    r"不用|不留|不需要|算了|不方便|不想|\b(?:no|skip|rather not|don't)\b"
    r"|\b(?:that'?s (?:it|all)|just file it|nothing else)\b",
    re.I,
)
_WHAT_NEXT = re.compile(
    r"\bwhat (?:happens|comes|is) (?:now|next|then)\b|\bwhat'?s next\b|\bwhat now\b"
    r"|接下来(?:呢|怎么)|然后呢|下一步",
    re.I,
)
SHORTEST = 4
STORIES = frozenset({"complaint", "feedback"})
"""What is told while a complaint is taken down belongs to it, however kindly it is said."""


_AT_THE_BOT = re.compile(
    r"^\W*(?:(?:you(?:'?re| are|r)?(?! (?:all|lot|people|guys|both|folks))|u(?: r)?|ur"
    r"|(?:this|what an?|stupid|useless|dumb)"
    r" (?:\w+ )?(?:bot|robot|chat\w*|machine|assistant|thing))\b"
    r"|你(?:这|是|个|真)|这(?:机器人|客服|破))",
    re.I,
)
_OF_THE_HOUSE = re.compile(
    r"\b(?:crook\w*|scam\w*|liars?|lied|lying|thie\w*|cheat\w*|fraud\w*|rip\w*)\b"
    r"|\b(?:car|service|workshop|mechanic|sales\w*|staff|manager|repair\w*|fix\w*|money|refund|charged?"
    r"|paid|price|delivery|deposit|promise\w*|week|day|month|hour)s?\b"
    r"|车|店|修|保养|钱|销售|师傅|经理|退|天|周|月|等了|答应",
    re.I,
)
MOST_OF_AN_INSULT = 60
"""Characters; who writes more tells something."""


def _insults_only(turn: Turn) -> bool:
    """Whether it is an insult to the assistant and tells of nothing that could be put right."""
    short = not turn.pressed and len(turn.text) <= MOST_OF_AN_INSULT
    told = _OF_THE_HOUSE.search(turn.text)
    return short and bool(_AT_THE_BOT.match(turn.text)) and not told


def tells_a_story(text: str) -> bool:
    """Whether a message says what the complaint is about."""
    plain = _PUNCTUATION.sub(" ", text).strip()
    return len(plain) >= SHORTEST and not _BARE.match(plain) and not text.startswith("/")


class ValidateComplaint(JourneyAction):
    """Logs the complaint as soon as there is one; nothing that follows can lose it."""

    action = "validate_complaint_form"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if came_back(turn, FORM):
            return []
        if not opens(turn, FORM):
            stands = await in_line(turn, session)
            if stands is not None:
                await self._keep(turn, session)
                return [*stands, SlotSet("asked", None)]
            if turn.resumed:
                # A person has seen to it since: nothing more is asked, nothing is taken for more.
                return [*(SlotSet(slot, None) for slot in SLOTS), *closed(FORM)]
        if not turn.pressed and is_urgent(turn.text):
            # The instruction comes before the complaint, and does not replace it.
            await ANSWERS["report_fault"](turn, session)
        starting = opens(turn, FORM)
        if starting and _insults_only(turn):
            calmed = await calm(turn, session)
            if calmed is not None:
                return [*calmed, *LEFT]
        if starting:
            about = await about_complaint(turn, session)
            if about is not None:
                return [*about, *LEFT]
        elif turn.intent == "send_picture":
            return await self._picture(turn, session)
        requested = None if starting else turn.slot("requested_slot")
        if requested == "complaint_contact":
            return await self._contact(turn, session)
        leaves = turn.intent in (QUESTIONS | LEAVING) - STORIES - {"report_fault"}
        if not starting and leaves and turn.confidence >= CONFIDENT:
            return [ActionExecutionRejected(FORM)]
        if starting and not tells_a_story(turn.text):
            return [SlotSet("asked", None)]
        if len(turn.text.strip()) < SHORTEST or turn.pressed:
            turn.say("utter_explain_complaint_text")
            return [SlotSet("form_failures", 0)]
        before = await complaints.open_in(session, turn.conversation_id)
        if before is not None and before.source_message_id != turn.message_id:
            told = [one.text for one in await happened(session, before.id) if one.kind == "added"]
            if same_matter(turn.text, " ".join([before.text, *told])):
                added = await story.add(
                    session, turn.now, before.id, turn.text, message_id=turn.message_id,
                    conversation_id=turn.conversation_id, unsure=True,
                )  # fmt: skip
                return [*ask_same(turn, before, added.id), *LEFT]
        return await self._lodge(turn, session)

    async def _keep(self, turn: Turn, session: AsyncSession) -> None:
        """What is told of the matter while a person is awaited stands in the complaint, too."""
        tells = tells_a_story(turn.text) and not asks_about_line(turn.text)
        if not turn.slot("complaint_id") or not tells or waits(turn.text):
            return
        await story.add(
            session, turn.now, int(turn.slot("complaint_id")), turn.text,
            message_id=turn.message_id, conversation_id=turn.conversation_id,
        )  # fmt: skip

    async def _picture(self, turn: Turn, session: AsyncSession) -> Events:
        if await picture(turn, session) is None:
            # It is attached as soon as there is something to attach it to.
            turn.say("utter_complaint_picture_first")
        return [SlotSet("form_failures", 0)]

    async def _lodge(self, turn: Turn, session: AsyncSession) -> Events:
        known = turn.slot("customer_phone")
        lodged = await complaints.lodge(
            session,
            turn.now,
            turn.text,
            conversation_id=await _stored(turn, session),
            message_id=turn.message_id,
            action="complaint",
            phone=known,
            name=turn.slot("customer_name"),
        )
        complaint = lodged.complaint
        await story.add_earlier_pictures(session, turn.now, complaint.id)
        say_lodged(turn, lodged)
        return [
            SlotSet("complaint_text", turn.text),
            SlotSet("complaint_id", complaint.id),
            SlotSet("complaint_number", complaint.number),
            SlotSet("complaint_contact", known),
        ]

    async def _contact(self, turn: Turn, session: AsyncSession) -> Events:
        complaint_id = int(turn.slot("complaint_id"))
        if not turn.pressed and withdraws(turn.text):
            complaint = await session.get_one(Complaint, complaint_id)
            cleared = [SlotSet(slot, None) for slot in SLOTS]
            return [*await withdraw(turn, session, complaint), *cleared, *LEFT]
        person = turn.first("person")
        for phone in turn.found("phone"):
            if not phone.get("valid"):
                turn.say("utter_phone_invalid")
                return [SlotSet("form_failures", 0)]
            await complaints.attach_contact(
                session,
                turn.now,
                complaint_id,
                phone["number"],
                person["name"] if person else None,
            )
            return [
                SlotSet("complaint_contact", phone["number"]),
                SlotSet("customer_phone", phone["number"]),
            ]
        digits = sum(character.isdigit() for character in turn.text)
        if not turn.pressed and digits >= LEAST_DIGITS and digits * 2 > len(turn.text):
            # Nearly nothing but digits, and no number to call: one was mistyped.
            turn.say("utter_phone_invalid")
            return [SlotSet("form_failures", 0)]
        if not turn.pressed and (_WHAT_NEXT.search(turn.text) or waits(turn.text)):
            # Asked of the complaint that was just made: no part of its story.
            return [*await answer_as("complaint_status", turn, session), SlotSet("asked", None)]
        if turn.intent == "human_handoff":
            return [ActionExecutionRejected(FORM)]
        if turn.intent in ("deny", "stop") or _DECLINES.search(turn.text):
            return [SlotSet("complaint_contact", NO_CONTACT)]
        if turn.intent in (QUESTIONS | LEAVING) - STORIES:
            return [ActionExecutionRejected(FORM)]
        # More of the story: it belongs to the same complaint.
        await story.add(
            session, turn.now, complaint_id, turn.text, message_id=turn.message_id,
            conversation_id=turn.conversation_id,
        )  # fmt: skip
        turn.say("utter_complaint_more_noted", number=turn.slot("complaint_number"))
        return [SlotSet("form_failures", 0)]

    def failed(self, turn: Turn) -> Events:
        return [SlotSet("form_failures", 0)]


async def _stored(turn: Turn, session: AsyncSession) -> str | None:
    known: Any = await session.get(Conversation, turn.conversation_id)
    return turn.conversation_id if known is not None else None


class SubmitComplaint(JourneyAction):
    action = "action_submit_complaint"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if not turn.slot("complaint_number"):
            # The form was left without a complaint of its own.
            return []
        contact = turn.slot("complaint_contact")
        response = "utter_complaint_done" if contact == NO_CONTACT else "utter_complaint_call_back"
        turn.say(response, number=turn.slot("complaint_number"))
        return [SlotSet(slot, None) for slot in SLOTS]

"""The other wish in a message: customers write two at once.

The classifier names one intent and, where the message has several clauses, what the others want
(`bot.nlu.second_look`). A message without a mark between its wishes is one clause: there a few
unmistakable words tell. What is found is only ever answered or begun in addition.
"""

import re
from dataclasses import dataclass
from typing import Any

from bot.actions.context import CONFIDENT, Turn
from bot.actions.visit_words import books_a_car

_QUESTIONS = (
    ("ask_onroad_price", r"落地|全款下来|办下来|on.?the.?road|on.?road|drive.?away|out.the.door"),
    ("ask_finance", r"贷款|月供|分期|按揭|首付|monthly|financ|loan|instal"),
    ("ask_promotion", r"优惠|活动|折扣|discount|promotion|special offer"),
    ("ask_price", r"多少钱|什么价|啥价|价格|价位|how much|price"),
    ("ask_purchase_process", r"带什么|带哪些|什么证件|哪些证件|what (?:do|should) i bring"),
)
ASKED_BESIDES = frozenset(
    {
        "ask_onroad_price", "ask_finance", "ask_promotion", "ask_price", "ask_config", "ask_hours",
        "ask_location", "ask_warranty", "insurance", "trade_in", "ask_purchase_process",
        "ask_maintenance_price", "order_status",
    }
)  # fmt: skip
"""Questions that are answered beside a booking."""
QUESTIONS = tuple((intent, re.compile(pattern, re.I)) for intent, pattern in _QUESTIONS)
_DRIVE = re.compile(
    r"试驾|试乘|试开|试一下车|test.?drive|try (?:it|the car)|drive it|like to drive", re.I
)
_VISIT = re.compile(r"预约|约个|约一下|约在|\b(?:book|appointment)\b", re.I)
_ASKS = re.compile(
    r"[?？吗呢么]|多少|几钱|怎|什么|啥|多久|\b(?:what|how|which|when|why|does|do|is|can|much)\b",
    re.I,
)
BESIDES = frozenset({"repeat", "privacy", "complaint_status", "feedback", "ask_usage"})
"""Intents of messages that book nothing, whatever they name: "试驾体验很好", "昨天保养很快"."""
DRIVE_FORM = "test_drive_form"
VISIT_FORM = "maintenance_form"


_HAVING = re.compile(
    r"有没有|有无|(?:有|带|配|支持).{0,10}[吗么？?]"
    r"|\b(?:does|do) (?:it|they|this|that)\b.{0,6}\bhave\b"
    r"|\bis there\b|\bcome with\b",
    re.I,
)
_COSTING = re.compile(
    r"多少钱|什么价|啥价|价格(?:是)?(?:多少|怎样|呢)|\bhow much (?:is|does|are|do)\b", re.I
)


def asked_in_passing(turn: Turn) -> list[str]:
    """Further questions about the car itself in a message of one clause: 多少钱有没有天窗. What an
    option costs is one question."""
    if turn.pressed or turn.wishes or turn.tracker.active_loop_name:
        return []
    having, costing = _HAVING.search(turn.text), _COSTING.search(turn.text)
    if not (having and costing and turn.found("feature")):
        return []
    # "天窗要多少钱" asks what it costs; "有天窗吗多少钱" asks for both.
    if turn.intent in ("ask_price", "ask_promotion", "ask_finance", "ask_onroad_price"):
        return ["ask_config"]
    return ["ask_price"] if turn.intent == "ask_config" else []


_CHOOSING = frozenset({"recommend_model", "ask_models"})
_OF_A_STORY = frozenset({"ask_purchase_process", "order_status", "ask_config", "ask_models"})


def tells_only(turn: Turn, wish: str) -> bool:
    """Whether the clause that was taken for a wish beside a recommendation asks nothing: of "I'd
    like to buy a car, which one do you recommend" the first half is no question about buying."""
    if turn.intent not in _CHOOSING or wish not in _OF_A_STORY:
        return False
    entries: list[dict[str, Any]] = (turn.tracker.latest_message or {}).get("wishes") or []
    entry: dict[str, Any] = next((e for e in entries if e.get("intent") == wish), {})
    clause = turn.text[entry.get("start") or 0 : entry.get("end") or len(turn.text)]
    return not _ASKS.search(clause)


def also_asks(turn: Turn, form: str) -> str | None:
    """The question in a message that is taken as (part of) a booking."""
    if turn.pressed or answered_already(turn):
        return None
    intent = next((wish for wish in turn.wishes if wish in ASKED_BESIDES), None) or next(
        (intent for intent, pattern in QUESTIONS if pattern.search(turn.text)), None
    )
    if intent in ("ask_price", "ask_maintenance_price") and form == VISIT_FORM:
        # The form tells the price of a visit by itself; again when asked for again.
        return "ask_maintenance_price" if turn.slot("service_told") else None
    return intent


def answered_already(turn: Turn) -> bool:
    """Whether the question of this message was answered before the form was opened."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") == "action_answer":
            return True
    return False


@dataclass(frozen=True)
class Switch:
    """Another booking that a message inside a form asks for: instead of the open one, or in
    addition to it."""

    form: str
    instead: bool


_SERVICE = re.compile(r"保养|维修|修车|\b(?:service|maintenance|repair)\b", re.I)
_ALSO = re.compile(
    r"顺便|另外|还要|还想|再约|也约|同时|\b(?:also|too|as well|another|plus)\b", re.I
)
_INSTEAD = re.compile(r"算了|还是|不试|不要|改成|换成|\b(?:instead|actually|rather|no)\b", re.I)


def other_journey(turn: Turn, form: str) -> Switch | None:
    """Whether a message inside one booking form is about the other kind of booking.

    A mere mention is not enough: it has to be asked for in addition, or instead.
    """
    if turn.pressed or turn.tracker.active_loop_name != form:
        return None
    if turn.intent in BESIDES and turn.confidence >= CONFIDENT:
        return None
    if form == DRIVE_FORM:
        named = bool(_SERVICE.search(turn.text) or turn.found("service_item"))
        target = VISIT_FORM
    else:
        named = bool(_DRIVE.search(turn.text))
        target = DRIVE_FORM
    if not named:
        return None
    if _ALSO.search(turn.text):
        return Switch(target, instead=False)
    return Switch(target, instead=True) if _INSTEAD.search(turn.text) else None


def also_books(turn: Turn) -> str | None:
    """The form that a message taken as a question also wants opened."""
    if turn.pressed or turn.tracker.active_loop_name or turn.intent in {"manage_booking", *BESIDES}:
        # "试驾取消吧" names the booking that stands.
        return None
    if "book_test_drive" in turn.wishes:
        return DRIVE_FORM
    if "book_maintenance" in turn.wishes:
        return VISIT_FORM
    if turn.intent != "ask_config" and _DRIVE.search(turn.text):
        return DRIVE_FORM
    time, phone = turn.first("time"), turn.first("phone")
    when = isinstance(time, dict) and bool(time.get("date") or time.get("time"))
    visit = bool(turn.found("service_item") or turn.found("mileage"))
    if turn.found("plate") and when and not _ASKS.search(turn.text):
        # "X7也要 10点 浙AD12345": who names a plate and a time brings the car.
        return VISIT_FORM
    if visit and (phone or (when and (_VISIT.search(turn.text) or not _ASKS.search(turn.text)))):
        # "小保养 周六上午" asks nothing: it is a visit.
        return VISIT_FORM
    return DRIVE_FORM if when and not visit and books_a_car(turn) else None


_PRICE = re.compile(r"价|费|钱|\b(?:price|cost|charge|quote)", re.I)


_HAS_DONE = re.compile(r"做|换|约|来个|\b(?:book|need|want|get|do|have)\b", re.I)


def states_visit(turn: Turn) -> bool:
    """Whether what was taken for a mention or a question of the menu asks nothing and wants it
    done: "山屿做小保养", "小保养，浙A12345"."""
    taken = turn.intent in ("ask_maintenance_price", "inform", "nlu_fallback")
    if turn.pressed or turn.tracker.active_loop_name or not taken:
        return False
    wants = turn.found("plate") or _HAS_DONE.search(turn.text)
    asks = _ASKS.search(turn.text) or _PRICE.search(turn.text)
    return bool(turn.found("service_item") and wants and not asks)


def names_workshop(turn: Turn) -> bool:
    """Whether a wish to come names what only the workshop sees to."""
    named = any(turn.found(kind) for kind in ("service_item", "mileage", "plate"))
    return named or bool(_SERVICE.search(turn.text))

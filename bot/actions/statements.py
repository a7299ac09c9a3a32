"""What is said in approved words: how to buy, to use a car, warranty, insurance."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.context import Turn

STATEMENTS = {
    "ask_purchase_process": ("purchase_process", "documents"),
    "ask_warranty": ("warranty",),
    "insurance": ("insurance",),
    "ask_usage": ("usage",),
}


SUBJECTS = (
    ("charging", r"充电|充满|快充|慢充|家充|充电桩|charg|wallbox"),
    (
        "delivery_time",
        r"现车|提车|多久能提|等多久|交付|库存|stock|waiting time|how long.*(?:wait|deliver)",
    ),
    (
        "finance_documents",
        r"(?:贷款|分期|按揭).*(?:材料|资料|手续)|(?:loan|financ).*(?:document|paper)",
    ),
    ("documents", r"材料|资料|证件|带什么|身份证|发票|document|paper|bring|invoice"),
)
"""Approved texts that a question may be about more exactly than its intent tells."""


def _subjects(turn: Turn) -> tuple[str, ...]:
    if turn.intent == "ask_purchase_process":
        for code, pattern in SUBJECTS:
            if re.search(pattern, turn.text, re.I):
                return (code,)
    return STATEMENTS[turn.intent]


@answers(*STATEMENTS)
async def statement(turn: Turn, session: AsyncSession) -> Events:
    """An approved text on the subject, or the honest word that there is none."""
    said = False
    for code in _subjects(turn):
        found = await catalogue.statement(session, turn.today, code)
        if found is not None:
            turn.tell(turn.either(found.text_zh, found.text_en) + wording.inline(turn, found))
            said = True
    if not said:
        await ask_colleague(turn, session, kind="follow_up")
    if not said:
        turn.say("utter_consultant_follows_up")
    return [remember(turn, ask=turn.intent)]


@answers("order_status")
async def order_status(turn: Turn, session: AsyncSession) -> Events:
    """No order stands in the store yet: a consultant looks it up and answers here."""
    await ask_colleague(turn, session, kind="follow_up")
    turn.say("utter_order_status")
    return []

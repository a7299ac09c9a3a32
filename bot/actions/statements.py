"""What is said in approved words: how to buy, to use a car, warranty, insurance."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.sales.onroad import OnRoadPrice, on_road_price
from bot.actions import charging, wording
from bot.actions.answers import ANSWERS, answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember, which
from bot.actions.context import Turn
from bot.actions.plain_words import tell_stock
from bot.actions.prices import trim_name
from bot.actions.purchase import cash_offers, one_trim

STATEMENTS = {
    "ask_purchase_process": ("purchase_process", "documents"),
    "ask_warranty": ("warranty",),
    "ask_usage": ("usage",),
}


SUBJECTS = (
    (
        "payment",
        r"信用卡|刷卡|微信支付|支付宝|转账|\b(?:credit|debit|bank) cards?\b"
        r"|\b(?:wechat|ali) ?pay\b|\bbank transfer\b|\bpay (?:in )?cash\b",
    ),
    (
        "facilities",
        r"代步车|休息区|休息室|\bwi-?fi\b|\bwaiting (?:room|area|lounge)\b"
        r"|\b(?:loan(?:er)?|courtesy|replacement|hire) cars?\b|\bwait (?:there|here|while)\b",
    ),
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


def is_about(text: str, *codes: str) -> bool:
    """Whether words of the subjects with these codes stand in `text`."""
    return any(re.search(words, text, re.I) for code, words in SUBJECTS if code in codes)


def _subjects(turn: Turn) -> tuple[str, ...]:
    asked = (turn.slot("topic") or {}).get("subject")
    if turn.intent in ("inform", "nlu_fallback") and asked:
        # "and the X7, same question"
        return (str(asked),)
    if turn.intent in ("ask_purchase_process", "ask_config"):
        for code, pattern in SUBJECTS:
            if re.search(pattern, turn.text, re.I):
                return (code,)
    return STATEMENTS.get(turn.intent, (turn.intent,))


@answers("insurance")
async def insurance(turn: Turn, session: AsyncSession) -> Events:
    """The approved text; to a question of cost the insurance lines of the car in question too."""
    cars = await which(turn, session)
    if cars.models and _COST.search(turn.text):
        chosen = await one_trim(turn, session, cars)
        price = chosen.price if chosen else None
        if chosen and price:
            cash = await cash_offers(turn, session, chosen)
            bill = await on_road_price(session, turn.today, chosen.trim, price.amount, cash)
            _insurance_lines(turn, chosen, bill)
    return [*await statement(turn, session), remember(turn, cars, ask="insurance")]


_COST = re.compile(
    r"多少|几钱|费用|价格|贵|一年"
    r"|\b(?:how much|cost|price|premium|expensive|roughly|(?:per|a) year)\b",
    re.I,
)


def _insurance_lines(turn: Turn, chosen: PricedTrim, bill: OnRoadPrice | None) -> None:
    """What the on-road price reckons with for insurance, line by line."""
    lines = [line for line in bill.lines if line.code.endswith("insurance")] if bill else []
    if not lines:
        return
    shown = [
        f"{turn.name_of(line)}{turn.either('：', ': ')}{wording.yuan(line.amount, turn.language)}"
        for line in lines
    ]
    head = turn.either(
        f"{trim_name(turn, chosen)}的保险费用：", f"Insurance of the {trim_name(turn, chosen)}:"
    )
    rules = [line.rule for line in lines]
    turn.tell(head + "\n" + wording.bullets(shown) + "\n" + wording.provenance(turn, *rules))


@answers(*STATEMENTS)
async def statement(turn: Turn, session: AsyncSession) -> Events:
    """An approved text on the subject, or the honest word that there is none."""
    if turn.intent == "ask_usage" and (charging.asks_time(turn) or charging.asks_at_home(turn)):
        return await ANSWERS["ask_config"](turn, session)
    said = False
    subjects = _subjects(turn)
    for code in subjects:
        found = await catalogue.statement(session, turn.today, code)
        if found is not None:
            turn.tell(turn.either(found.text_zh, found.text_en) + wording.inline(turn, found))
            said = True
    stock = said and subjects == ("delivery_time",) and await tell_stock(turn, session)
    if not said:
        await ask_colleague(turn, session, kind="follow_up")
        turn.say("utter_consultant_follows_up")
    cars = await which(turn, session)
    named = cars if cars.mentioned else None
    asked = turn.intent if turn.intent in STATEMENTS else (turn.slot("topic") or {}).get("ask")
    return [remember(turn, named, ask=asked, subject=subjects[0], stock=stock)]

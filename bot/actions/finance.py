"""Loans: instalments, total interest and yearly rate under the approved plans."""

import math
import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.models import Certified, FinancePlan, Promotion
from backend.sales import finance
from backend.texts import facts
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events
from bot.actions.cars import remember, which
from bot.actions.context import Turn
from bot.actions.prices import not_confirmed, trim_name
from bot.actions.purchase import cash_offers, one_trim

DEFAULT_MONTHS = 36
WHOLE = 10_000
"""Basis points of the whole."""


@answers("ask_finance")
async def loan(turn: Turn, session: AsyncSession) -> Events:
    """Equal instalments, total interest and yearly rate under every plan that fits."""
    cars = await which(turn, session)
    code = cars.model.code if cars.model else None
    plans = await catalogue.finance_plans(session, turn.today, code)
    if not plans:
        return await not_confirmed(turn, session, cars, "ask_finance")
    wishes = _wishes(turn)
    if not cars.models:
        _list_plans(turn, plans)
        return [remember(turn, cars, ask="ask_finance", loan=wishes)]
    chosen = await one_trim(turn, session, cars)
    if chosen is None or chosen.price is None:
        return await not_confirmed(turn, session, cars, "ask_finance")
    cash = await cash_offers(turn, session, chosen)
    price = chosen.price.amount - sum(offer.amount or 0 for offer in cash)
    down = wishes.get("down")
    if wishes.get("loan") is not None:
        down = price - int(wishes["loan"] or 0)
    if down is None:
        percent = wishes.get("percent")
        if percent is None:
            percent = max(p.min_down_bp for p in plans) / 100
        down = math.ceil(price * percent / 100)
    if not 0 <= down < price:
        turn.say("utter_down_payment_out_of_range", price=wording.price(price, turn.language))
        return [remember(turn, cars, ask="ask_finance")]
    fitting = [p for p in plans if down * WHOLE >= price * p.min_down_bp]
    months = wishes.get("months")
    if not fitting:
        least = min(p.min_down_bp for p in plans)
        turn.say(
            "utter_down_payment_too_small",
            least=wording.rate(least),
            amount=wording.yuan(-(-price * least // WHOLE), turn.language),
        )
        # A yes, or the button, is to the smallest.
        accepted = {**wishes, "percent": least / 100, "down": None, "loan": None}
        return [remember(turn, cars, ask="ask_finance", offer="ask_finance", loan=accepted)]
    matching = [p for p in fitting if months is None or months in p.months]
    if not matching:
        terms = sorted({m for p in fitting for m in p.months})
        turn.say("utter_term_not_offered", terms=", ".join(str(m) for m in terms))
        return [remember(turn, cars, ask="ask_finance", loan={**wishes, "months": None})]
    target = wishes.get("monthly")
    if target and not _fits_target(turn, price, int(down), int(target), months, matching):
        return [remember(turn, cars, ask="ask_finance", loan={**wishes, "monthly": None})]
    _quote_loan(turn, chosen, cash, int(down), months, matching)
    return [remember(turn, cars, ask="ask_finance", loan=wishes)]


def _wishes(turn: Turn) -> dict[str, int | float | None]:
    """Down payment (fen or percent) and term from the message, else from before."""
    kept: dict[str, int | float | None] = dict((turn.slot("topic") or {}).get("loan") or {})
    for money in turn.found("money"):
        amount, role = money.get("amount") or money.get("max"), money.get("role")
        if amount and role == "loan":
            kept |= {"loan": amount, "down": None, "percent": None}
        elif amount and role == "monthly":
            kept["monthly"] = amount
        elif amount and role in ("down_payment", None):
            kept |= {"down": amount, "percent": None, "loan": None}
    for ratio in turn.found("ratio"):
        kept |= {"percent": ratio["percent"], "down": None, "loan": None}
    for months in turn.found("months"):
        kept["months"] = months["months"]
    _plain_numbers(turn.text, kept)
    return kept


_DOWN = re.compile(r"(?<![\d.])(\d[\d,]{3,9})\s*(?:元|块|yuan|cny|rmb)?\s*(?:down|deposit)\b", re.I)
_MONTHS = re.compile(r"(?<![\d.])(\d{1,2})\s*(?:期|个月|months?|mths?)(?![a-z])", re.I)
_YEARS = re.compile(r"(?<![\d.])([1-7])\s*(?:年(?!款)|years?|yrs?)(?![a-z])", re.I)
_HALF = re.compile(r"首付(?:一半|50%)|一半首付|\bhalf (?:down|up ?front)\b", re.I)


def _plain_numbers(text: str, kept: dict[str, int | float | None]) -> None:
    """What only means a loan because the question is about one: "50000 down, 48 months"."""
    if found := _DOWN.search(text):
        kept |= {"down": int(found[1].replace(",", "")) * 100, "percent": None, "loan": None}
    elif _HALF.search(text):
        kept |= {"percent": 50, "down": None, "loan": None}
    if found := _MONTHS.search(text):
        kept["months"] = int(found[1])
    elif found := _YEARS.search(text):
        kept["months"] = int(found[1]) * 12


def _list_plans(turn: Turn, plans: Sequence[FinancePlan]) -> None:
    lines = [
        facts.plan(
            turn.name_of(plan), plan.min_down_bp, plan.months, plan.annual_rate_bp, turn.language
        )
        for plan in plans
    ]
    turn.tell(
        turn.either("目前的金融方案：", "Our finance plans:")
        + "\n"
        + wording.bullets(lines)
        + "\n"
        + wording.provenance(turn, *plans)
        + "\n"
        + turn.either("告诉我车型、首付和期数，就能算出月供。",
                      "Tell me the model, down payment and term, and I'll work out the instalment.")
    )  # fmt: skip


def _quote_loan(
    turn: Turn,
    chosen: PricedTrim,
    cash: Sequence[Promotion],
    down: int,
    months: int | float | None,
    plans: Sequence[FinancePlan],
) -> None:
    listed = chosen.price.amount if chosen.price else 0
    saved = sum(offer.amount or 0 for offer in cash)
    price = listed - saved
    lines = []
    for plan in plans:
        term = int(months) if months else _usual_term(plan)
        loan = finance.instalments(
            price=price, down=down, months=term, annual_rate_bp=plan.annual_rate_bp, fee=plan.fee
        )
        monthly = wording.yuan(loan.monthly, turn.language)
        interest = wording.yuan(loan.interest, turn.language)
        fee = wording.yuan(loan.fee, turn.language)
        lines.append(
            turn.either(
                f"{plan.name_zh}，{term} 期：月供 {monthly}，总利息 {interest}，"
                f"手续费 {fee}，实际年化 {wording.rate(loan.yearly_rate_bp)}",
                f"{plan.name_en}, {term} months: {monthly} a month, total interest {interest}, "
                f"fee {fee}, effective yearly rate {wording.rate(loan.yearly_rate_bp)}",
            )
        )
    share = round(down * WHOLE / price)
    head = turn.either(
        f"{trim_name(turn, chosen)}（指导价 {wording.price(listed, 'zh')}"
        + (f"，优惠 {wording.yuan(saved, 'zh')}" if saved else "")
        + "），"
        f"首付 {wording.yuan(down, 'zh')}（{wording.rate(share)}），等额本息：",
        f"{trim_name(turn, chosen)} (list price {wording.price(listed, 'en')}"
        + (f", less {wording.yuan(saved, 'en')} promotion" if saved else "")
        + "), "
        f"{wording.yuan(down, 'en')} down ({wording.rate(share)}), equal instalments:",
    )
    used: list[Certified] = [*([chosen.price] if chosen.price else []), *cash]
    turn.tell(
        head + "\n" + wording.bullets(lines) + "\n" + wording.provenance(turn, *used, *plans)
        + turn.either("最终以审批为准。", " Subject to approval by the lender."),
        buttons=[
            wording.button(
                turn.either(f"{m} 期", f"{m} months"),
                f'/ask_finance{{"months": {{"months": {m}}}}}',
            )
            for m in sorted({m for p in plans for m in p.months})
            if m != months
        ][:4],
    )  # fmt: skip


def _fits_target(
    turn: Turn,
    price: int,
    down: int,
    target: int,
    months: int | float | None,
    plans: Sequence[FinancePlan],
) -> bool:
    """Whether some plan keeps the instalment within `target`; says which term would, or the
    lowest instalment there is, when the term asked for does not."""
    offers = []
    for plan in plans:
        for term in plan.months:
            loan = finance.instalments(
                price=price, down=down, months=term, annual_rate_bp=plan.annual_rate_bp,
                fee=plan.fee,
            )  # fmt: skip
            offers.append((loan.monthly, term, plan))
    wanted = [o for o in offers if months is None or o[1] == months]
    if months is not None and any(monthly <= target for monthly, _, _ in wanted):
        return True
    within = sorted((o for o in offers if o[0] <= target), key=lambda o: o[1])
    monthly, term, plan = within[0] if within else min(offers, key=lambda o: o[0])
    turn.say(
        "utter_instalment_within" if within else "utter_instalment_lowest",
        target=wording.yuan(target, turn.language),
        plan=turn.name_of(plan),
        months=term,
        monthly=wording.yuan(monthly, turn.language),
        down=wording.yuan(down, turn.language),
    )
    return False


def _usual_term(plan: FinancePlan) -> int:
    return DEFAULT_MONTHS if DEFAULT_MONTHS in plan.months else max(plan.months)

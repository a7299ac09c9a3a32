"""Loans: instalments, total interest and yearly rate under the approved plans."""

import math
import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.models import Certified, FinancePlan, Promotion
from backend.texts import facts
from bot.actions import loan_quoting as quoting
from bot.actions import loan_solving as solving
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember, which
from bot.actions.context import Turn
from bot.actions.interest_free import without_interest
from bot.actions.loan_quoting import WHOLE, Wishes, amount
from bot.actions.loan_side_by_side import side_by_side
from bot.actions.prices import not_confirmed, trim_name
from bot.actions.purchase import cash_offers, one_trim

_NOT_ON_RECORD = (
    (
        re.compile(
            r"提前(?:还|结清)|\b(?:pa(?:y|id|ying) (?:it |this |that )?off (?:early|sooner)"
            r"|(?:early|earlier) (?:repayment|settlement|payoff)|settle (?:it )?early)\b",
            re.I,
        ),
        "提前还款的条件",
        "repaying a loan early",
    ),
    (
        re.compile(
            r"征信|黑户|逾期|\b(?:bad|poor|no) credit\b|\bcredit (?:score|history|rating|check)\b"
            r"|\bcredit (?:is|isn'?t|isnt)\b",
            re.I,
        ),
        "按征信情况能否批贷",
        "whether a loan is approved with your credit record",
    ),
)
"""What customers ask of a loan that no plan on record tells."""


@answers("ask_finance")
async def loan(turn: Turn, session: AsyncSession) -> Events:
    """Equal instalments, total interest and yearly rate under every plan that fits."""
    cars = await which(turn, session)
    for pattern, zh, en in _NOT_ON_RECORD:
        if pattern.search(turn.text):
            await ask_colleague(turn, session)
            turn.say("utter_not_confirmed", subject=turn.either(zh, en))
            return [remember(turn, cars, ask="ask_finance")]
    code = cars.model.code if cars.model else None
    plans = await catalogue.finance_plans(session, turn.today, code)
    if not plans:
        return await not_confirmed(turn, session, cars, "ask_finance")
    wishes = _wishes(turn)
    target = amount(wishes, "monthly")
    if target and solving.asks_for_car(turn, cars):
        plans = await catalogue.finance_plans(session, turn.today)
        return await solving.within_reach(turn, session, wishes, plans)
    if solving.asks_without_interest(turn) and (
        free := await without_interest(turn, session, cars)
    ):
        return free
    if not cars.models:
        _list_plans(turn, plans)
        return [remember(turn, cars, ask="ask_finance", loan=wishes)]
    if solving.compares_cash(turn):
        # What one pays a month was a wish of another question.
        target = target if turn.found("money") else None
        turn.tell(
            turn.either(
                "全款没有利息，总价最低；贷款要多付下面的利息和手续费，好处是首付少、手头宽裕。",
                "Paying in full costs no interest, so it is cheapest overall; a loan adds the "
                "interest and fee below and leaves you more cash in hand.",
            )
        )
    if len(cars.models) > 1:
        return await side_by_side(turn, session, cars, wishes, _down)
    chosen = await one_trim(turn, session, cars)
    if chosen is None or chosen.price is None:
        return await not_confirmed(turn, session, cars, "ask_finance")
    cash = await cash_offers(turn, session, chosen)
    price = chosen.price.amount - sum(offer.amount or 0 for offer in cash)
    if wishes.get("solve") == solving.DOWN:
        solving.say_down(turn, chosen, cash, wishes, plans)
        return [remember(turn, cars, ask="ask_finance", loan=wishes)]
    down = _down(wishes, price, plans)
    if not 0 <= down < price:
        turn.say("utter_down_payment_out_of_range", price=wording.price(price, turn.language))
        return [remember(turn, cars, ask="ask_finance")]
    fitting = [p for p in plans if down * WHOLE >= price * p.min_down_bp]
    months = amount(wishes, "months")
    if not fitting:
        least = min(p.min_down_bp for p in plans)
        turn.say(
            "utter_down_payment_too_small",
            car=trim_name(turn, chosen),
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
    if target and not _fits_target(turn, chosen, price, down, target, months, matching):
        return [remember(turn, cars, ask="ask_finance", loan={**wishes, "monthly": None})]
    _quote_loan(turn, chosen, cash, down, months, matching)
    return [remember(turn, cars, ask="ask_finance", loan=wishes)]


def _down(wishes: Wishes, price: int, plans: Sequence[FinancePlan]) -> int:
    """The down payment wanted, in fen; without a wish the share that every plan is content with."""
    if (loan := amount(wishes, "loan")) is not None:
        return price - loan
    if (down := amount(wishes, "down")) is not None:
        return down
    percent = wishes.get("percent")
    if not isinstance(percent, (int, float)):
        percent = max(plan.min_down_bp for plan in plans) / 100
    return math.ceil(price * percent / 100)


SETTLING = ("down", "percent", "loan")
"""Each settles how much is paid at once."""


def _wishes(turn: Turn) -> Wishes:
    """Down payment (fen or percent) and term from the message, else from before; and which of
    them the customer asks for."""
    before: Wishes = dict((turn.slot("topic") or {}).get("loan") or {})
    kept = {name: value for name, value in before.items() if name not in SETTLING}
    for money in turn.found("money"):
        if money.get("currency") == "USD":
            continue
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
        if months.get("months") == 1:
            # 一个月3000以内: the instalment, and no term.
            continue
        kept["months"] = months["months"]
    _plain_numbers(turn.text, kept)
    if any(kept.get(name) is not None for name in SETTLING):
        kept.pop("solve", None)
    elif solving.asks_for_down(turn):
        kept["solve"] = solving.DOWN
    elif kept.get("solve") != solving.DOWN:
        kept |= {name: before[name] for name in SETTLING if name in before}
    if solving.asks_for_term(turn) and kept.get("monthly") and not solving.asks_for_down(turn):
        kept |= {"months": None}
        kept.pop("solve", None)
    return kept


_DOWN = re.compile(r"(?<![\d.])(\d[\d,]{3,9})\s*(?:元|块|yuan|cny|rmb)?\s*(?:down|deposit)\b", re.I)
_MONTHS = re.compile(r"(?<![\d.])(\d{1,2})\s*(?:期|个月|months?|mths?)(?![a-z])", re.I)
_YEARS = re.compile(r"(?<![\d.])([1-7])\s*(?:年(?!款)|years?|yrs?)(?![a-z])", re.I)
_HALF = re.compile(r"首付(?:一半|50%)|一半首付|\bhalf (?:down|up ?front)\b", re.I)


def _plain_numbers(text: str, kept: Wishes) -> None:
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
    months: int | None,
    plans: Sequence[FinancePlan],
) -> None:
    listed = chosen.price.amount if chosen.price else 0
    saved = sum(offer.amount or 0 for offer in cash)
    price = listed - saved
    lines = []
    for plan in plans:
        term = months if months else quoting.usual_term(plan)
        lines.append(quoting.line(turn, plan, quoting.under(plan, price, down, term)))
    share = round(down * WHOLE / price)
    head = quoting.head(turn, chosen, saved) + turn.either(
        f"，首付 {wording.yuan(down, 'zh')}（{wording.rate(share)}），等额本息：",
        f", {wording.yuan(down, 'en')} down ({wording.rate(share)}), equal instalments:",
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
    chosen: PricedTrim,
    price: int,
    down: int,
    target: int,
    months: int | None,
    plans: Sequence[FinancePlan],
) -> bool:
    """Whether some plan keeps the instalment within `target`; says which term would, or the
    lowest instalment there is, when the term asked for does not."""
    offers = []
    for plan in plans:
        for term in plan.months:
            offers.append((quoting.under(plan, price, down, term).monthly, term, plan))
    wanted = [o for o in offers if months is None or o[1] == months]
    if months is not None and any(monthly <= target for monthly, _, _ in wanted):
        return True
    within = sorted((o for o in offers if o[0] <= target), key=lambda o: o[1])
    monthly, term, plan = within[0] if within else min(offers, key=lambda o: o[0])
    turn.say(
        "utter_instalment_within" if within else "utter_instalment_lowest",
        car=trim_name(turn, chosen),
        target=wording.yuan(target, turn.language),
        plan=turn.name_of(plan),
        months=term,
        monthly=wording.yuan(monthly, turn.language),
        down=wording.yuan(down, turn.language),
    )
    return False

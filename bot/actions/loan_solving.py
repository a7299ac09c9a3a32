"""A loan worked out the other way round: from the instalment to the down payment or to the car."""

import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.models import Certified, FinancePlan, Promotion
from backend.sales.finance import Instalments, least_down
from bot.actions import loan_quoting as quoting
from bot.actions import wording
from bot.actions.base import Events
from bot.actions.cars import Cars, remember
from bot.actions.context import Turn
from bot.actions.loan_quoting import Wishes, amount
from bot.actions.prices import trim_name

DOWN = "down"
SHOWN = 5
"""Models that are told to whoever asks what an instalment buys: the dearest that fit."""

_DOWN = re.compile(
    r"首付款?(?:[^，,。;；\d]{0,8})(?:多少|几成|几万|几个)|多少(?:钱)?的?首付"
    r"|\b(?:how much|what)(?: \w+){0,3} (?:down|deposit)\b|\bdown payment (?:do|would|will|is)\b",
    re.I,
)
_TERM = re.compile(
    r"(?:几|多少)(?:期|年|个月)|分多久|多长时间|贷多久"
    r"|\bhow (?:many (?:months|years|instalments)|long)\b|\b(?:what|which) term\b",
    re.I,
)
_CAR = re.compile(
    r"(?:买|看|选|供|上)(?:得起)?(?:什么|哪|多少钱|多贵|啥)|什么(?:样的)?车|哪(?:款|些|种)车?"
    r"|什么价位|多少钱的车|预算"
    r"|\b(?:what|which) (?:car|model|price|budget)s?\b|\bafford\b|\bbudget\b",
    re.I,
)


def asks_for_down(turn: Turn) -> bool:
    """ "月供3000首付要多少", "how much down for 3,000 a month"."""
    return not turn.pressed and bool(_DOWN.search(turn.text))


def asks_for_term(turn: Turn) -> bool:
    """ "月供不超过4000要分几期", "how many months"."""
    return not turn.pressed and bool(_TERM.search(turn.text))


_NO_INTEREST = re.compile(
    r"免息|无息|零息|[0零]\s?利[息率]|贴息"
    r"|\binterest[- ]free\b|\b(?:0|zero|no) ?%? (?:interest|apr)\b",
    re.I,
)


def asks_without_interest(turn: Turn) -> bool:
    """有没有免息的, "interest-free"."""
    return not turn.pressed and bool(_NO_INTEREST.search(turn.text))


_CASH = re.compile(
    r"全款|一次性付|\b(?:pay(?:ing)? (?:in )?(?:cash|full)|cash or|or cash|outright)\b", re.I
)


def compares_cash(turn: Turn) -> bool:
    """全款和贷款哪个划算, "cash or finance"."""
    return not turn.pressed and bool(_CASH.search(turn.text))


def asks_for_car(turn: Turn, cars: Cars) -> bool:
    """ "月供3000能买什么车": the car is what is sought, and none was named."""
    return not turn.pressed and not cars.mentioned and bool(_CAR.search(turn.text))


def say_down(
    turn: Turn,
    chosen: PricedTrim,
    cash: Sequence[Promotion],
    wishes: Wishes,
    plans: Sequence[FinancePlan],
) -> None:
    """The smallest down payment under each plan; one that keeps the instalment within the wish,
    where there is one."""
    target, months = amount(wishes, "monthly"), amount(wishes, "months")
    if chosen.price is None:
        return
    saved = sum(offer.amount or 0 for offer in cash)
    price = chosen.price.amount - saved
    if months and all(months not in plan.months for plan in plans):
        terms = sorted({term for plan in plans for term in plan.months})
        turn.say("utter_term_not_offered", terms=", ".join(map(str, terms)))
        return
    found: list[tuple[FinancePlan, Instalments]] = []
    for plan in plans:
        term = months or max(plan.months)
        if term not in plan.months:
            continue
        down: int | None = -(-price * plan.min_down_bp // 10_000)
        if target:
            down = least_down(
                price=price, monthly=target, months=term, annual_rate_bp=plan.annual_rate_bp,
                min_down_bp=plan.min_down_bp,
            )  # fmt: skip
        if down is not None:
            found.append((plan, quoting.under(plan, price, down, term)))
    if not found:
        turn.say("utter_instalment_buys_nothing", target=wording.yuan(target or 0, turn.language))
        return
    found.sort(key=lambda one: one[1].down)
    head = quoting.head(turn, chosen, saved)
    if target:
        within = wording.yuan(target, turn.language)
        head += turn.either(
            f"，月供控制在 {within}以内，首付至少：",
            f": to stay within {within} a month, the down payment is at least:",
        )
    else:
        head += turn.either("，各方案最低首付：", ": the least down payment under each plan:")
    lines = [quoting.line(turn, plan, loan, with_down=True) for plan, loan in found]
    used: list[Certified] = [chosen.price, *cash, *(plan for plan, _ in found)]
    turn.tell(
        head + "\n" + wording.bullets(lines) + "\n" + wording.provenance(turn, *used)
        + turn.either("最终以审批为准。", " Subject to approval by the lender.")
    )  # fmt: skip


async def within_reach(
    turn: Turn, session: AsyncSession, wishes: Wishes, plans: Sequence[FinancePlan]
) -> Events:
    """The cars whose instalment stays within the wish: of each model the dearest that does, with
    the down payment that was named, else the least that a plan asks for."""
    target = amount(wishes, "monthly") or 0
    trims = await catalogue.trims(session)
    offers = await catalogue.promotions(session, turn.today)
    reached: dict[str, tuple[PricedTrim, FinancePlan, Instalments]] = {}
    nearest: tuple[PricedTrim, FinancePlan, Instalments] | None = None
    for known in await catalogue.priced(session, turn.today, trims):
        best = _cheapest(known, offers, wishes, plans)
        if best is None or known.price is None:
            continue
        if nearest is None or best[1].monthly < nearest[2].monthly:
            nearest = (known, *best)
        code = known.trim.model.code
        dearer = code not in reached or known.price.amount > _listed(reached[code][0])
        if best[1].monthly <= target and dearer:
            reached[code] = (known, *best)
    within = wording.yuan(target, turn.language)
    if not reached:
        if nearest is None:
            turn.say("utter_instalment_buys_nothing", target=within)
        else:
            known, plan, loan = nearest
            turn.say(
                "utter_nothing_within_reach",
                target=within,
                car=trim_name(turn, known),
                plan=turn.name_of(plan),
                months=loan.months,
                down=wording.yuan(loan.down, turn.language),
                monthly=wording.yuan(loan.monthly, turn.language),
            )
        return [remember(turn, ask="ask_finance", loan=wishes)]
    shown = sorted(reached.values(), key=lambda one: -_listed(one[0]))[:SHOWN]
    used: list[Certified] = []
    lines = []
    for known, plan, loan in shown:
        used += [known.price, plan] if known.price else []
        price = wording.price(_listed(known), turn.language)
        down, monthly = (wording.yuan(fen, turn.language) for fen in (loan.down, loan.monthly))
        lines.append(
            turn.either(
                f"{trim_name(turn, known)}：指导价 {price}，首付 {down}，{plan.name_zh} "
                f"{loan.months} 期，月供 {monthly}",
                f"{trim_name(turn, known)}: list price {price}, {down} down, {plan.name_en} over "
                f"{loan.months} months, {monthly} a month",
            )
        )
    turn.tell(
        turn.either(f"月供 {within}以内能买到的车：", f"Within reach of {within} a month:")
        + "\n" + wording.bullets(lines) + "\n" + wording.provenance(turn, *used)
        + turn.either("最终以审批为准。", " Subject to approval by the lender.")
    )  # fmt: skip
    listed = [known.trim.model.code for known, _, _ in shown]
    return [remember(turn, ask="ask_finance", loan=wishes, listed=listed)]


def _listed(known: PricedTrim) -> int:
    return known.price.amount if known.price else 0


def _cheapest(
    known: PricedTrim,
    offers: Sequence[Promotion],
    wishes: Wishes,
    plans: Sequence[FinancePlan],
) -> tuple[FinancePlan, Instalments] | None:
    """The plan with the lowest instalment for one car, over its longest term or the one wanted."""
    if known.price is None:
        return None
    saved = sum(
        offer.amount or 0
        for offer in offers
        if offer.kind == "cash"
        and offer.model_id in (None, known.trim.model_id)
        and offer.trim_id in (None, known.trim.id)
    )
    price = known.price.amount - saved
    months = amount(wishes, "months")
    found = []
    for plan in plans:
        term = months or max(plan.months)
        fits_model = not plan.model_codes or known.trim.model.code in plan.model_codes
        if term not in plan.months or not fits_model:
            continue
        least = -(-price * plan.min_down_bp // 10_000)
        down = amount(wishes, "down")
        percent = wishes.get("percent")
        if down is None and isinstance(percent, (int, float)):
            down = -int(-price * percent // 100)
        down = least if down is None else down
        if least <= down < price:
            found.append((plan, quoting.under(plan, price, down, term)))
    return min(found, key=lambda one: one[1].monthly, default=None)

"""A loan asked for of several cars at once: each with the plan that costs least, under its own."""

from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import Certified, FinancePlan
from backend.sales.finance import Instalments
from bot.actions import loan_quoting as quoting
from bot.actions import wording
from bot.actions.base import Events
from bot.actions.cars import Cars, remember
from bot.actions.context import Turn
from bot.actions.loan_quoting import Wishes, amount
from bot.actions.prices import not_confirmed
from bot.actions.purchase import cash_offers, one_trim

SIDE_BY_SIDE = 3

Down = Callable[[Wishes, int, Sequence[FinancePlan]], int]
Offer = tuple[FinancePlan, Instalments]


async def side_by_side(
    turn: Turn, session: AsyncSession, cars: Cars, wishes: Wishes, down: Down
) -> Events:
    """A line for each car: no plan of one car is ever reckoned for another. `down` tells the down
    payment wanted of a price, in fen."""
    lines: list[str] = []
    used: list[Certified] = []
    shown = cars.models[:SIDE_BY_SIDE]
    for model in shown:
        chosen = await one_trim(turn, session, cars.only(model))
        plans = await catalogue.finance_plans(session, turn.today, model.code)
        if chosen is None or chosen.price is None or not plans:
            continue
        cash = await cash_offers(turn, session, chosen)
        saved = sum(offer.amount or 0 for offer in cash)
        price = chosen.price.amount - saved
        best = _best(wishes, price, down(wishes, price, plans), plans)
        if best is None:
            continue
        plan, loan = best
        colon = turn.either("：", ": ")
        line = quoting.line(turn, plan, loan, with_down=True)
        lines.append(quoting.head(turn, chosen, saved) + colon + line)
        used += [chosen.price, *cash, plan]
    if not lines:
        return await not_confirmed(turn, session, cars, "ask_finance")
    turn.tell(
        turn.either(
            "各款按总费用最低的方案算：", "Each under the plan that costs least in total:"
        )
        + "\n" + wording.bullets(lines) + "\n" + wording.provenance(turn, *used)
        + turn.either(
            "最终以审批为准。说其中一款，我列出全部方案。",
            " Subject to approval by the lender. Name one and I'll list all its plans.",
        )
    )  # fmt: skip
    listed = [model.code for model in shown]
    return [remember(turn, cars, ask="ask_finance", loan=wishes, listed=listed)]


def _best(wishes: Wishes, price: int, down: int, plans: Sequence[FinancePlan]) -> Offer | None:
    """The plan and term with the least interest and fee that meets what was wished, as far as one
    does; with too small a down payment the least that a plan takes."""
    months, target = amount(wishes, "months"), amount(wishes, "monthly")
    offers: list[Offer] = []
    for plan in plans:
        least = -(-price * plan.min_down_bp // quoting.WHOLE)
        paid = max(down, least)
        if paid >= price:
            continue
        usual = [quoting.usual_term(plan)]
        terms = [months] if months in plan.months else plan.months if target else usual
        offers += [(plan, quoting.under(plan, price, paid, term)) for term in terms]
    wanted = [one for one in offers if months is None or one[1].months == months] or offers
    asked = [one for one in wanted if one[1].down == down] or wanted
    within = [one for one in asked if target is None or one[1].monthly <= target]
    if within:
        return min(within, key=lambda one: one[1].interest + one[1].fee)
    return min(asked, key=lambda one: one[1].monthly, default=None)

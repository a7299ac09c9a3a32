"""Loans without interest: which there are, and for which cars."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import FinancePlan
from backend.texts import facts
from bot.actions import loan_solving as solving
from bot.actions import wording
from bot.actions.base import Events
from bot.actions.cars import Cars, remember
from bot.actions.context import Turn


async def without_interest(turn: Turn, session: AsyncSession, cars: Cars) -> Events | None:
    """The plans without interest, and for which cars; None where the one car meant has such a
    plan, or no car has."""
    every = [p for p in await catalogue.finance_plans(session, turn.today) if not p.annual_rate_bp]
    own = cars.model
    anywhere = solving.asks_for_car(turn, cars) or len(cars.models) > 1 or own is None
    if not every or (own and not anywhere and any(_takes(plan, own.code) for plan in every)):
        return None
    on_sale = await catalogue.models(session)
    lines, codes = [], []
    for plan in every:
        takes = [model for model in on_sale if _takes(plan, model.code)]
        codes += [model.code for model in takes]
        names = wording.joined([turn.name_of(model) for model in takes], turn)
        told = facts.plan(
            turn.name_of(plan), plan.min_down_bp, plan.months, plan.annual_rate_bp, turn.language
        )
        lines.append(f"{names}{turn.either('：', ': ')}{told}")
    head = turn.either("免息的有：", "Without interest there is:")
    if own is not None and not anywhere:
        name = turn.name_of(own)
        head = turn.either(
            f"{name}没有免息方案，免息的是：", f"Not on the {name}. Without interest there is:"
        )
    turn.tell(head + "\n" + wording.bullets(lines) + "\n" + wording.provenance(turn, *every))
    found = [model for model in on_sale if model.code in codes]
    if not anywhere or len(found) != 1:
        return [remember(turn, ask="ask_finance", listed=codes)]
    meant = Cars((found[0],), tuple(found[0].trims), False, True)
    return [remember(turn, meant, ask="ask_finance", listed=codes)]


def _takes(plan: FinancePlan, model_code: str) -> bool:
    return not plan.model_codes or model_code in plan.model_codes

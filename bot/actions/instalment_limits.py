"""Which cars a monthly instalment pays for, by the finance plans that are valid today."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.models import FinancePlan
from backend.sales.finance import Instalments, instalments
from bot.actions.context import Turn

WHOLE = 10_000
"""Basis points of the whole."""


@dataclass(frozen=True)
class Lowest:
    """The lowest instalment of a car at its list price, with the smallest down payment."""

    plan: FinancePlan
    loan: Instalments


async def lowest_instalments(
    turn: Turn, session: AsyncSession, everything: list[PricedTrim]
) -> dict[int, Lowest]:
    """Trim id → its lowest instalment; without a price or a plan it has none."""
    found: dict[int, Lowest] = {}
    plans: dict[str, list[FinancePlan]] = {}
    for known in everything:
        if known.price is None:
            continue
        code = known.trim.model.code
        if code not in plans:
            plans[code] = await catalogue.finance_plans(session, turn.today, code)
        price = known.price.amount
        offers = [
            Lowest(
                plan,
                instalments(
                    price=price,
                    down=-(-price * plan.min_down_bp // WHOLE),
                    months=max(plan.months),
                    annual_rate_bp=plan.annual_rate_bp,
                    fee=plan.fee,
                ),
            )
            for plan in plans[code]
            if plan.min_down_bp < WHOLE
        ]
        if offers:
            found[known.trim.id] = min(offers, key=lambda offer: offer.loan.monthly)
    return found

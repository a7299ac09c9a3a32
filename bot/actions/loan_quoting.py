"""How a loan is written: the car with its price, and what a plan comes to."""

from backend.catalogue.service import PricedTrim
from backend.models import FinancePlan
from backend.sales import finance
from backend.sales.finance import Instalments
from bot.actions import wording
from bot.actions.context import Turn
from bot.actions.prices import trim_name

WHOLE = 10_000
"""Basis points of the whole."""
USUAL_MONTHS = 36

Wishes = dict[str, int | float | str | None]
"""What a customer wants of a loan: `down`, `loan` and `monthly` in fen, `percent` down, `months`;
`solve` names what is to be worked out from the others. As the conversation keeps it."""


def amount(wishes: Wishes, name: str) -> int | None:
    """A sum or a term that was named."""
    value = wishes.get(name)
    return int(value) if isinstance(value, (int, float)) else None


def usual_term(plan: FinancePlan) -> int:
    """The term that is reckoned with where none was named, in months."""
    return USUAL_MONTHS if USUAL_MONTHS in plan.months else max(plan.months)


def under(plan: FinancePlan, price: int, down: int, months: int) -> Instalments:
    """The loan for the rest of `price`, in fen."""
    return finance.instalments(
        price=price, down=down, months=months, annual_rate_bp=plan.annual_rate_bp, fee=plan.fee
    )


def head(turn: Turn, chosen: PricedTrim, saved: int) -> str:
    """`山屿 1.5T 豪华版（指导价 13.98 万元，优惠 5,000 元）`"""
    listed = chosen.price.amount if chosen.price else 0
    less = turn.either(
        f"，优惠 {wording.yuan(saved, 'zh')}", f", less {wording.yuan(saved, 'en')} promotion"
    )
    inside = turn.either("指导价 ", "list price ") + wording.price(listed, turn.language)
    inside += less if saved else ""
    return trim_name(turn, chosen) + turn.either(f"（{inside}）", f" ({inside})")


def line(turn: Turn, plan: FinancePlan, loan: Instalments, *, with_down: bool = False) -> str:
    """`低息轻松贷，36 期：月供 …，总利息 …，手续费 …，实际年化 …`"""
    monthly, interest, fee, down = (
        wording.yuan(fen, turn.language)
        for fen in (loan.monthly, loan.interest, loan.fee, loan.down)
    )
    share = wording.rate(round(loan.down * 10_000 / loan.price))
    yearly = wording.rate(loan.yearly_rate_bp)
    first = (
        turn.either(f"首付 {down}（{share}），", f"{down} down ({share}), ") if with_down else ""
    )
    return turn.either(
        f"{plan.name_zh}，{loan.months} 期：{first}月供 {monthly}，总利息 {interest}，"
        f"手续费 {fee}，实际年化 {yearly}",
        f"{plan.name_en}, {loan.months} months: {first}{monthly} a month, "
        f"total interest {interest}, fee {fee}, effective yearly rate {yearly}",
    )

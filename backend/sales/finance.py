"""Instalments. Pure arithmetic on integers of fen; rates in basis points (1 % = 100)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

PRECISION = 40


@dataclass(frozen=True)
class Instalments:
    """A loan in equal monthly instalments (等额本息), all amounts in fen.

    `last` differs from `monthly` by the rounding of the months before it, so that the sum is
    exact. `yearly_rate_bp` is the effective yearly rate, fee included, in basis points.
    """

    price: int
    down: int
    principal: int
    months: int
    monthly: int
    last: int
    interest: int
    fee: int
    yearly_rate_bp: int


def instalments(
    *, price: int, down: int, months: int, annual_rate_bp: int, fee: int = 0
) -> Instalments:
    """Splits `price - down` into `months` equal instalments at a nominal yearly rate.

    Source of the rule: the annuity formula with monthly interest of a twelfth of the yearly
    rate, each instalment rounded to the fen. Raises ValueError for a down payment outside
    0 … price or less than one month.
    """
    if not 0 <= down < price:
        raise ValueError("the down payment must lie between nothing and the price")
    if months < 1:
        raise ValueError("a loan runs for at least one month")
    principal = price - down
    with localcontext() as context:
        context.prec = PRECISION
        rate = Decimal(annual_rate_bp) / 10000 / 12
        if rate:
            factor = (1 + rate) ** months
            exact = Decimal(principal) * rate * factor / (factor - 1)
        else:
            exact = Decimal(principal) / months
        monthly = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        balance, last = Decimal(principal), monthly
        for month in range(1, months + 1):
            owed = balance * (1 + rate)
            if month == months:
                last = int(owed.quantize(Decimal(1), ROUND_HALF_UP))
            else:
                balance = owed - monthly
    interest = monthly * (months - 1) + last - principal
    return Instalments(
        price=price,
        down=down,
        principal=principal,
        months=months,
        monthly=monthly,
        last=last,
        interest=interest,
        fee=fee,
        yearly_rate_bp=_effective_rate_bp(principal - fee, monthly, last, months),
    )


def borrowable(*, monthly: int, months: int, annual_rate_bp: int) -> int:
    """The largest principal whose equal instalment stays within `monthly`, in fen.

    The annuity formula of `instalments` the other way round, cut to the fen. Raises ValueError
    for less than one month or no instalment.
    """
    if months < 1 or monthly < 1:
        raise ValueError("a loan runs for at least one month, with an instalment above nothing")
    with localcontext() as context:
        context.prec = PRECISION
        rate = Decimal(annual_rate_bp) / 10000 / 12
        if not rate:
            return monthly * months
        factor = (1 + rate) ** months
        return int(Decimal(monthly) * (factor - 1) / (rate * factor))


HUNDRED_YUAN = 100 * 100


def least_down(
    *, price: int, monthly: int, months: int, annual_rate_bp: int, min_down_bp: int
) -> int | None:
    """The smallest down payment, in whole hundreds of yuan, that keeps the instalment within
    `monthly` and the share that the plan asks for; None if nothing is left to borrow then."""
    loan = borrowable(monthly=monthly, months=months, annual_rate_bp=annual_rate_bp)
    share = -(-price * min_down_bp // 10000)
    down = -(-max(price - loan, share, 0) // HUNDRED_YUAN) * HUNDRED_YUAN
    return down if down < price else None


def _effective_rate_bp(received: int, monthly: int, last: int, months: int) -> int:
    """The effective yearly rate: the monthly rate that makes the payments worth what was
    received, compounded over twelve months (the usual definition of APR in the EU and of
    年化利率 by the internal rate of return)."""

    def worth(rate: float) -> float:
        discount, value = 1.0, 0.0
        for month in range(1, months + 1):
            discount /= 1 + rate
            value += (last if month == months else monthly) * discount
        return value

    if monthly * (months - 1) + last <= received:
        return 0
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if worth(middle) > received:
            low = middle
        else:
            high = middle
    return round(((1 + high) ** 12 - 1) * 10000)

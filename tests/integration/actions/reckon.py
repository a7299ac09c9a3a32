"""What bills and loans come to, reckoned from the demo's files with exact fractions.

Deliberately another way than the services take, so that the two check each other.
"""

from fractions import Fraction
from typing import Any

from tests.integration.actions import demo


def rounded(value: Fraction) -> int:
    """To the whole fen, halves away from nothing."""
    return int(value + Fraction(1, 2))


def _per(row: dict[str, Any], key: str, default: float = 100) -> Fraction:
    return Fraction(str(row.get(key, default))) / 100


def charge(row: dict[str, Any], trim: dict[str, Any], paid: int) -> int:
    """What one row of the fees charges, in fen."""
    if row["rule"] == "fixed":
        return int(row["amount"]) * 100
    if row["rule"] in ("by_seats", "by_displacement"):
        value = trim["seats"] if row["rule"] == "by_seats" else trim["displacement_ml"]
        _, amount = min((bound, amount) for bound, amount in row["up_to"] if value <= bound)
        return int(amount) * 100
    if row["rule"] == "percent_of_price":
        return rounded(paid * _per(row, "rate_percent")) + int(row.get("base", 0)) * 100
    full = Fraction(paid) / (1 + _per(row, "vat_percent")) * _per(row, "rate_percent")
    spared = full * (1 - _per(row, "share_percent"))
    if "relief_max" in row:
        spared = min(spared, Fraction(row["relief_max"] * 100))
    return rounded(full - spared)


def bill(trim_code: str, discount: int = 0) -> dict[str, tuple[dict[str, Any], int]]:
    """Line → (the row that applies, what it charges), for a trim at its list price."""
    trim = demo.trims()[trim_code]
    paid = demo.prices()[trim_code] - discount
    lines: dict[str, tuple[dict[str, Any], int]] = {}
    for row in demo.read("fees")["fees"]:
        if not row.get("energies") or trim["energy"] in row["energies"]:
            lines.setdefault(row["line"], (row, charge(row, trim, paid)))
    return lines


def discount(trim_code: str) -> int:
    """The cash offers of the demo that hold in November 2026, in fen."""
    model = demo.trims()[trim_code]["model"]["code"]
    return sum(
        row["amount"] * 100
        for row in demo.read("promotions")["promotions"]
        if row["kind"] == "cash"
        and row.get("model") in (None, model)
        and row.get("trim") in (None, trim_code)
        and "valid_until" not in row
    )


def monthly(principal: int, months: int, percent: float) -> int:
    """The equal instalment: the sum of the discounted instalments is the principal."""
    rate = Fraction(str(percent)) / 1200
    worth = sum((1 / (1 + rate) ** month for month in range(1, months + 1)), Fraction(0))
    return rounded(principal / worth)


def interest(principal: int, months: int, percent: float) -> int:
    """What is paid beyond the principal, by writing out every month of the loan."""
    rate = Fraction(str(percent)) / 1200
    instalment = monthly(principal, months, percent)
    owed, paid = Fraction(principal), 0
    for _ in range(months - 1):
        owed = owed * (1 + rate) - instalment
        paid += instalment
    return paid + rounded(owed * (1 + rate)) - principal


def effective(received: int, instalment: int, last: int, months: int) -> float:
    """The yearly rate in percent at which the payments are worth what was received, found by
    Newton's method on the monthly discount factor."""
    paid = [float(instalment)] * (months - 1) + [float(last)]
    if sum(paid) <= received:
        return 0.0
    factor = 0.999
    for _ in range(100):
        worth = sum(amount * factor**month for month, amount in enumerate(paid, 1))
        slope = sum(amount * month * factor ** (month - 1) for month, amount in enumerate(paid, 1))
        factor -= (worth - received) / slope
    return float((factor**-12 - 1) * 100)

"""The figures that a conversation must tell, computed from the demo dealership's own files.

Independent of the code under test: the rules are written out here once more, from the same
records. An expression names a figure: `price shanyu`, `price shanyu max`, `onroad TRIM`,
`instalment TRIM PLAN DOWN% MONTHS`, `service ITEM MODEL`, `services MODEL ITEM ITEM …` (their
sum), `parts ITEM MODEL`, `feature CODE MODEL-OR-TRIM`, `gap TRIM TRIM`, `number 45`.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEMO = Path(__file__).parents[3] / "demo"
CENT = Decimal("0.01")
Figures = set[Decimal]

_CHINESE = re.compile(r"([\d,]+(?:\.\d+)?) ?(万?)元")
_ENGLISH = re.compile(r"CNY ([\d,]+(?:\.\d+)?)(?:(?: to |–|-)(?:CNY )?([\d,]{5,}(?:\.\d+)?))?")
_NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?")


def money(text: str) -> Figures:
    """Every amount of money in an answer, in yuan: `11.98 万元`, `500 元`, `CNY 119,800`."""
    found = {_decimal(n) * (10_000 if unit else 1) for n, unit in _CHINESE.findall(text)}
    for pair in _ENGLISH.findall(text):
        found |= {_decimal(number) for number in pair if number}
    return found


def numbers(text: str) -> Figures:
    """Every number in an answer, whatever its unit."""
    return {_decimal(number) for number in _NUMBER.findall(text)} | money(text)


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", "").rstrip("."))


@cache
def _file(name: str) -> Any:
    return yaml.safe_load((DEMO / f"{name}.yaml").read_text())


def _prices(model_or_trim: str) -> dict[str, Decimal]:
    """List prices by trim, of one trim or of all trims of a model."""
    return {
        row["trim"]: Decimal(row["price"])
        for row in _file("prices")["prices"]
        if row["trim"] == model_or_trim or _model_of(row["trim"])["code"] == model_or_trim
    }


@cache
def _models() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _file("catalogue")["models"]
    return found


def _model_of(trim: str) -> dict[str, Any]:
    return next(m for m in _models() if any(t["code"] == trim for t in m["trims"]))


def _trim(code: str) -> dict[str, Any]:
    return next(t for m in _models() for t in m["trims"] if t["code"] == code)


def dearest(model: str) -> str:
    """The trim of a model with the highest list price."""
    prices = _prices(model)
    return max(prices, key=lambda trim: prices[trim])


def _price(of: str, which: str = "all") -> Figures:
    own = set(_prices(of).values())
    if not own:
        raise ValueError(f"no price of {of}")
    return own if which == "all" else {max(own) if which == "max" else min(own)}


def _cash(trim: str) -> Decimal:
    """Valid on the day on which the conversations take place."""
    model = _model_of(trim)["code"]
    return sum(
        (
            Decimal(row["amount"])
            for row in _file("promotions")["promotions"]
            if row["kind"] == "cash" and "valid_from" not in row
            and (row.get("trim") or trim) == trim and row["model"] == model
        ),
        Decimal(0),
    )  # fmt: skip


def _energy(trim: str) -> str:
    return str(_trim(trim)["energy"])


def _onroad(trim: str, which: str = "total") -> Figures:
    """`total` without the optional lines; `tax` is the purchase tax alone."""
    price = _prices(trim)[trim] - _cash(trim)
    energy = _energy(trim)
    plug = energy in ("plug_in_hybrid", "electric")
    tax = price / Decimal("1.13") / 10
    if plug:
        tax = max(tax / 2, tax - 15_000)
    tax = tax.quantize(CENT, ROUND_HALF_UP)
    if which == "tax":
        return {tax}
    seats = int(_trim(trim)["seats"])
    displacement = _trim(trim).get("displacement_ml")
    vehicle_tax = Decimal(0)
    if not plug:
        steps = _fee("vehicle-tax")["up_to"]
        vehicle_tax = Decimal(next(amount for bound, amount in steps if displacement <= bound))
    insurance = next(a for bound, a in _fee("compulsory-insurance")["up_to"] if seats <= bound)
    return {
        price + tax + vehicle_tax + Decimal(insurance) + Decimal(_fee("registration")["amount"])
    }


def _fee(code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in _file("fees")["fees"] if row["code"] == code)
    return found


def _instalment(trim: str, plan: str, down: str, months: str) -> Figures:
    """Equal instalments on the price less promotions; `down` as `30%` or in yuan."""
    [terms] = [row for row in _file("finance")["finance_plans"] if row["code"] == plan]
    price = _prices(trim)[trim] - _cash(trim)
    paid = price * Decimal(down[:-1]) / 100 if down.endswith("%") else Decimal(down)
    loan = price - paid
    rate = Decimal(str(terms["annual_rate_percent"])) / 1200
    count = int(months)
    monthly = loan / count if not rate else loan * rate / (1 - (1 + rate) ** -count)
    return {monthly.quantize(CENT, ROUND_HALF_UP)}


def _service_row(item: str, model: str) -> dict[str, Any]:
    [menu] = [row for row in _file("service")["service_items"] if row["code"] == item]
    own = [row for row in menu["prices"] if model in row.get("models", [])]
    common = [row for row in menu["prices"] if "models" not in row]
    row: dict[str, Any] = (own or common)[0]
    return row


def _service(item: str, model: str) -> Figures:
    row = _service_row(item, model)
    return {Decimal(row["parts"] + row["labour"])}


def _services(model: str, *items: str) -> Figures:
    return {sum((max(_service(item, model)) for item in items), Decimal(0))}


def _parts(item: str, model: str) -> Figures:
    return {Decimal(_service_row(item, model)["parts"])}


def _value(code: str, model: dict[str, Any], trim: dict[str, Any]) -> Any:
    """A feature of a trim: its own, that of the trim it is like, that of the model."""
    own = trim.get("features") or {}
    if code in own:
        return own[code]
    if "like" in trim:
        return _value(code, model, _trim(trim["like"]))
    return (model.get("features") or {}).get(code)


def _feature(code: str, of: str) -> Figures:
    """The numbers among the values of a feature: of one trim, or of all trims of a model."""
    model = next((m for m in _models() if m["code"] == of), None)
    trims = model["trims"] if model else [_trim(of)]
    values = [_value(code, model or _model_of(of), trim) for trim in trims]
    return {Decimal(str(value)) for value in values if isinstance(value, int | float)}


def _gap(one: str, other: str) -> Figures:
    return {abs(_prices(one)[one] - _prices(other)[other])}


_EXPRESSIONS: dict[str, Callable[..., Figures]] = {
    "price": _price,
    "onroad": _onroad,
    "instalment": _instalment,
    "service": _service,
    "services": _services,
    "parts": _parts,
    "feature": _feature,
    "gap": _gap,
    "number": lambda text: {Decimal(text)},
}


def evaluate(expression: str) -> Figures:
    """The figures that an expression names. Raises ValueError for one that names none."""
    name, *arguments = expression.split()
    if name not in _EXPRESSIONS:
        raise ValueError(f"no such figure: {expression}")
    found = _EXPRESSIONS[name](*arguments)
    if not found:
        raise ValueError(f"{expression} has no value")
    return found

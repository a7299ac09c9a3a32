"""The demo dealership as its files say it, read without the code under test."""

from functools import cache
from typing import Any

import yaml

from tests.integration.actions.dialogue import ROOT

WAN = 1_000_000


@cache
def read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "demo" / f"{name}.yaml").read_text())
    return loaded


@cache
def prices() -> dict[str, int]:
    """Trim → list price in fen."""
    return {row["trim"]: row["price"] * 100 for row in read("prices")["prices"]}


@cache
def models() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read("catalogue")["models"]
    return found


@cache
def trims() -> dict[str, dict[str, Any]]:
    """Trim code → its row, with the model's under `model`."""
    return {trim["code"]: {**trim, "model": model} for model in models() for trim in model["trims"]}


def trims_of(model: str) -> list[str]:
    return [code for code, trim in trims().items() if trim["model"]["code"] == model]


def promotion(code: str) -> dict[str, Any]:
    return next(row for row in read("promotions")["promotions"] if row["code"] == code)


def plan(code: str) -> dict[str, Any]:
    return next(row for row in read("finance")["finance_plans"] if row["code"] == code)


def statement(code: str) -> dict[str, Any]:
    return next(row for row in read("statements")["statements"] if row["code"] == code)


def service_price(item: str, model: str | None = None) -> tuple[int, int]:
    """Parts and labour in fen: the price for the very model, else the general one."""
    rows = next(row for row in read("service")["service_items"] if row["code"] == item)["prices"]
    fitting = [row for row in rows if model in row.get("models", ())]
    general = [row for row in rows if "models" not in row]
    row = (fitting or general)[0]
    return row["parts"] * 100, row["labour"] * 100


def wan(fen: int) -> str:
    """`13.98 万元`"""
    text = f"{fen / WAN:.4f}".rstrip("0").rstrip(".")
    return f"{text} 万元"


def yuan(fen: int, language: str = "zh") -> str:
    """`129,800 元`, `CNY 129,800`"""
    whole, rest = divmod(fen, 100)
    text = f"{whole:,}" + (f".{rest:02d}" if rest else "")
    return f"CNY {text}" if language == "en" else f"{text} 元"

"""What the demo dealership's own files say: the figures that the assistant must tell."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEMO = Path(__file__).parents[2] / "demo"


@cache
def _file(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEMO / name).read_text())
    return read


def trim_prices(model: str) -> dict[str, int]:
    """List prices in yuan by trim."""
    return {
        row["trim"]: row["price"]
        for row in _file("prices.yaml")["prices"]
        if row["trim"].startswith(f"{model}-")
    }


def service_price(item: str, model: str) -> int:
    """Yuan, parts and labour together; a price for the model goes before one for all."""
    [menu] = [row for row in _file("service.yaml")["service_items"] if row["code"] == item]
    own = [row for row in menu["prices"] if model in row.get("models", [])]
    common = [row for row in menu["prices"] if "models" not in row]
    price = (own or common)[0]
    return int(price["parts"] + price["labour"])


def amounts(text: str) -> set[int]:
    """Every amount of money in an answer, in yuan: `11.98 万元`, `500 元`, `CNY 119,800`."""
    chinese = re.findall(r"([\d,]+(?:\.\d+)?) ?(万?)元", text)
    english = re.findall(r"CNY ([\d,]+)|(?<= to )([\d,]{6,})", text)
    return {
        int(Decimal(number.replace(",", "")) * (10_000 if unit else 1)) for number, unit in chinese
    } | {int("".join(found).replace(",", "")) for found in english}

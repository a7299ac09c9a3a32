"""A short notation for values, so that expectations can be written and checked by hand.

``time 2026-11-28 15:00-16:00``, ``time 2026-11-25..2026-11-27 about``, ``time 07:00 or 19:00``,
``money 150000..200000 budget`` (whole units; ``..200000`` at most, ``200000..`` at least),
``ratio 30 down_payment``, ``months 36``, ``mileage 48000 about``, ``phone +86… invalid``,
``plate 浙AD12345 new_energy``, ``vin … doubtful`` (its check digit), ``person 李 女士``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from values import Mention


def read_sentences(name: str) -> list[tuple[str, list[str]]]:
    """Sentences of a file beside this one, each with its values in the notation."""
    sentences: list[tuple[str, list[str]]] = []
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            sentences.append((line, []))
        elif line.strip() != "-":
            sentences[-1][1].append(line.strip())
    return sentences


def written(mention: Mention) -> str:
    """A mention in the notation; whatever is not said is left out."""
    return " ".join([mention.kind, *_WRITERS[mention.kind](mention.value)])


def _flags(value: dict[str, Any], *names: str) -> list[str]:
    return [{"approximate": "about"}.get(name, name) for name in names if value.get(name)]


def _range(first: object, last: object, link: str) -> str:
    return str(first) if last is None else f"{first}{link}{last}"


def _time(value: dict[str, Any]) -> list[str]:
    said = [_range(value["date"], value["date_end"], "..")] if value["date"] else []
    if value["time"]:
        said.append(_range(value["time"], value["time_end"], "-"))
    elif value["part"]:
        said.append(value["part"])
    said.extend(f"or {other}" for other in value["ambiguous"])
    return said + _flags(value, "approximate", "past", "repeated")


def _money(value: dict[str, Any]) -> list[str]:
    def units(minor: int | None) -> str:
        return "" if minor is None else f"{minor / 100:g}" if minor % 100 else str(minor // 100)

    ranged = value["amount"] is None
    said = f"{units(value['min'])}..{units(value['max'])}" if ranged else units(value["amount"])
    currency = [] if value["currency"] == "CNY" else [value["currency"]]
    role = [value["role"]] if value["role"] else []
    return [said, *currency, *role, *_flags(value, "approximate")]


def _ratio(value: dict[str, Any]) -> list[str]:
    return [str(value["percent"]), *([value["role"]] if value["role"] else [])]


def _phone(value: dict[str, Any]) -> list[str]:
    extension = ["extension", value["extension"]] if "extension" in value else []
    return [value["number"], *extension, *([] if value["valid"] else ["invalid"])]


def _plate(value: dict[str, Any]) -> list[str]:
    invalid = [] if value["valid"] else ["invalid"]
    return [value["plate"], *_flags(value, "new_energy"), *invalid]


_WRITERS: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "time": _time,
    "money": _money,
    "ratio": _ratio,
    "months": lambda value: [str(value["months"])],
    "mileage": lambda value: [str(value["km"]), *_flags(value, "approximate")],
    "phone": _phone,
    "plate": _plate,
    "vin": lambda value: [value["vin"], *([] if value["check_ok"] else ["doubtful"])],
    "person": lambda value: [value["name"], *([value["title"]] if value["title"] else [])],
    "number": lambda value: [value["reference"]],
}

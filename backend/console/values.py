"""How a value that was read from a customer's sentence is shown to staff, in one line."""

import json
from typing import Any

# What a person reads first, by the keys of the value's form.
PLAIN = ("national", "number", "plate", "vin", "name", "reference", "text")
TIMES = ("date", "date_end", "time", "time_end", "part")
UNITS = (("km", "{} km"), ("months", "× {}"), ("percent", "{}%"))


def yuan(fen: int) -> str:
    """¥1,280 or ¥1,280.50."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{whole:,}" + (f".{rest:02d}" if rest else "")


def essence(value: Any) -> str:
    """The meaning of a value; JSON for a form that is not known here."""
    if isinstance(value, dict):
        found = _known(value)
        if found:
            return found
        value = {key: item for key, item in value.items() if item not in (None, "", [], False)}
    return json.dumps(value, ensure_ascii=False)


def _known(value: dict[str, Any]) -> str:
    if "currency" in value:
        bounds = [value.get(key) for key in ("amount", "min", "max")]
        return "–".join(yuan(fen) for fen in bounds if isinstance(fen, int))
    if "grain" in value:
        told = TIMES[:-1] if value.get("time") else TIMES  # "afternoon" adds nothing to 15:00
        return " ".join(str(value[key]) for key in told if value.get(key))
    for key, form in UNITS:
        if value.get(key) is not None:
            return form.format(value[key])
    for key in PLAIN:
        if isinstance(value.get(key), str) and value[key]:
            title = value.get("title")
            return f"{value[key]}{title}" if key == "name" and title else str(value[key])
    return ""

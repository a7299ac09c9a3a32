"""The words in which the assistant refuses and offers, for others who say the same to a customer.

They stand once, among the responses of `domain.yml`: staff who enter what came by phone read to
the customer what he would have read in the chat.
"""

from functools import cache
from string import Formatter
from typing import Any

import yaml

from backend.settings import ROOT


@cache
def _responses() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded = yaml.load((ROOT / "domain.yml").read_text("utf-8"), Loader=loader)  # noqa: S506
    found: dict[str, Any] = loaded["responses"]
    return found


def worded(name: str, language: str, **values: object) -> str:
    """A response in one language, filled in; what has no value is left out. Raises KeyError for
    a response that there is not."""
    variations = _responses()[name]
    text: str = next(
        one["text"]
        for one in variations
        if one.get("condition", [{"value": language}])[0]["value"] == language
    )
    names = {field for _, field, _, _ in Formatter().parse(text) if field}
    return text.format(**{field: values.get(field, "") for field in names}).strip()

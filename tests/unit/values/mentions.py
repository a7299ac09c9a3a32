"""What holds for the mentions of any text."""

from __future__ import annotations

import json

from values import Mention


def check_mentions(text: str, found: list[Mention]) -> None:
    """In order, without overlaps, quoting the text, with values that JSON can carry."""
    behind = 0
    for mention in found:
        assert behind <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        behind = mention.end
        json.dumps(mention.value)

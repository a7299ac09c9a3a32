"""Customers' text on its way to Rasa: never a command, and every character where it was.

Rasa obeys a message that begins with a slash. Only payloads of buttons, which the backend looked
up itself, may do so.
"""

from __future__ import annotations

import unicodedata

_FULL_WIDTH_SLASH = "\uff0f"
_INVISIBLE = "\u200b"
_REPLACEMENT = "\ufffd"
_SPACES = "\t\n\r"


def _clean(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cc" and char not in _SPACES:
        # Some databases refuse NUL, some terminals obey the others.
        return _INVISIBLE
    # A lone surrogate cannot be encoded, and so neither stored nor answered.
    return _REPLACEMENT if category == "Cs" else char


def inert(text: str) -> str:
    """The text without control characters, lone surrogates and a slash that Rasa would obey.

    Every character becomes exactly one, so that offsets into the result are offsets into ``text``.
    A slash counts as leading behind any white space and anything invisible.
    """
    cleaned = "".join(_clean(char) for char in text)
    for index, char in enumerate(cleaned):
        if char.isspace() or unicodedata.category(char) in ("Cf", "Cc"):
            continue
        if char == "/":
            return cleaned[:index] + _FULL_WIDTH_SLASH + cleaned[index + 1 :]
        break
    return cleaned

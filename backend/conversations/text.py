"""What becomes of a customer's text before it is stored."""

import re
import unicodedata

from backend.errors import InvalidError, TooLargeError

# PostgreSQL stores no NUL, terminals and logs obey the others; tab and newline are text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z']{2,}")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_INVISIBLE = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))
"""Unicode categories of what leaves no mark: zero width, direction marks, blanks of all widths."""


def readable(text: str) -> bool:
    """Whether anything in `text` can be seen."""
    return any(unicodedata.category(char) not in _INVISIBLE for char in text)


def language_of(text: str) -> str | None:
    """`zh` or `en` by its letters alone; None when they do not tell, as in a name or a number."""
    han, words = len(_HAN.findall(text)), len(_WORD.findall(text))
    # A Chinese word has a character and a half, on average.
    if han and han / 1.5 >= words:
        return "zh"
    return "en" if words >= 2 else None


def clean(text: str, limit: int) -> str:
    """`text` as it may be stored: no control characters, no half surrogates, no outer blanks.

    Raises TooLargeError over `limit` characters and InvalidError when nothing readable is left.
    """
    if len(text) > limit:
        raise TooLargeError(f"a message may hold {limit} characters")
    kept = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text)).strip()
    if not readable(kept):
        raise InvalidError("the message is empty", code="empty_message")
    return kept


def stored(text: str, limit: int) -> str:
    """`text` of a platform, which cannot be refused: cleaned, and cut to `limit` characters."""
    kept = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text)).strip()
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"

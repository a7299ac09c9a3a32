"""What becomes of a customer's text before it is stored."""

import re

from backend.errors import InvalidError, TooLargeError

# PostgreSQL stores no NUL, terminals and logs obey the others; tab and newline are text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str, limit: int) -> str:
    """`text` as it may be stored: no control characters, no half surrogates, no outer blanks.

    Raises TooLargeError over `limit` characters and InvalidError when nothing readable is left.
    """
    if len(text) > limit:
        raise TooLargeError(f"a message may hold {limit} characters")
    kept = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text)).strip()
    if not kept.strip("\u200b\u200c\u200d\u2060\ufeff"):
        raise InvalidError("the message is empty", code="empty_message")
    return kept

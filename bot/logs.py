"""Keeps customers' phone numbers out of the logs of Rasa's process.

Rasa and its libraries write slots, events and error texts to the log where they see fit. What
looks like a phone number is masked on the way to every handler, tracebacks included.
"""

from __future__ import annotations

import logging
import re

_PHONE = re.compile(r"\d{9,}|1[3-9]\d[ -]\d{4}[ -]\d{4}")
_MASK = "[number]"
_LOGGERS = ("", "rasa", "sanic.root", "sanic.error", "sanic.access")
_FORMATTER = logging.Formatter()


def masked(text: str) -> str:
    """The text with phone numbers and other long numbers replaced."""
    return _PHONE.sub(_MASK, text)


class MaskNumbers(logging.Filter):
    """Lets every record through, masked. Works on a handler, after all loggers."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = masked(record.exc_text)
        return True


def mask_numbers() -> None:
    """Masks on all handlers that there are now; calling it again changes nothing."""
    for name in _LOGGERS:
        for handler in logging.getLogger(name).handlers:
            if not any(isinstance(known, MaskNumbers) for known in handler.filters):
                handler.addFilter(MaskNumbers())

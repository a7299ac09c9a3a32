"""Numbers of bookings and complaints, as the system hands them out: TD261128-0001."""

from __future__ import annotations

import re

from values.mention import Mention
from values.text import Text, normalise

# TD test drive, SV service visit, CP complaint; day as yymmdd, running number
_REFERENCE = re.compile(r"(?<![0-9a-z])(td|sv|cp)[ \-]?(\d{6})[ \-]?(\d{4})(?![0-9a-z])")


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    return [
        text.mention(
            "number",
            *match.span(),
            {"reference": f"{match[1].upper()}{match[2]}-{match[3]}"},
        )
        for match in _REFERENCE.finditer(text.norm)
    ]


def find(text: str) -> list[Mention]:
    """References in ``text``: kind ``number``, value ``{"reference": "TD261128-0001"}``.

    Lower case, full width, a space or nothing in place of the dash are accepted.
    """
    return read(normalise(text))

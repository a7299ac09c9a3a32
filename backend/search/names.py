"""Customers by parts of their names, in whichever characters they wrote them.

Customers are far fewer than messages and their names are short: they are looked through.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from sqlalchemy import ColumnElement, and_

from backend.models import Customer
from backend.search.folding import fold
from backend.search.terms import Query, Run
from values.characters import simplified_forms

LONGEST = 40


@dataclass(frozen=True)
class Names:
    """All these parts are in the name."""

    parts: tuple[str, ...]

    @cached_property
    def _patterns(self) -> list[str]:
        """Each character in all of its forms, `[陈陳][伟偉]`. Parts are letters and Chinese: none
        means anything to a pattern."""
        return ["".join(f"[{_forms(char)}]" for char in part) for part in self.parts]

    def fit(self, name: str) -> bool:
        return all(re.search(pattern, name) for pattern in self._patterns)

    def condition(self, dialect: str) -> ColumnElement[bool]:
        """The same for the database."""
        patterns = self._patterns
        if dialect == "sqlite":
            return and_(*(Customer.name.op("GLOB")(f"*{pattern}*") for pattern in patterns))
        return and_(*(Customer.name.op("~")(pattern) for pattern in patterns))


def names(query: Query) -> Names | None:
    """None when what is looked for cannot be a name."""
    for way in query.ways[:1]:
        parts = tuple(term.text for term in way)
        letters = all(isinstance(term, Run) or term.text.isalpha() for term in way)
        if letters and sum(map(len, parts)) <= LONGEST:
            return Names(parts)
    return None


@lru_cache(maxsize=1)
def _others() -> dict[str, str]:
    """By a character as it is compared the others that stand for it: 伟 for 偉, e for É and Ｅ."""
    found: dict[str, str] = {}
    letters = chain(range(0x21, 0x180), range(0x370, 0x530), range(0xFF01, 0xFF5F))
    for char in map(chr, chain(letters, simplified_forms())):
        form = fold(char)
        if form != char:
            found[form] = found.get(form, "") + char
    return found


def _forms(char: str) -> str:
    return char + _others().get(char, "")

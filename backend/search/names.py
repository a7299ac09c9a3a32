"""Customers by parts of their names, in whichever characters they wrote them.

Customers are far fewer than messages and their names are short: they are looked through.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

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

    def fit(self, name: str) -> bool:
        form = fold(name)
        return all(part in form for part in self.parts)

    def condition(self, dialect: str) -> ColumnElement[bool]:
        """The same for the database, that knows nothing of our forms: each character in all of
        its forms, `[陈陳][伟偉]`. Parts are letters, digits and Chinese: no pattern is in them."""
        patterns = ["".join(f"[{_forms(char)}]" for char in part) for part in self.parts]
        if dialect == "sqlite":
            return and_(*(Customer.name.op("GLOB")(f"*{pattern}*") for pattern in patterns))
        return and_(*(Customer.name.op("~")(pattern) for pattern in patterns))


def names(query: Query) -> Names | None:
    """None when what is looked for cannot be a name."""
    for way in query.ways[:1]:
        parts = tuple(term.text for term in way)
        letters = any(isinstance(term, Run) or term.text.isalpha() for term in way)
        if letters and sum(map(len, parts)) <= LONGEST:
            return Names(parts)
    return None


@lru_cache(maxsize=1)
def _traditional() -> dict[str, str]:
    """The traditional characters of each simplified one."""
    found: dict[str, str] = {}
    for code, simple in simplified_forms().items():
        found[simple] = found.get(simple, "") + chr(code)
    return found


def _forms(char: str) -> str:
    return "".join(dict.fromkeys(_spellings(char)))


def _spellings(char: str) -> Iterable[str]:
    yield char
    if "!" <= char <= "~":
        yield from (char.upper(), chr(ord(char) + 0xFEE0), chr(ord(char.upper()) + 0xFEE0))
    elif len(char.upper()) == 1:
        yield char.upper()
    yield from _traditional().get(char, "")

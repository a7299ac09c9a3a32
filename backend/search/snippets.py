"""The words around what was found, in pieces: whoever shows them escapes each and marks some."""

from dataclasses import dataclass

from backend.search.folding import folded
from backend.search.terms import Query, Said, spans

BEFORE = 20
"""Characters in front of the first finding."""
LONGEST = 120
"""Characters of a snippet; a long finding may be cut."""


@dataclass(frozen=True)
class Part:
    """`found` where it is what was looked for."""

    text: str
    found: bool = False


def snippet(text: str, query: Query, said: Said) -> tuple[Part, ...]:
    """The part of `text`, which is wanted by `query`, with the first finding in it.

    Joined, the parts are that part of the text as it was written, with an ellipsis where it
    goes on.
    """
    terms = [term for way in query.ways if said.has_all(way) for term in way]
    it = folded(text)
    found = [it.span(start, end) for start, end in spans(it.form, terms)]
    first = found[0][0] if found else 0
    begin = first - BEFORE if first > BEFORE + 5 else 0
    if begin and f"{text[begin - 1]}{text[begin]}".isascii():
        # Not in the middle of a word that has spaces around it.
        begin = text.find(" ", begin - 1, first - 1) + 1 or begin
    end = begin + LONGEST if len(text) > begin + LONGEST + 5 else len(text)
    parts = [Part("…")] if begin else []
    at = begin
    for start, stop in found:
        if start >= end:
            break
        parts += [Part(text[at:start]), Part(text[max(start, at) : min(stop, end)], found=True)]
        at = min(stop, end)
    parts.append(Part(text[at:end] + ("…" if end < len(text) else "")))
    return tuple(part for part in parts if part.text)

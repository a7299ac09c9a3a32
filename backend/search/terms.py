"""What a text is found by, and what of it a query asks for.

Chinese has no spaces: a run of it is indexed by every pair of neighbouring characters, and by
its last character alone. So each single character begins some entry of the index, two are one
entry, and more are several that must all be there, confirmed in the text itself. Other words
are entries of their own; telephone numbers and plates are so too in one piece, however they
were divided.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from backend.search.folding import fold
from values.plate import PROVINCES

LONGEST_ENTRY = 32
"""Characters of a word that are indexed; the text itself decides about the rest."""
MOST_ASKED = 24
"""Entries of a query that the index is asked for; the text itself decides about the rest."""
LONGEST_QUERY = 2000

_HAN = (
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"  # ideographs
    "\u3041-\u30ff\u3105-\u312f\uac00-\ud7af"  # kana, bopomofo, hangul: no spaces there either
)
_RUN = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+)")
_GAP = "[ .()·-]{0,3}"
_PHONE = re.compile(
    r"(?<![0-9a-z])(?:"
    rf"(?:(?:\+|00)?86{_GAP})?(1[3-9][0-9](?:{_GAP}[0-9]){{8}})"  # a mobile
    rf"|(0[0-9]{{2,3}}){_GAP}([2-9][0-9]{{2,3}}){_GAP}([0-9]{{4}})"  # a landline with its area
    rf"|([48]00){_GAP}([0-9]{{3}}){_GAP}([0-9]{{4}})"  # a service number
    rf"|\+([0-9]{{1,3}}(?:{_GAP}[0-9]){{6,12}})"
    r")(?![0-9a-z])"
)
_ONLY_DIGITS = re.compile(r"[+0-9][0-9 .()·-]*")
_MOBILE_ABROAD = re.compile(r"(?:00)?86(?=1[3-9])")
_PLATE = re.compile(
    rf"([{''.join(sorted(PROVINCES))}])[ .·•-]{{0,2}}([a-z])[ .·•-]{{0,2}}"
    r"([a-z0-9]{4,6}[挂学警港澳]?)(?![a-z0-9])"
)
_LONGEST_NUMBER = 15


@dataclass(frozen=True)
class Run:
    """Characters of Chinese that stand side by side."""

    text: str


@dataclass(frozen=True)
class Word:
    """A word or a number; with `open_end` as its beginning."""

    text: str
    open_end: bool = False


Term = Run | Word


@dataclass(frozen=True)
class Entry:
    """One entry of the index; with `open_end` all that begin so."""

    text: str
    open_end: bool = False


@dataclass(frozen=True)
class Query:
    """Wanted is a text that has every term of one of the `ways`; none when there is no way."""

    ways: tuple[tuple[Term, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ways)

    def entries(self) -> tuple[tuple[Entry, ...], ...]:
        """What the index must hold of a text, way by way; a text may have it and still not
        be wanted (see `Said.wanted`)."""
        asked = [
            dict.fromkeys(entry for term in way for entry in _asked(term)) for way in self.ways
        ]
        return tuple(tuple(way)[:MOST_ASKED] for way in asked)


def _asked(term: Term) -> Iterator[Entry]:
    if isinstance(term, Word):
        yield Entry(term.text[:LONGEST_ENTRY], term.open_end)
    elif len(term.text) == 1:
        yield Entry(term.text, open_end=True)
    else:
        yield from (Entry(pair) for pair in _pairs(term.text))


def _pairs(run: str) -> Iterator[str]:
    return (run[index : index + 2] for index in range(len(run) - 1))


@dataclass(frozen=True)
class Said:
    """A text as queries are compared with it."""

    form: str
    words: frozenset[str] = field(default_factory=frozenset)

    def wanted(self, query: Query) -> bool:
        return any(self.has_all(way) for way in query.ways)

    def has_all(self, terms: Iterable[Term]) -> bool:
        return all(self._has(term) for term in terms)

    def _has(self, term: Term) -> bool:
        if isinstance(term, Run):
            return term.text in self.form
        if term.open_end:
            return any(word.startswith(term.text) for word in self.words)
        return term.text in self.words


def said(text: str) -> Said:
    form = fold(text)
    words = (run[2] for run in _RUN.finditer(form) if run[2])
    return Said(form, frozenset((*words, *(piece for _, _, piece in _whole(form)))))


def entries(text: str) -> list[str]:
    """What the index holds of a text, each once: letters, digits and Chinese only."""
    form = fold(text)
    found: dict[str, None] = {}
    for run in _RUN.finditer(form):
        if run[1]:
            found.update(dict.fromkeys(_pairs(run[1])))
            found[run[1][-1]] = None
        else:
            found[run[2][:LONGEST_ENTRY]] = None
    found.update(dict.fromkeys(piece for _, _, piece in _whole(form)))
    return list(found)


def parse(text: str) -> Query:
    """What a member of staff looks for; the last word may be its beginning only.

    Everything that is no letter, digit or Chinese character divides words and means nothing
    else. Never raises.
    """
    form = fold(text[:LONGEST_QUERY]).strip()
    plain = _terms(form)
    ways = [plain] if plain else []
    whole = list(_whole(form))
    if _ONLY_DIGITS.fullmatch(form) and len(_digits(form)) <= _LONGEST_NUMBER:
        piece = _MOBILE_ABROAD.sub("", _digits(form))
        whole = [(0, len(form), piece)] if piece else []
    if whole:
        rest = form
        for start, end, _ in whole:
            rest = rest[:start] + " " * (end - start) + rest[end:]
        pieces = [Word(piece, open_end=end == len(form)) for _, end, piece in whole]
        ways.append((*pieces, *_terms(rest)))
    return Query(tuple(dict.fromkeys(ways)))


def _terms(form: str) -> tuple[Term, ...]:
    found: list[Term] = []
    for run in _RUN.finditer(form):
        found.append(Run(run[1]) if run[1] else Word(run[2], open_end=run.end() == len(form)))
    return tuple(dict.fromkeys(found))


def _whole(form: str) -> Iterator[tuple[int, int, str]]:
    """Telephone numbers and plates that spaces or signs may divide: start, end, in one piece."""
    for number in _PHONE.finditer(form):
        piece = _digits("".join(part for part in number.groups() if part))
        if piece != number[0]:
            yield number.start(), number.end(), piece
    for plate in _PLATE.finditer(form):
        yield plate.start(), plate.end(), plate[1] + plate[2] + plate[3]


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def spans(form: str, terms: Iterable[Term]) -> list[tuple[int, int]]:
    """Where the terms stand in a folded text, in order and without overlaps."""
    terms = list(terms)
    runs = {term.text for term in terms if isinstance(term, Run)}
    words = [term for term in terms if isinstance(term, Word)]

    def called(word: str) -> int:
        """How many characters of the word are asked for."""
        fits = [w for w in words if (word.startswith(w.text) if w.open_end else word == w.text)]
        return max((len(w.text) for w in fits), default=0)

    found = [(at.start(), at.end()) for run in runs for at in re.finditer(re.escape(run), form)]
    for run in _RUN.finditer(form):
        if run[2] and (length := called(run[2])):
            found.append((run.start(), run.start() + length))
    found += [(start, end) for start, end, piece in _whole(form) if called(piece)]
    return _merged(sorted(found))


def _merged(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged

"""How the knowledge base says by which words a symptom is told, and finding it in a message.

A line such as `机油 + 灯|报警` holds where each of its terms, parted by `+`, stands in one clause
or in two that follow each other, in whatever order; `|` parts ways to say the same. An English term
of up to three letters is a whole word, a longer one the beginning of a word (`leak`: "leaking").
A term with a denial right before it ("没有漏油", "no smoke") does not count, unless the line itself
holds a denial. The work grows with the length of the text times the number of lines.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from backend.workshop.safety import plain
from values.characters import simplified

WHOLE_WORD = 3
"""Letters of an English term that is a whole word and no beginning of one."""
LONGEST = 2000
DENIALS_ZH = ("没有", "没", "不", "无", "未")
DENIALS_EN = ("no", "not", "without", "never")

_CLAUSE = re.compile(r"[，。；、,.;!?！？\n]+")
_NOT = (
    (re.compile(r"\b(?:can't|cannot|cant)\b"), "can not"),
    (re.compile(r"\b(?:won't|wont)\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\b(do|does|did|is|are)nt\b"), r"\1 not"),
)
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_OWN_DENIAL_ZH = re.compile(r"[没不无未]")
_NOISE = re.compile(r"[\"'“”‘’()（）<>《》~～…:：]+|(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Line:
    """One compiled line. `denies`: it holds a denial of its own."""

    terms: tuple[tuple[str, ...], ...]
    denies: bool


@dataclass(frozen=True)
class Heard:
    """A message prepared for both languages: its clauses, then its neighbouring pairs."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


def terms_of(line: str) -> list[list[str]]:
    """The terms of a line, each with its ways to be said, as they were written."""
    return [[way.strip() for way in term.split("|")] for term in line.split("+")]


def fault_in_line(line: str, language: str) -> str | None:
    """What is wrong with a line, for whoever wrote it; None if nothing."""
    terms = terms_of(line)
    if any(not way for term in terms for way in term):
        return f"{line!r} has an empty term"
    for way in (way for term in terms for way in term):
        written = plain(simplified(way)) if language == "zh" else way
        if written != way:
            return f"{way!r} has to be in small letters, half width and simplified: {written!r}"
        if language == "en" and (_HAN.search(way) or _NO_LETTER.sub(" ", way).strip() != way):
            return f"{way!r} has to be English words of letters and digits"
    shortest = min(sum(len(way) for way in one) for one in _shortest(terms))
    if len(terms) == 1 and shortest < (2 if language == "zh" else 3):
        return f"{line!r} is too short to stand alone"
    return None


def _shortest(terms: list[list[str]]) -> list[list[str]]:
    return [[min(term, key=len) for term in terms]]


@lru_cache(maxsize=8192)
def compiled(line: str, language: str) -> Line:
    """Raises nothing: what a line must not be is refused at the import."""
    terms = terms_of(line)
    if language == "zh":
        denies = any(_OWN_DENIAL_ZH.search(way) for term in terms for way in term)
        return Line(tuple(tuple(term) for term in terms), denies)
    ways = tuple(
        tuple(f" {way} " if len(way) <= WHOLE_WORD else f" {way}" for way in term) for term in terms
    )
    return Line(ways, any(w in DENIALS_EN for term in terms for way in term for w in way.split()))


def english(text: str) -> str:
    """Words of small letters, one blank around each, with "not" written out."""
    for pattern, full in _NOT:
        text = pattern.sub(full, text)
    return f" {_NO_LETTER.sub(' ', text).strip()} "


def hear(text: str) -> Heard:
    """Raises nothing, whatever the text is."""
    # 多少 is a question and nothing that is scarce.
    words = plain(simplified(text[:LONGEST])).replace("多少", "几")
    clauses = [clause for clause in _CLAUSE.split(words) if clause.strip()]
    pairs = [f"{one}，{other}" for one, other in pairwise(clauses)]
    return Heard(
        tuple(_NOISE.sub("", part) for part in (*clauses, *pairs)),
        tuple(english(part) for part in (*clauses, *pairs)),
    )


def _stands(part: str, way: str, denials: Sequence[str] | None, blank: str) -> bool:
    """Whether `way` stands in `part` without a denial right before it."""
    place = part.find(way)
    while place >= 0:
        before = part[:place].rstrip()
        if denials is None or not before.endswith(tuple(f"{blank}{word}" for word in denials)):
            return True
        place = part.find(way, place + 1)
    return False


def weight(line: Line, part: str, language: str) -> int:
    """How much of the line's words `part` holds; 0 where a term is missing."""
    zh = language == "zh"
    denials = None if line.denies else (DENIALS_ZH if zh else DENIALS_EN)
    total = 0
    for term in line.terms:
        ways = [way for way in term if _stands(part, way, denials, "" if zh else " ")]
        if not ways:
            return 0
        total += max(_letters(way) for way in ways)
    return total


def _letters(way: str) -> int:
    """A Chinese character says about as much as three letters."""
    return sum(3 if _HAN.match(sign) else 1 for sign in way.strip())


def score(heard: Heard, words_zh: Iterable[str], words_en: Iterable[str]) -> int:
    """How well a message tells of what these lines describe; 0 where it does not."""
    best = 0
    for language, lines, parts in (("zh", words_zh, heard.zh), ("en", words_en, heard.en)):
        for line in lines:
            made = compiled(line, language)
            for part in parts:
                best = max(best, weight(made, part, language))
    return best

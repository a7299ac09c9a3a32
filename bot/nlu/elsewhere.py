"""What other people sell, repair and book: names of things that are not a dealership's business.

Customers use the same words for a washing machine as for a car: it makes a noise, is under
guarantee, costs too much. The names serve twice. A message that holds one carries it as a feature
of its own; and training adds, for sentences about a car, the same sentence about another thing, as
an example of `out_of_scope`. So the model learns that the thing decides and not the wording.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import ahocorasick

from bot.nlu.spans import NAMING_KINDS, Span
from bot.nlu.text import is_han, is_latin, normalise

_FILE: Final = Path(__file__).with_name("elsewhere.txt")

_CAR_ZH: Final = re.compile(
    r"[这那]款车|[这那][辆台]车|我的车|我这车|新车|旧车|车子|车型|汽车|轿车|suv"
    r"|(?<![试开停提验上堵叫租洗修卖用看选购机火骑订交到])车(?![险位道主窗门灯速库贷展间牌况架载顶身])"
)
_CAR_EN: Final = re.compile(
    r"\b(?:(?:the|this|that|my|your|a|an|our|new|used|old|his|her)\s+)*"
    r"(?:cars?|vehicles?|suvs?|sedans?|hatchbacks?|pickups?|evs?|minivans?|automobiles?)\b"
)
_PLACE: Final = "\0"
_KEPT: Final = "\u2400"
_PLACES: Final = re.compile(
    rf"(?:\b(?:the|this|that|my|your|an?|our|his|her)\s+)?{_PLACE}[\s{_PLACE}]*", re.I
)


@lru_cache(maxsize=1)
def things() -> dict[str, tuple[str, ...]]:
    """The names by language, ``zh`` and ``en``, in the order of the file."""
    found: dict[str, list[str]] = {"zh": [], "en": []}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            head, _, names = line.partition(": ")
            found[head.split()[0]] += [name.strip() for name in names.split("|")]
    return {language: tuple(dict.fromkeys(names)) for language, names in found.items()}


@lru_cache(maxsize=1)
def _automaton() -> Any:
    automaton = ahocorasick.Automaton()
    for names in things().values():
        for name in names:
            form = normalise(name).text
            automaton.add_word(form, len(form))
    automaton.make_automaton()
    return automaton


def named(text: str) -> bool:
    """Whether the normal form ``text`` names one of the things; English ones as whole words."""
    for last, length in _automaton().iter(text):
        start, end = last - length + 1, last + 1
        if is_han(text[start]) or not (
            is_latin(text[start - 1 : start] or " ") or is_latin(text[end : end + 1] or " ")
        ):
            return True
        if text[end : end + 1] == "s" and not is_latin(text[end + 1 : end + 2] or " "):
            return True
    return False


@dataclass(frozen=True)
class Carless:
    """A sentence with a mark in each place where it names a car."""

    language: str
    marked: str


def without_car(text: str, spans: Sequence[Span]) -> Carless | None:
    """The sentence with a mark where it names a car; None where it names none. ``spans`` are its
    findings (offsets into ``text``)."""
    language = "zh" if any(map(is_han, text)) else "en"
    marked = text
    for span in sorted(spans, key=lambda found: -found.start):
        if span.kind in NAMING_KINDS:
            marked = marked[: span.start] + _PLACE + marked[span.end :]
    pattern = _CAR_ZH if language == "zh" else _CAR_EN
    # The normal form drops control characters, and with them the mark.
    normal = normalise(marked.replace(_PLACE, _KEPT)).text.replace(_KEPT, _PLACE)
    marked = pattern.sub(_PLACE, normal)
    return Carless(language, marked) if _PLACE in marked else None


def contrasts(sentences: Iterable[Carless], seed: int = 0) -> Iterator[str]:
    """Each sentence about a thing from elsewhere. The same input gives the same output."""
    order = random.Random(seed)
    names = {language: list(known) for language, known in things().items()}
    for known in names.values():
        order.shuffle(known)
    used = dict.fromkeys(names, 0)
    for sentence in sentences:
        language = sentence.language
        name = names[language][used[language] % len(names[language])]
        used[language] += 1
        if language == "zh":
            yield _PLACES.sub(name, sentence.marked)
        else:
            yield " ".join(_PLACES.sub(f" the {name} ", sentence.marked).split())

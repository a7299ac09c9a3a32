"""Messages of the transcript as messengers can show them: plain text, and options to tap."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from backend.channels.base import Part

_SENTENCE = re.compile(r"[。！？；…]+|[.!?;](?=\s)")
_JOINER = "\u200d"
_GLUE = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""Joiners, variation selectors, skin tones, tags: belong to the character before."""
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_WIDE = ("W", "F")


@dataclass(frozen=True)
class Option:
    """A button. `group` is the title of the card that it stands on."""

    choice: str
    title: str
    group: str = ""

    @property
    def full(self) -> str:
        return f"{self.group} {self.title}".strip()


def words(parts: Sequence[Part], language: str) -> str:
    """All that `parts` say, in order, with a blank line between them."""
    said = [text for part in parts for text in _texts(part, language)]
    return "\n\n".join(said)


def _texts(part: Part, language: str) -> Iterator[str]:
    if part.text.strip():
        yield part.text.strip()
    for card in part.cards:
        text = _card(card, language)
        if text:
            yield text


def _card(card: dict[str, object], language: str) -> str:
    """Title, subtitle and facts. A card with nothing but buttons says nothing: its text and its
    options do."""
    colon = ": " if language == "en" else "："
    lines = [str(card.get("subtitle") or "").strip()]
    for fact in _dicts(card.get("facts")):
        lines.append(f"{fact.get('label', '')}{colon}{fact.get('value', '')}")
    lines = [line for line in lines if line]
    return "\n".join([str(card.get("title") or ""), *lines]).strip() if lines else ""


def options(parts: Sequence[Part]) -> list[Option]:
    """Everything that can be tapped, in order."""
    found: list[Option] = []
    for part in parts:
        for card in part.cards:
            group = str(card.get("title") or "").strip()
            found += [
                Option(str(button.get("choice", "")), str(button.get("title", "")).strip(), group)
                for button in _dicts(card.get("buttons"))
            ]
        found += [Option(choice, title.strip()) for choice, title in part.buttons]
    return [option for option in found if option.choice and option.title]


def grouped(found: Sequence[Option]) -> list[list[Option]]:
    """Neighbours of one card together."""
    return [list(those) for _, those in groupby(found, lambda option: option.group)]


def share(found: Sequence[Option], most: int) -> list[Option]:
    """At most `most` options, in order, from each card as many as from the others."""
    groups = grouped(found)
    kept = [0] * len(groups)
    left = most
    while left and any(count < len(group) for count, group in zip(kept, groups, strict=True)):
        for index, group in enumerate(groups):
            if left and kept[index] < len(group):
                kept[index] += 1
                left -= 1
    return [option for count, group in zip(kept, groups, strict=True) for option in group[:count]]


def _dicts(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def length(text: str) -> int:
    """In UTF-16 units: no platform counts more of them, whichever way it counts."""
    return len(text) + sum(char > "\uffff" for char in text)


def width(text: str) -> int:
    """Columns on a screen: a Chinese character has two."""
    return sum(2 if unicodedata.east_asian_width(char) in _WIDE else 1 for char in text)


def cut(text: str, limit: int) -> str:
    """`text` within `limit`, with a mark where it was cut."""
    if length(text) <= limit:
        return text
    return text[: _whole(text, _fitting(text, limit - 1))].rstrip() + "…"


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit`: between paragraphs, lines, sentences or words if it can be,
    never inside of a character. Nothing is lost but blanks at the ends of a piece."""
    pieces = []
    rest = text.strip()
    while length(rest) > limit:
        end = _break(rest, _fitting(rest, limit))
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*pieces, rest] if rest else pieces


def _fitting(text: str, limit: int) -> int:
    """How many characters of `text` are within `limit`."""
    used = 0
    for index, char in enumerate(text):
        used += 2 if char > "\uffff" else 1
        if used > limit:
            return index
    return len(text)


def _break(text: str, end: int) -> int:
    """The best place to break within the first `end` characters, not too far from there."""
    window, least = text[:end], end // 2
    for mark in ("\n\n", "\n"):
        place = window.rfind(mark)
        if place >= least:
            return place + len(mark)
    sentences = [found.end() for found in _SENTENCE.finditer(window)]
    if sentences and sentences[-1] >= least:
        return _whole(text, sentences[-1])
    place = window.rfind(" ")
    return place + 1 if place >= least else _whole(text, end)


def _whole(text: str, end: int) -> int:
    """The last place up to `end` that lies between two characters as people see them."""
    place = end
    while 0 < place < len(text) and _inside(text, place):
        place -= 1
    return place or end


def _inside(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if _FLAG.match(after):
        # Two letters are one flag: an odd number before it leaves one open.
        start = place
        while start and _FLAG.match(text[start - 1]):
            start -= 1
        return (place - start) % 2 == 1
    return (
        before == _JOINER
        or _GLUE.match(after) is not None
        or unicodedata.category(after) in ("Mn", "Mc", "Me")
    )

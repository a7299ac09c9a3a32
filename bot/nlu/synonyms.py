"""Other words for what cars commonly have, so that a catalogue need not list them as aliases.

A feature that a catalogue calls by one name of a group is found by the others too, unless the
catalogue calls something else by them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bot.nlu.text import normalise

_LINES: Final = (Path(__file__).parent / "synonyms.txt").read_text(encoding="utf-8").splitlines()

_MEMBERS: Final = tuple(
    tuple(word.strip() for word in line.split("|"))
    for line in _LINES
    if line and not line.startswith("#")
)


def _key(name: str) -> str:
    return normalise(name).text.replace(" ", "").replace("-", "")


_GROUPS_OF: Final[dict[str, tuple[int, ...]]] = {}
for _number, _group in enumerate(_MEMBERS):
    for _word in _group:
        _GROUPS_OF[_key(_word)] = (*_GROUPS_OF.get(_key(_word), ()), _number)


def synonyms(named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """More (reference, name) pairs for the features that ``named`` gives by name.

    A group that several features share a name of belongs to none in particular: then only the
    one that is called by most of its names gets the rest, and all of those where that is equal.
    """
    pairs = list(named)
    taken = {_key(name) for _, name in pairs}
    hits: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for ref, name in pairs:
        for number in _GROUPS_OF.get(_key(name), ()):
            hits[number][ref] += 1
    for number, refs in hits.items():
        most = max(refs.values())
        for ref in [ref for ref, count in refs.items() if count == most]:
            for word in _MEMBERS[number]:
                if _key(word) not in taken:
                    yield ref, word

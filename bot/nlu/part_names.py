"""Short names that customers use of long ones: 探歌 for "T-ROC 探歌", the comfort edition for
"280TSI DSG Comfort Edition", 豪华版 for "1.5T 自动豪华型".

Only names that a catalogue does not give to something else are made. A part of a trim's name may
mean several trims; which one, the model in question tells.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bot.nlu.text import is_han, normalise

_LEAST_HAN = 2
_LEAST_LATIN = 4
_LEAST_WITHOUT_BRAND = 2
"""Letters of what is left of a name without the brand: the CC of Volkswagen CC."""
_PIECE: Final = re.compile(r"[一-鿿]+|[a-zß-ɏ0-9][a-zß-ɏ0-9.\-]*")
_KIND_ZH: Final = re.compile(r"([一-鿿]{2,4})(?:型|版|款)$")
_GRADE_BEFORE: Final = re.compile(r"^(?:自动|手动|混动|四驱|两驱|前驱|后驱|无级|双离合|插混|纯电)+")
_KINDS_ZH: Final = ("型", "版", "款")
_KIND_EN: Final = re.compile(
    r"([a-z][a-z\-]*(?: line)?)(?: (?:edition|version|trim|type|model|variant|package))?$"
)
_KINDS_EN: Final = ("edition", "version", "trim", "model", "variant", "one")
_CODE: Final = re.compile(r"(?=[a-z0-9]*[a-z])(?=[a-z0-9]*\d)[a-z0-9]{4,}")
"""280TSI, 430PHEV."""
_NO_GRADE: Final = frozenset(
    ("drive", "seater", "seats", "wheel", "automatic", "manual", "dsg", "cvt", "awd", "phev")
)

Named = tuple[str, str]
"""A reference and a name of it."""


def _key(name: str) -> str:
    return normalise(name).text.replace(" ", "").replace("-", "")


def of_models(
    names: Iterable[Named], brands: Iterable[str], is_ordinary: Callable[[str], bool]
) -> Iterator[Named]:
    """Parts of models' names that mean one model only."""
    pairs = list(names)
    taken = {_key(name) for _, name in pairs} | {_key(brand) for brand in brands}
    found: dict[str, set[str]] = defaultdict(set)
    houses = [normalise(brand).text for brand in brands]
    for ref, name in pairs:
        text = normalise(name).text
        pieces = _PIECE.findall(text)
        if len(pieces) < 2 or any(map(str.isdigit, text)):
            # Of a name with a code nothing may be left out: E5 and E7 are two cars.
            continue
        own = [text.rpartition(house)[2].strip(" -") for house in houses if house in text]
        own = [rest for rest in own if sum(map(str.isalpha, rest)) >= _LEAST_WITHOUT_BRAND]
        telling = [p for p in pieces if _long_enough(p) and not any(h in p for h in houses)]
        for piece in (*own, *telling):
            if _key(piece) not in taken and not is_ordinary(piece):
                found[piece].add(ref)
    for piece, refs in found.items():
        if len(refs) == 1:
            yield next(iter(refs)), piece


def _long_enough(piece: str) -> bool:
    if is_han(piece[0]):
        return len(piece) >= _LEAST_HAN
    # A code such as 430i or E5 is too little, and DSG is not the car.
    return sum(char.isalpha() for char in piece) >= _LEAST_LATIN


def of_trims(names: Iterable[Named], others: Iterable[str]) -> Iterator[Named]:
    """Parts of trims' names; ``others`` are the names of everything else.

    A part that the catalogue gives as a whole name to some trim is made for the others as well
    only if it is another's grade: 豪华型 may be all of one name and the end of the next.
    """
    taken = {_key(name) for name in others}
    for ref, name in names:
        text = normalise(name).text
        own = {_key(text)}
        for part in _parts(text):
            if _key(part) not in taken and _key(part) not in own:
                own.add(_key(part))
                yield ref, part


def _parts(text: str) -> Iterator[str]:
    yield from _CODE.findall(text)
    grade = _KIND_ZH.search(text.replace(" ", ""))
    if grade:
        word = _GRADE_BEFORE.sub("", grade[1]) or ""
        if len(word) >= _LEAST_HAN:
            for kind in _KINDS_ZH:
                yield word + kind
    english = _KIND_EN.search(text) if text.isascii() else None
    if english and english[1] not in _NO_GRADE and len(english[1]) >= _LEAST_LATIN:
        for kind in _KINDS_EN:
            yield f"{english[1]} {kind}"

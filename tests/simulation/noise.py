"""Typing as people do on a phone: no punctuation, a character twice, two swapped, a wrong choice
of the input method, full width, traditional characters."""

import random
import re
from collections.abc import Callable

Way = Callable[[str, random.Random], str]

_SLIPS = {
    "试驾": "试架", "预约": "预月", "保养": "保样", "多少": "多小", "什么": "神马", "在": "再",
    "的": "得", "想": "相", "价格": "价个", "取消": "取销", "时间": "时坚", "可以": "可一",
}  # fmt: skip
"""What comes first for the same sounds, when one does not look."""
_TRADITIONAL = str.maketrans(
    "试驾预约养价钱车这个们请问电话么几点时间现还没吗换检查难过银贷给对错订复费车",
    "試駕預約養價錢車這個們請問電話麼幾點時間現還沒嗎換檢查難過銀貸給對錯訂復費車",
)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_PUNCTUATION = re.compile(r"[，。！？、,.!?;；]")
_LETTERS = re.compile(r"[a-z]{4,}")


def noisy(text: str, rng: random.Random, level: float, keep: tuple[str, ...] = ()) -> str:
    """`text` with slips; the more, the higher `level` (0 to 1). `keep` are the words that carry a
    value, such as a name: who mistypes those says something else."""
    if rng.random() > level:
        return text
    chinese = any("\u4e00" <= char <= "\u9fff" for char in text)
    ways = [_unpunctuated, _doubled, _swapped]
    ways += [_slipped, _traditional, _wide] if chinese else [_lowered, _without_apostrophe]
    for way in rng.sample(ways, 2 if rng.random() < level / 2 else 1):
        text = _outside(text, keep, way, rng)
    return text


def _outside(text: str, keep: tuple[str, ...], way: Way, rng: random.Random) -> str:
    """Applies `way` to the longest piece of the text outside of what is kept."""
    kept = [word for word in keep if word]
    if not kept:
        return way(text, rng)
    pieces = re.split(
        "(" + "|".join(map(re.escape, sorted(kept, key=len, reverse=True))) + ")", text
    )
    longest = max(range(0, len(pieces), 2), key=lambda place: len(pieces[place]))
    if way in (_wide, _traditional, _lowered):
        return "".join(p if i % 2 else way(p, rng) for i, p in enumerate(pieces))
    pieces[longest] = way(pieces[longest], rng)
    return "".join(pieces)


def _unpunctuated(text: str, rng: random.Random) -> str:
    return _PUNCTUATION.sub(" ", text) if " " in text else _PUNCTUATION.sub("", text)


def _place(text: str, rng: random.Random) -> int | None:
    """Where a character may be typed wrongly: not at an end, not in a number."""
    places = [i for i in range(1, len(text) - 2) if text[i].isalpha() and text[i + 1].isalpha()]
    return rng.choice(places) if len(places) > 3 else None


def _doubled(text: str, rng: random.Random) -> str:
    place = _place(text, rng)
    return text if place is None else text[:place] + text[place] + text[place:]


def _swapped(text: str, rng: random.Random) -> str:
    place = _place(text, rng)
    if place is None:
        return text
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _slipped(text: str, rng: random.Random) -> str:
    found = [word for word in _SLIPS if word in text]
    if not found:
        return text
    word = rng.choice(found)
    return text.replace(word, _SLIPS[word], 1)


def _traditional(text: str, rng: random.Random) -> str:
    return text.translate(_TRADITIONAL)


def _wide(text: str, rng: random.Random) -> str:
    return text.translate(_WIDE)


def _lowered(text: str, rng: random.Random) -> str:
    return text.lower()


def _without_apostrophe(text: str, rng: random.Random) -> str:
    return text.replace("'", "")

"""Names that are written nearly right: one wrong key in a Latin name, a character that sounds alike
in a Chinese one.

The bound is narrow on purpose, since a name that is not there must never be found: one error, never
in a digit (E5 and E7 are two cars), not in names of fewer than five letters or two characters, and
not where the customer wrote an ordinary word. Work grows with the text, not with the catalogue:
names are kept under all forms that lack one letter (so that an error is found by looking words up),
and under their sounds in one automaton.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from bot.nlu.sounds import sound
from bot.nlu.text import is_han, is_latin

_LEAST_LETTERS = 5
_MOST_LETTERS = 24
_LEAST_SYLLABLES = 2
_CERTAIN_SYLLABLES = 3
_WINDOW = 3
"""Words that one name may have been parted into."""

_TOKEN = re.compile(r"[a-zß-ɏ0-9]+")
_BETWEEN = re.compile(r"[ \-_·•・]{0,3}")
_DIGITS = re.compile(r"\d+")
_LATIN_RUN = re.compile(r"[a-z]+")
_PARTICLES = frozenset("有没的了是在不就也都我你他她它这那个吗呢吧啊很还要会能可想给去来到上下里")
_CUE = re.compile(
    r"多少|价|钱|试驾|配置|优惠|落地|首付|月供|贷款|车|版|配|款|对比|区别|保养|续航|油耗|空间|动力|"
    r"内饰|颜色|现车|提|\b(?:car|price|test|drive|book|trim|how much|compare|vs)\b"
)
"""Words beside which a pair of characters that sounds like a name is one."""


@dataclass(frozen=True)
class NearHit:
    """``start``..``end`` of the normal form may be meant for the names ``names`` (indices)."""

    start: int
    end: int
    names: tuple[int, ...]


class NearNames:
    """``names`` are squeezed normal forms (no gaps). ``ordinary`` says whether a written form is a
    word of its own, so that it is not a slip."""

    def __init__(self, names: Iterable[str], ordinary: Callable[[str], bool]) -> None:
        self._names = list(names)
        self._known = frozenset(self._names)
        self._ordinary = ordinary
        lacking: dict[str, set[int]] = defaultdict(set)
        sounding: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for index, name in enumerate(self._names):
            if _is_latin_name(name):
                for form in _lacking_one(name):
                    lacking[form].add(index)
            elif sum(map(is_han, name)) >= _LEAST_SYLLABLES:
                sounding[tuple(map(sound, name))].add(index)
        self._lacking = {form: tuple(sorted(found)) for form, found in lacking.items()}
        self._codes: dict[str, str] = {}
        self._sounds = ahocorasick.Automaton()
        for syllables, found in sounding.items():
            key = "".join(self._code(syllable) for syllable in syllables)
            self._sounds.add_word(key, (len(syllables), tuple(sorted(found))))
        if sounding:
            self._sounds.make_automaton()
        self._any_sounds = bool(sounding)

    def _code(self, syllable: str) -> str:
        """One character for a syllable, from the private use area."""
        return self._codes.setdefault(syllable, chr(0xE000 + len(self._codes)))

    def find(self, text: str) -> list[NearHit]:
        """Near hits in the normal form ``text``, in no order; they may overlap."""
        return [*self._mistyped(text), *self._misheard(text)]

    def _mistyped(self, text: str) -> Iterator[NearHit]:
        tokens = list(_TOKEN.finditer(text))
        for first, token in enumerate(tokens):
            ordinary = True
            written = ""
            for last in range(first, min(first + _WINDOW, len(tokens))):
                here = tokens[last]
                if last > first and not _BETWEEN.fullmatch(
                    text, tokens[last - 1].end(), here.start()
                ):
                    break
                written += here.group()
                if len(written) > _MOST_LETTERS + 1:
                    break
                ordinary = ordinary and self._is_word(here.group())
                if ordinary or len(written) < _LEAST_LETTERS - 1:
                    continue
                if self._stands_beside(token.group(), here.group(), written):
                    continue
                names = self._with_one_error(written)
                if names:
                    yield NearHit(token.start(), here.end(), names)

    def _stands_beside(self, first: str, last: str, written: str) -> bool:
        """Whether a name is right but for a letter that is a word beside it: a Camry."""
        return (len(first) == 1 and written[1:] in self._known) or (
            len(last) == 1 and written[:-1] in self._known
        )

    def _is_word(self, written: str) -> bool:
        return written.isdigit() or self._ordinary(written)

    def _with_one_error(self, written: str) -> tuple[int, ...]:
        digits = _DIGITS.findall(written)
        found = {
            index
            for form in _lacking_one(written)
            for index in self._lacking.get(form, ())
            if _one_apart(written, self._names[index])
            and _DIGITS.findall(self._names[index]) == digits
        }
        return tuple(sorted(found))

    def _misheard(self, text: str) -> Iterator[NearHit]:
        if not self._any_sounds or text.isascii():
            return
        places = [index for index, char in enumerate(text) if not _BETWEEN.fullmatch(char)]
        sounds = "".join(self._codes.get(sound(text[place]), "\0") for place in places)
        cue: bool | None = None
        for last, (length, names) in self._sounds.iter(sounds):
            first = last - length + 1
            start, end = places[first], places[last] + 1
            written = "".join(text[place] for place in places[first : last + 1])
            meant = [self._names[index] for index in names]
            if written in meant or any(_by_a_particle(name, written) for name in meant):
                continue
            if not _whole(text, start, end):
                continue
            if length < _CERTAIN_SYLLABLES:
                if self._ordinary(written) or self._cuts_word(text, start, end):
                    continue
                if cue is None:
                    cue = len(places) <= length + 2 or _CUE.search(text) is not None
                if not cue:
                    continue
            yield NearHit(start, end, names)

    def _cuts_word(self, text: str, start: int, end: int) -> bool:
        """Whether the hit begins or ends inside an ordinary word: 山与 in 登山与徒步."""
        around = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
        return any(
            len(pair) > 1 and all(map(is_han, pair)) and self._ordinary(pair) for pair in around
        )


def _is_latin_name(name: str) -> bool:
    letters = sum(map(is_latin, name))
    return (
        name.isalnum()
        and not any(map(is_han, name))
        and letters >= _LEAST_LETTERS
        and len(name) <= _MOST_LETTERS
        # A code of letters and digits alone has no letter to spare.
        and any(len(run) >= _LEAST_LETTERS - 1 for run in _LATIN_RUN.findall(name))
    )


def _lacking_one(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _one_apart(left: str, right: str) -> bool:
    """Whether one key is wrong, missing, too many, or two neighbours are swapped."""
    if left == right:
        return False
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    rest_left, rest_right = left[start:], right[start:]
    if _DIGITS.search(rest_left[:2]) or _DIGITS.search(rest_right[:2]):
        # The letter before a number belongs to a code: E7 is no slip of X7.
        return False
    return (
        rest_left[1:] == rest_right[1:]
        or rest_left[1:] == rest_right
        or rest_left == rest_right[1:]
        or (
            len(rest_left) > 1
            and rest_left[:2] == rest_right[1::-1]
            and rest_left[2:] == rest_right[2:]
        )
    )


def _by_a_particle(name: str, written: str) -> bool:
    """Whether a word of every sentence stands where the name has another character: 刹车有点软 says
    nothing of 刹车油."""
    return any(
        meant != char and char in _PARTICLES for meant, char in zip(name, written, strict=False)
    )


def _whole(text: str, start: int, end: int) -> bool:
    """Whether the hit does not begin or end inside a Latin word or number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_alike(before, text[start]) or _alike(text[end - 1], after))


def _alike(left: str, right: str) -> bool:
    return bool(left and right) and all(is_latin(one) or one.isdigit() for one in (left, right))

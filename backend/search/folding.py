"""One form for all spellings that a reader takes for the same, with the way back to the text.

Half width, lower case, simplified characters, no accents, nothing invisible. Both what is
indexed and what is looked for goes through here.
"""

import unicodedata
from dataclasses import dataclass

from values.characters import simplified

_MARKS = frozenset(("Mn", "Me", "Cf", "Cs"))
"""Unicode categories of what is dropped: accents that stand alone, what is not seen, half
surrogates."""
_ACCENTED = (0x00C0, 0x0530, 0x1E00, 0x2000)
"""Latin, Greek and Cyrillic letters, of which accents can be taken off."""
_LEARNT = 0x10000


def _plain(char: str) -> str:
    """Without its accents; letters of other scripts, such as か and が, stay two."""
    first, last, more, end = _ACCENTED
    if first <= ord(char) < last or more <= ord(char) < end:
        char = unicodedata.normalize("NFD", char)
    return "".join(part for part in char if unicodedata.category(part) not in _MARKS)


def _form(char: str) -> str:
    form = unicodedata.normalize("NFKC", char).lower()
    return simplified("".join(_plain(part) for part in form))


class _Forms(dict[int, str]):
    """A table for `str.translate` that learns a character when it is first seen."""

    def __missing__(self, code: int) -> str:
        form = _form(chr(code))
        # The rest of Unicode is rare here, and remembering it would be for somebody to abuse.
        if code < _LEARNT:
            self[code] = form
        return form


_FORMS = _Forms()


def fold(text: str) -> str:
    """The form that is compared. Never raises; may be longer or shorter than `text`."""
    return text.lower() if text.isascii() else text.translate(_FORMS)


@dataclass(frozen=True)
class Folded:
    """`origin[i]` is where the character of `raw` stood that became `form[i]`."""

    raw: str
    form: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `form[start:end]` stands in `raw`; `start < end`."""
        return self.origin[start], self.origin[end - 1] + 1


def folded(text: str) -> Folded:
    if text.isascii():
        return Folded(text, text.lower(), tuple(range(len(text))))
    forms = [_FORMS[ord(char)] for char in text]
    origin = tuple(index for index, form in enumerate(forms) for _ in form)
    return Folded(text, "".join(forms), origin)

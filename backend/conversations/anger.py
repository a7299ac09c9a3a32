"""Whether a customer is angry at the dealership. Pure functions over words.

An insult to us or a threat is enough by itself. Everything else takes signs of two kinds: a swear
word, a shout or a complaint alone is how people talk. In doubt it is no anger: a colleague who is
called for nothing costs more than one who is asked for a message later.
"""

import re
import unicodedata
from collections.abc import Iterable

from backend.conversations import anger_words as words
from backend.conversations.anger_words import Sign
from values.characters import simplified

__all__ = ["is_angry"]

LONGEST = 600
"""Characters that are looked at: anger shows early."""
LEAST_CAPITALS = 10
"""Letters in capitals that make a message a shout, and no model's code."""

_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_CLAUSE = re.compile(r"[，。；,;!?！？\n]+|\.(?=\s|$)|(?=但是|可是|不过|结果)|(?<!nothing )\bbut\b")
_SHOUT = re.compile(r"[!?]{3,}|[!?](?:[^!?]{1,12}[!?]){2}")
_WORD = re.compile(r"[A-Za-z']{2,}")


def is_angry(text: str) -> bool:
    """Whether the words of `text` tell of anger at us."""
    shown = unicodedata.normalize("NFKC", text[:LONGEST]).replace("’", "'")
    plain = _HAN_GAP.sub("", simplified(shown.lower()))
    clauses = [clause for clause in map(str.strip, _CLAUSE.split(plain)) if clause]
    elsewhere = bool(words.OTHER_CAUSES.search(plain))
    for clause in clauses:
        at_us = not elsewhere or words.AT_US.search(clause)
        if at_us and (_met(clause, words.THREATS) or _insults(clause)):
            return True
    if elsewhere or words.NOT_US.search(plain):
        return False
    told = [clause for clause in clauses if not words.PRAISE.search(clause)]
    swears, fed_up, ignored, demands = (
        sum(_met(clause, (kind,)) for clause in told)
        for kind in (words.SWEARING, words.FED_UP, words.IGNORED, words.DEMANDS)
    )
    if len(told) == len(clauses):
        fed_up += any(_met(clause, (words.AIMED,)) for clause in told)
    loud = len(told) == len(clauses) and bool(_SHOUT.search(plain)) + _in_capitals(shown)
    # Ignored and demanding alone is a complaint, told as one tells it.
    heated = bool(swears or fed_up or loud)
    return heated and min(swears, 1) + min(fed_up, 2) + bool(ignored) + bool(demands) + loud >= 2


def _insults(clause: str) -> bool:
    if words.PRAISE.search(clause) or words.NOT_US.search(clause):
        return False
    return _met(clause, words.INSULTS)


def _met(clause: str, signs: Iterable[Sign]) -> bool:
    return any(
        each.pattern.search(clause) and not (each.unless and each.unless.search(clause))
        for each in signs
    )


def _in_capitals(text: str) -> bool:
    """Whole words in capitals: no abbreviation, no plate."""
    letters = [char for char in text if char.isalpha() and char.isascii()]
    capitals = sum(char.isupper() for char in letters)
    return (
        len(_WORD.findall(text)) >= 3
        and capitals >= LEAST_CAPITALS
        and capitals >= 0.8 * len(letters)
    )

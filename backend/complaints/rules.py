"""How a complaint is sorted. Pure functions; by when it has to be answered: `deadlines`.

Where a rule is in doubt it errs toward the more severe: a complaint that was taken too
seriously costs a minute.
"""

import re
import unicodedata
from collections.abc import Iterable

from backend.complaints import words
from backend.complaints.words import Category, Severity
from backend.workshop.safety import assess

CONTROL = ("brakes", "steering")
"""Faults that take the control of the car away: as a complaint, always critical."""

_NO = re.compile(
    r"(?:没有|没|未|无|不是|并未|避免|不想|以防|\bno|\bnot|\bnobody (?:was|got)|\bwithout|n't)"
    r"(?: any| an?| been| yet)?\s*(?:人|出|发生|造成)?\s*$"
)


def classify(text: str) -> tuple[Category, Severity]:
    """What a complaint is about and how serious it is, by the words in it.

    Danger on the road or harm to a person is critical; a fault that comes back, a breakdown,
    deceit, abuse or the mention of authorities is high; a suggestion is low.
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return _category(plain), _severity(plain)


def _category(text: str) -> Category:
    """The subject with most words in the text; of equal ones the first of the list."""
    scores = [
        (sum(1 for word in of_category if word.search(text)), category)
        for category, of_category in words.CATEGORIES
    ]
    best, category = max(scores, key=lambda score: score[0])
    return category if best else "other"


def _severity(text: str) -> Severity:
    fault = assess(text)
    dangerous = fault.level == "stop_now" and fault.kind in CONTROL
    dangerous = dangerous or any(word.search(text) for word in words.DANGER)
    if dangerous or _says(text, words.HARM):
        return "critical"
    if any(word.search(text) for word in words.HIGH):
        return "high"
    if any(word.search(text) for word in words.LOW):
        return "low"
    return "normal"


def _says(text: str, wanted: Iterable[re.Pattern[str]]) -> bool:
    """Whether one of the words stands there and is not denied right before it, as in "nobody
    was injured". Danger is never taken as denied: "no airbag opened" is not the absence of it.
    """
    return any(
        not _NO.search(text, 0, found.start()) for word in wanted for found in word.finditer(text)
    )

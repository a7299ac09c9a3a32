"""What was found in a message, and which finding wins where two lie on the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

CATALOGUE_KINDS = ("model", "trim", "brand", "service_item", "feature")
"""Kinds whose names come from the dealership's catalogue; the first wins on equal words."""

TERM_KINDS = ("body", "energy", "colour", "trim_level", "ordinal", "comparison")
"""Kinds of generic words that hold for every brand."""

NAMING_KINDS = frozenset({"brand", "model", "trim", "make"})
"""Names of trade marks, ours and others': the intent model must never see them."""


EXTRACTOR = "bot.nlu"


@dataclass(frozen=True)
class Span:
    """One finding. ``start`` and ``end`` are offsets into the message as the customer wrote it.

    ``value`` is a reference of the catalogue, the code of a generic term, or the dict of a value of
    ``values``. ``alternatives`` lists all references, ``value`` among them, when the words name
    more than one thing of the same kind. ``model`` is the model that all readings of a trim share.
    """

    kind: str
    start: int
    end: int
    text: str
    value: Any
    alternatives: tuple[str, ...] = ()
    model: str | None = None
    near: bool = False
    """Whether the words are only nearly the name: mistyped, or written as they sound."""

    @property
    def length(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def entity(self) -> dict[str, Any]:
        """The entity as Rasa carries it; keys without a meaning for this finding are left out.

        The ``extractor`` is for Rasa's test command, which fails on values that are dicts without.
        """
        found: dict[str, Any] = {
            "entity": self.kind,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "extractor": EXTRACTOR,
        }
        if self.alternatives:
            found["alternatives"] = list(self.alternatives)
        if self.model is not None:
            found["model"] = self.model
        if self.near:
            found["near"] = True
        return found


def _rank(kind: str) -> int:
    """Whose finding stays when two cover exactly the same words: lower wins."""
    if kind == "trim_level":
        # Before the trims: every dealership calls some trim 高配.
        return 0
    if kind in CATALOGUE_KINDS:
        return 1 + CATALOGUE_KINDS.index(kind)
    return 20 if kind in TERM_KINDS else 10


_TOGETHER = ({"service_item", "feature"}, {"trim_level", "trim"})
"""Kinds that stand side by side on the same words: only the conversation tells which was meant."""


def longest(spans: Iterable[Span]) -> list[Span]:
    """The findings without overlaps, in the order of the text.

    The longer one wins; on equal length the more explicit (a name of the catalogue, then a value,
    then a generic term), then the earlier. A service item and a feature on exactly the same words
    both stay, and so do a trim level and a trim.
    """
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda found: (-found.length, _rank(found.kind), found.start)):
        if not any(span.overlaps(other) and not _both(span, other) for other in chosen):
            chosen.append(span)
    return sorted(chosen, key=lambda found: (found.start, _rank(found.kind)))


def _both(span: Span, other: Span) -> bool:
    same_words = (span.start, span.end) == (other.start, other.end)
    return same_words and {span.kind, other.kind} in _TOGETHER


def settle(mentions: Sequence[Span], values: Sequence[Span]) -> list[Span]:
    """Mentions and values together, without overlaps between the two, in the order of the text.

    The E5 of 星禾E5 is no value, and the 第一个 of 第一个周末 is no ordinal.
    """
    kept = longest([*mentions, *values])
    # A model's name inside a trim's full name stands beside the trim on purpose.
    nested = [
        span
        for span in mentions
        if span.kind == "model" and span not in kept and _inside_trim(span, kept)
    ]
    return sorted([*kept, *nested], key=lambda found: (found.start, _rank(found.kind)))


def _inside_trim(span: Span, kept: Sequence[Span]) -> bool:
    return any(
        other.kind == "trim" and other.start <= span.start and span.end <= other.end
        for other in kept
    )

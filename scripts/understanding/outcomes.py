"""What is measured: sentences, what the model makes of each, and when it counts as unsure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["zh", "en"]

LANGUAGES: Final[dict[Language, str]] = {"zh": "Chinese", "en": "English"}
FALLBACK: Final = "nlu_fallback"
NO_BUSINESS: Final = frozenset(
    (
        "greet", "goodbye", "thank", "affirm", "deny", "stop", "repeat", "bot_challenge",
        "ask_capabilities", "chitchat", "out_of_scope", "inform", "feedback", "human_handoff",
        FALLBACK,
    )
)  # fmt: skip
"""Intents that start nothing of the dealership's business, and so are right on unrelated text."""


@dataclass(frozen=True)
class Sentence:
    """``intent`` is what the sentence means, None if it has nothing to do with a dealership."""

    text: str
    language: Language
    intent: str | None = None


@dataclass(frozen=True)
class Guess:
    intent: str
    confidence: float


@dataclass(frozen=True)
class Outcome:
    """``ranking``: at least one guess, most likely first, without the fallback.

    ``kinds`` has one entry for each value and mention that was found.
    """

    sentence: Sentence
    ranking: tuple[Guess, ...]
    kinds: tuple[str, ...] = ()

    @property
    def best(self) -> Guess:
        return self.ranking[0]

    @property
    def second(self) -> Guess | None:
        return self.ranking[1] if len(self.ranking) > 1 else None

    @property
    def right(self) -> bool:
        return self.best.intent == self.sentence.intent


@dataclass(frozen=True)
class Thresholds:
    """When the assistant is unsure, as Rasa's FallbackClassifier decides it."""

    least: float
    """The best guess must be this confident."""
    apart: float
    """The second guess must be this far behind."""

    def unsure(self, outcome: Outcome) -> bool:
        if outcome.best.confidence < self.least:
            return True
        second = outcome.second
        return second is not None and outcome.best.confidence - second.confidence < self.apart

    def decided(self, outcome: Outcome) -> str:
        """The intent that the dialogue gets to see."""
        return FALLBACK if self.unsure(outcome) else outcome.best.intent


@dataclass(frozen=True)
class Evaluation:
    """All that a report tells of one model."""

    model: str
    """Its name, for the person who reads."""
    thresholds: Thresholds
    held_back: Sequence[Outcome]
    unrelated: Sequence[Outcome] | None
    """None if there are no such sentences to measure."""

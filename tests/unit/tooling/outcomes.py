"""Made-up results of understanding."""

from scripts.understanding.loading import language_of
from scripts.understanding.outcomes import Guess, Outcome, Sentence, Thresholds

USED = Thresholds(0.4, 0.05)


def outcome(
    text: str, intent: str | None, *guesses: tuple[str, float], kinds: tuple[str, ...] = ()
) -> Outcome:
    sentence = Sentence(text, language_of(text, "zh"), intent)
    return Outcome(sentence, tuple(Guess(*guess) for guess in guesses), kinds)

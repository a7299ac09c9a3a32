"""How many words of a message are strange to a dealership: the best sign of talk about something
else.

A model of words weighs those that it knows; what it has never seen weighs nothing, and "recommend
me a good thriller" is to it "recommend me a good". So the share of words that no sentence about the
dealership's business holds is a feature of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.nlu.features import WORD

_SHARES: Final = (0.12, 0.25, 0.4, 0.6)
_FEW: Final = 3
"""Of so few words a share says less."""
_MOST: Final = 4


def own_words(features: Sequence[str]) -> list[str]:
    """The words among the features of a message, without marks, names and values."""
    return [
        name
        for name in features
        if name.startswith(WORD) and not name.startswith(f"{WORD}__") and len(name) > len(WORD)
        and name[len(WORD)].isalpha()
    ]  # fmt: skip


def strangeness(features: Sequence[str], known: Collection[str]) -> list[str]:
    """Features that tell how many of a message's words are not ``known``, and what share of
    them."""
    words = own_words(features)
    strange = sum(word not in known for word in words)
    return _named(strange, len(words))


def strangeness_in_training(
    features: Sequence[str], counts: Mapping[str, int], counted: bool
) -> list[str]:
    """The same for a training sentence. One that was itself ``counted`` must not vouch for its own
    words, or it would look more familiar than anything that a customer will ever write."""
    words = own_words(features)
    strange = sum(counts.get(word, 0) <= int(counted) for word in words)
    return _named(strange, len(words))


def count_words(sentences: Sequence[Sequence[str]]) -> Counter[str]:
    """In how many of the sentences, given by their features, each word occurs."""
    return Counter(word for features in sentences for word in set(own_words(features)))


def _named(strange: int, words: int) -> list[str]:
    if not words:
        return ["u none"]
    level = 0 if not strange else 1 + sum(strange / words > share for share in _SHARES)
    few = " few" if words <= _FEW else ""
    return [f"u share {level}{few}", f"u words {min(strange, _MOST)}"]

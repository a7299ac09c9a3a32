"""From the words and the meaning of a sentence to its intent: the model and the rules around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.nlu.bare import INTENT as BARE
from bot.nlu.bare import is_bare_answer, is_fragment, may_be_name
from bot.nlu.intent_model import Floats, IntentModel
from bot.nlu.sentence import Sentence
from bot.nlu.text import normalise

ELSEWHERE: Final = "out_of_scope"

NO_CONTRAST: Final = frozenset(
    {
        "greet", "goodbye", "thank", "affirm", "deny", "stop", "repeat", "bot_challenge",
        "ask_capabilities", "chitchat", "feedback", "human_handoff", "inform", ELSEWHERE,
    }
)  # fmt: skip
"""Intents that are the same whatever thing is named: small talk, praise, the wish for a person."""

_COMMAND: Final = re.compile(r"\s*[/<{\[]")
"""How commands, markup and data begin. They are nobody's wish: /restart is not the wish to stop."""

_LIKELY: Final = 0.7
"""Below it, what reads like a person's name is taken for one."""


def understand(
    model: IntentModel, sentence: Sentence, vector: Floats | None
) -> list[tuple[str, float]]:
    """All intents of a sentence, most likely first; ``vector`` is its meaning (`bot.nlu.encoder`).

    A bare answer is `bare.INTENT` with certainty, whatever the model makes of it; what may be a
    name is one unless the model is rather sure. The model's ranking stays behind it, halved, so
    that the answer is never taken for ambiguous. Letters that resemble no word, and what looks
    like a command, are no evidence for anything.
    """
    words = sentence.words
    if _COMMAND.match(normalise(sentence.text).text) or is_fragment(words, model.vocabulary):
        return model.ranking(())
    ranking = model.ranking(sentence.features, vector)
    if is_bare_answer(words):
        return _answer(1.0, ranking)
    if ranking[0][1] < _LIKELY and may_be_name(words):
        return _answer(_LIKELY, ranking)
    return ranking


def _answer(share: float, ranking: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    rest = [(name, other / 2) for name, other in ranking if name != BARE]
    return [(BARE, share), *rest]

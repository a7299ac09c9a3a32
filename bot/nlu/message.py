"""Where the findings of one component wait for the next: on Rasa's message, under a key of ours.

Not among the entities: training examples get findings too, and entities there would be taken for
annotations.
"""

from __future__ import annotations

from typing import Any, Final

from bot.nlu.spans import Span

_KEY: Final = "findings"


def findings(message: Any) -> list[Span]:
    """What the components before found in the message's text, in the order of the text."""
    return list(message.get(_KEY) or ())


def set_findings(message: Any, spans: list[Span]) -> None:
    """Replaces the findings; they are kept off the parse result."""
    message.set(_KEY, tuple(spans))


def set_entities(message: Any, spans: list[Span]) -> None:
    """Makes the findings the parse result's entities, in place of earlier ones."""
    message.set("entities", [span.entity() for span in spans], add_to_output=True)

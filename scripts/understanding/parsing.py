"""Parses sentences with a trained model, as `rasa run` does. Runs in Rasa's environment.

`python -m scripts.understanding.parsing MODEL ASKED ANSWERED`: ASKED is a JSON list of texts,
ANSWERED becomes the list of `{"ranking": [[intent, confidence], …], "kinds": [kind, …]}` in their
order, without the fallback and without the language of the message.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent

from bot.customer_text import inert
from bot.nlu.language_detector import ENTITY as LANGUAGE

FALLBACK = "nlu_fallback"


def summary(parsed: dict[str, Any]) -> dict[str, Any]:
    """What is measured of one of Rasa's parse results."""
    # The fallback is put before the ranking and takes nothing out of it.
    return {
        "ranking": [
            [guess["name"], float(guess["confidence"])]
            for guess in parsed["intent_ranking"]
            if guess["name"] != FALLBACK
        ],
        "kinds": [
            found["entity"] for found in parsed["entities"] if found["entity"] != LANGUAGE
        ],
    }  # fmt: skip


async def parse(model: str, texts: Sequence[str]) -> list[dict[str, Any]]:
    agent = Agent.load(model)
    # Customers' text never comes to Rasa but through this.
    return [summary(await agent.parse_message(inert(text))) for text in texts]


def main(model: str, asked: str, answered: str) -> int:
    texts = json.loads(Path(asked).read_text())
    Path(answered).write_text(json.dumps(asyncio.run(parse(model, texts))))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

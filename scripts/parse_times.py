"""Parses sentences one after the other and takes the time of each. Runs in Rasa's environment.

`python -m scripts.parse_times MODEL ASKED ANSWERED`: ASKED is a JSON list of texts, ANSWERED
becomes an object: `version` of Rasa; `ready`, when the model was loaded, of the clock that all
processes of a Linux machine share (`time.monotonic`); `memory`, resident bytes after parsing;
`parsed`, in the order of the texts, each with the `seconds` it took and `ranking`, pairs of intent
and confidence without the fallback. Imports nothing of our own: another pipeline's process must
not carry it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import rasa
from rasa.core.agent import Agent

WARM_UP = 100
"""Sentences that are parsed once before any is measured."""
FALLBACK = "nlu_fallback"
RANKED = 2


async def measure(model: str, texts: list[str]) -> dict[str, Any]:
    agent = Agent.load(model)
    ready = time.monotonic()
    for text in texts[:WARM_UP]:
        await agent.parse_message(text)
    parsed = [await _timed(agent, text) for text in texts]
    return {
        "version": rasa.__version__, "ready": ready, "memory": _resident(), "parsed": parsed,
    }  # fmt: skip


async def _timed(agent: Agent, text: str) -> dict[str, Any]:
    started = time.perf_counter()
    answer = await agent.parse_message(text)
    seconds = time.perf_counter() - started
    # The fallback is put before the ranking and takes nothing out of it.
    ranking = [
        [guess["name"], float(guess["confidence"])]
        for guess in answer["intent_ranking"]
        if guess["name"] != FALLBACK
    ]
    return {"seconds": seconds, "ranking": ranking[:RANKED]}


def _resident() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def main(model: str, asked: str, answered: str) -> int:
    texts = json.loads(Path(asked).read_text())
    Path(answered).write_text(json.dumps(asyncio.run(measure(model, texts))))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""What the training sentences must be, whatever the model makes of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from bot.nlu.catalogue_file import Catalogue, default_path, parse
from bot.nlu.spans import NAMING_KINDS, TERM_KINDS, settle
from bot.nlu.text import is_han, normalise
from bot.nlu.value_entities import find_values

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=timezone.utc)
SMALL_TALK = frozenset(
    {
        "greet", "goodbye", "thank", "affirm", "deny", "stop", "repeat", "bot_challenge",
        "ask_capabilities", "chitchat",
    }
)  # fmt: skip
KEPT_KINDS = frozenset((*TERM_KINDS, "feature", "service_item"))
"""Kinds whose words say what is meant, and stay."""
ALIKE = 0.75
LEAST_PIECES = 5

Labelled = list[tuple[str, str]]
"""Pairs of intent and sentence."""


def sentences(folder: Path) -> Labelled:
    found: Labelled = []
    for path in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or ():
            if "intent" in entry:
                lines = (line.strip().removeprefix("-") for line in entry["examples"].splitlines())
                found += [(entry["intent"], line.strip()) for line in lines if line.strip()]
    return found


TRAINING = sentences(ROOT / "bot/data")
HELD_BACK = sentences(ROOT / "tests/nlu")
DOCUMENTED = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/intents.md").read_text("utf-8"), re.M)


def language(text: str) -> str:
    return "zh" if any(map(is_han, text)) else "en"


def written(text: str) -> str:
    return normalise(text).text.strip(" .。!?,，")


def counted(labelled: Labelled) -> Counter[tuple[str, str]]:
    return Counter((intent, language(text)) for intent, text in labelled)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    path = default_path()
    return parse(path.read_bytes()) if path.is_file() else Catalogue()


@lru_cache
def _mark(kind: str) -> str:
    """One character for a kind, from the private use area."""
    return chr(0xE000 + sum(map(ord, kind)) % 0x1800)


def pieces(text: str) -> frozenset[str]:
    """The pieces of a sentence in which names and values are but their kind."""
    spans = settle(catalogue().index.find(text), find_values(text, catalogue(), NOW))
    parts: list[str] = []
    position = 0
    for span in sorted(spans, key=lambda found: (found.start, -found.end)):
        if span.start >= position and (span.kind in NAMING_KINDS or span.kind not in KEPT_KINDS):
            parts += [text[position : span.start], _mark(span.kind)]
            position = span.end
    # Mark by mark: the normal form has no private characters.
    parts = [each if "\ue000" <= each[:1] <= "\uf8ff" else normalise(each).text for each in parts]
    known = "".join([*parts, normalise(text[position:]).text]).strip()
    size = 2 if language(text) == "zh" else 4
    return frozenset(known[start : start + size] for start in range(len(known) - size + 1))


def alike(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs that are nearly one sentence; only those that share pieces are compared."""
    holding: dict[str, list[int]] = defaultdict(list)
    seen: list[frozenset[str]] = []
    for text in texts:
        own = pieces(text)
        if len(own) >= LEAST_PIECES:
            shared = Counter(index for piece in own for index in holding[piece])
            for index, count in shared.items():
                if count >= ALIKE * (len(own) + len(seen[index]) - count):
                    yield texts[index], text
            for piece in own:
                holding[piece].append(len(seen))
        seen.append(own)


def test_every_documented_intent_has_sentences_and_the_other_way_round() -> None:
    assert {intent for intent, _ in TRAINING} == set(DOCUMENTED)


@pytest.mark.parametrize("intent", sorted(set(DOCUMENTED) - SMALL_TALK - {"out_of_scope"}))
def test_an_intent_has_enough_sentences(intent: str) -> None:
    found = counted(TRAINING)
    assert found[intent, "zh"] >= 60
    assert found[intent, "en"] >= 40


def test_out_of_scope_and_small_talk_have_many() -> None:
    found = counted(TRAINING)
    assert found["out_of_scope", "zh"] >= 300
    assert found["out_of_scope", "en"] >= 200
    assert sum(found[intent, "zh"] for intent in SMALL_TALK) >= 300
    assert sum(found[intent, "en"] for intent in SMALL_TALK) >= 200


def test_no_sentence_stands_twice() -> None:
    found = Counter(text.lower() for _, text in TRAINING)
    assert [text for text, count in found.items() if count > 1] == []


@pytest.mark.parametrize("intent", sorted(set(DOCUMENTED)))
def test_no_two_sentences_of_an_intent_are_nearly_one(intent: str) -> None:
    assert list(alike([text for name, text in TRAINING if name == intent])) == []


def test_no_held_back_sentence_is_trained_on() -> None:
    trained = {written(text) for _, text in TRAINING}
    assert [text for _, text in HELD_BACK if written(text) in trained] == []


@pytest.mark.parametrize("intent", sorted(set(DOCUMENTED)))
def test_an_intent_has_enough_held_back_sentences(intent: str) -> None:
    found = counted(HELD_BACK)
    assert found[intent, "zh"] >= 15
    assert found[intent, "en"] >= 10

"""One trained model, another dealership: its brands, models and trims were never seen in training.

Needs the model named by ``CHEFU_MODEL`` and the demo export named by ``CHEFU_CATALOGUE``.
"""

import asyncio
import json
import os
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from rasa.core.agent import Agent

from bot.customer_text import inert
from bot.nlu.catalogue import CatalogueIndex, Name
from bot.nlu.catalogue_file import CHECK_SECONDS, default_path, parse
from bot.nlu.near_names import NearNames
from bot.nlu.sounds import sound
from bot.nlu.spans import Span
from bot.nlu.text import is_han, is_latin, normalise
from bot.nlu.vocabulary import is_ordinary
from tests.nlu.test_training_data import HELD_BACK, TRAINING

Row = dict[str, Any]
NAMED = ("brand", "model", "trim")

MODELS = [
    ("lumora", "朗沐", "Lumora", ""),
    ("kestron", "凯鸢", "Kestron", ""),
    ("dovanel", "渡湾", "Dovanel", ""),
    ("solvani", "溯汶", "Solvani", ""),
    ("quimbra", "木槿川", "Quimbra", ""),
    ("zephiro", "赤霞岭", "Zephiro", ""),
    ("halvenor", "珩登原", "Halvenor", ""),
    ("veyrann-q2", "维雅 Q2", "Veyrann Q2", "Q2"),
    ("brisanto-k4", "岚笙 K4", "Brisanto K4", "K4"),
    ("mirovex-v9", "弥洛 V9", "Mirovex V9", "V9"),
    ("tulgari-n6", "图迦 N6", "Tulgari N6", "N6"),
    ("orphelia-w3", "欧菲黎 W3", "Orphelia W3", "W3"),
]
TRIMS = [("星耀版", "Zenith edition"), ("臻境版", "Signature edition"), ("凌云版", "Aero edition")]


@dataclass(frozen=True)
class Swapped:
    """A sentence with other names; ``mentions`` are kind, references, start, end and the name."""

    intent: str
    text: str
    mentions: tuple[tuple[str, frozenset[str], int, int, str], ...]


def accuracy(parsed: Sequence[Row], intents: Sequence[str]) -> float:
    right: list[bool] = [
        found["intent_ranking"][0]["name"] == intent
        for found, intent in zip(parsed, intents, strict=True)
    ]
    return sum(right) / len(right)


@lru_cache(maxsize=1)
def demo() -> Row:
    path = default_path()
    if not path.is_file():
        pytest.skip("there is no export of the demo dealership")
    content: Row = json.loads(path.read_bytes())
    return content


@lru_cache(maxsize=1)
def other_dealership() -> bytes:
    rows: list[Row] = [row for row in demo()["names"] if row["kind"] not in NAMED]
    rows += [{"kind": "brand", "ref": "", "text": text} for text in ("澜穹", "Lanvora")]
    for ref, *names in MODELS:
        rows += [{"kind": "model", "ref": ref, "text": text} for text in names if text]
        for number, pair in enumerate(TRIMS):
            rows += [
                {"kind": "trim", "ref": f"{ref}-{number}", "text": text, "model": ref}
                for text in pair
            ]
    return json.dumps({**demo(), "names": rows}, ensure_ascii=False).encode()


def _replaced(text: str) -> list[Span]:
    """The names of a sentence that are exchanged; 高配 is a level of every dealership."""
    found = demo_index().find(text)
    levels = {(span.start, span.end) for span in found if span.kind == "trim_level"}
    names = [span for span in found if span.kind in NAMED and (span.start, span.end) not in levels]
    return [
        span
        for span in names
        if not any(other is not span and other.start <= span.start and span.end <= other.end
                   and other.length > span.length for other in names)
    ]  # fmt: skip


@lru_cache(maxsize=1)
def demo_index() -> CatalogueIndex:
    return parse(json.dumps(demo()).encode()).index


def swapped(error: Callable[[str], str | None] | None = None) -> Iterator[Swapped]:
    """The held-back sentences with the other dealership's names; with ``error``, only models, and
    only those names of which it makes a misspelled one count."""
    order = random.Random(7)
    for intent, text in HELD_BACK:
        parts, mentions = [""], []
        position = 0
        for span in _replaced(text):
            kind, refs, name = _name_for(span, order)
            written = name
            counts = error is None
            if error is not None and kind == "model" and (slip := error(name)) is not None:
                written, counts = slip, True
            before = text[position : span.start]
            if before[-1:].isascii() and before[-1:].isalnum() and written[0].isascii():
                before += " "
            start = sum(map(len, parts)) + len(before)
            parts += [before, written]
            position = span.end
            if counts:
                mentions.append((kind, refs, start, start + len(written), name))
        yield Swapped(intent, "".join(parts) + text[position:], tuple(mentions))


def _name_for(span: Span, order: random.Random) -> tuple[str, frozenset[str], str]:
    chinese = any(map(is_han, span.text))
    if span.kind == "brand":
        return "brand", frozenset({""}), "澜穹" if chinese else "Lanvora"
    if span.kind == "trim":
        number = order.randrange(len(TRIMS))
        refs = frozenset(f"{model[0]}-{number}" for model in MODELS)
        return "trim", refs, TRIMS[number][0 if chinese else 1]
    ref, zh, latin, code = order.choice(MODELS)
    short = code if code and len(span.text) <= 3 and not chinese else latin
    return "model", frozenset({ref}), zh if chinese else short


def mistyped(order: random.Random) -> Callable[[str], str | None]:
    """One wrong, missing, extra or swapped letter in a Latin word of five letters; a homophone in
    a Chinese name of three syllables or with a code. None for other names."""
    alike: dict[str, set[str]] = defaultdict(set)
    for char in {char for _, text in TRAINING for char in normalise(text).text if is_han(char)}:
        alike[sound(char)].add(char)

    def slip(name: str) -> str | None:
        han = [place for place, char in enumerate(name) if is_han(char)]
        if han:
            if len(han) < 3 and not re.search(r"\d", name):
                return None
            other = {place: sorted(alike[sound(name[place])] - {name[place]}) for place in han}
            places = [place for place in han if other[place]]
            if not places:
                return None
            place = order.choice(places)
            return name[:place] + order.choice(other[place]) + name[place + 1 :]
        word = name.split(maxsplit=1)[0]
        if sum(map(is_latin, word.lower())) < 5:
            return None
        return _one_key(word, order) + name[len(word) :]

    return slip


def _one_key(word: str, order: random.Random) -> str:
    letter = order.choice("abcdefghijklmnopqrstuvwxyz")
    place = order.randrange(1, len(word) - 1)
    made = [
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    ]
    found = order.choice(made)
    return found if found.lower() != word.lower() else _one_key(word, order)


def share_found(parsed: Sequence[Row], sentences: Sequence[Swapped]) -> float:
    told = [
        any(
            entity["entity"] == kind
            and entity["start"] < end
            and start < entity["end"]
            and refs & {entity["value"], *entity.get("alternatives", ())}
            for entity in found["entities"]
            if isinstance(entity["value"], str)
        )
        for found, sentence in zip(parsed, sentences, strict=True)
        for kind, refs, start, end, _ in sentence.mentions
    ]
    assert len(told) >= 50
    return sum(told) / len(told)


class Assistant:
    """One trained model that follows a catalogue file."""

    def __init__(self, model: str, path: Path) -> None:
        self._path = path
        self._agent = Agent.load(model)

    def parse(self, texts: Sequence[str], export: bytes) -> list[Row]:
        """What the model makes of the texts once it has seen the export."""
        new = self._path.with_suffix(".new")
        new.write_bytes(export)
        new.replace(self._path)
        time.sleep(CHECK_SECONDS + 0.1)

        async def all_of_them() -> list[Row]:
            return [await self._agent.parse_message(inert(text)) for text in texts]

        return asyncio.run(all_of_them())


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    model = os.environ.get("CHEFU_MODEL")
    if not model:
        pytest.skip("CHEFU_MODEL names no trained model")
    path = tmp_path_factory.mktemp("swap") / "catalogue.json"
    demo_index()
    path.write_text(json.dumps(demo()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHEFU_CATALOGUE", str(path))
        yield Assistant(model, path)


@pytest.fixture(scope="module")
def exact(assistant: Assistant) -> tuple[list[Swapped], list[Row]]:
    sentences = list(swapped())
    return sentences, assistant.parse([each.text for each in sentences], other_dealership())


def test_the_intents_do_not_depend_on_the_names(
    assistant: Assistant, exact: tuple[list[Swapped], list[Row]]
) -> None:
    intents = [intent for intent, _ in HELD_BACK]
    before = assistant.parse([text for _, text in HELD_BACK], json.dumps(demo()).encode())
    assert abs(accuracy(before, intents) - accuracy(exact[1], intents)) <= 0.01


def test_exact_names_are_found(exact: tuple[list[Swapped], list[Row]]) -> None:
    sentences, parsed = exact
    assert share_found(parsed, sentences) >= 0.99


def test_names_with_one_error_are_found(assistant: Assistant) -> None:
    sentences = [each for each in swapped(mistyped(random.Random(11))) if each.mentions]
    parsed = assistant.parse([each.text for each in sentences], other_dealership())
    assert share_found(parsed, sentences) >= 0.95


def many_names(count: int) -> list[Name]:
    order = random.Random(5)
    syllables = [first + last for first in "bdfgklmnprstvz" for last in ("a", "e", "i", "o", "u")]
    han = "岚屿岳禾驰途野澜穹霁珩鸢槿汶沐笙弥洛图迦黎臻凌曜川青朔翎骁澄"
    names: dict[str, Name] = {}
    while len(names) < count:
        ref = str(len(names))
        text = (
            "".join(order.choices(han, k=3))
            if len(names) % 2
            else "".join(order.choices(syllables, k=order.choice((3, 4)))).title()
        )
        names.setdefault(text.lower(), Name("model", ref, text))
    return list(names.values())


@pytest.fixture(scope="module")
def large() -> CatalogueIndex:
    return CatalogueIndex(many_names(5_000))


def test_names_of_a_large_catalogue_are_found(large: CatalogueIndex) -> None:
    asked = random.Random(3).sample(many_names(5_000), 400)
    found = [
        any(
            name.ref in (span.value, *span.alternatives)
            for span in large.find(
                f"请问{name.text}多少钱"
                if is_han(name.text[0])
                else f"how much is the {name.text}?"
            )
        )
        for name in asked
    ]
    assert sum(found) >= 0.99 * len(found)


def test_searching_does_not_grow_with_the_catalogue(large: CatalogueIndex) -> None:
    small = CatalogueIndex(many_names(50))
    texts = [text for _, text in HELD_BACK[::4]]

    def typical(index: CatalogueIndex) -> float:
        took = []
        for text in texts:
            started = time.perf_counter()
            index.find(text)
            took.append(time.perf_counter() - started)
        return median(took)

    typical(small)  # fills the caches of words
    assert typical(large) <= 5 * typical(small)


def test_ordinary_sentences_hold_hardly_any_near_name() -> None:
    names = [normalise(name.text).text for name in many_names(5_000)]
    near = NearNames(names, is_ordinary)
    texts = [normalise(text).text for _, text in HELD_BACK]
    false = [text for text in texts if any(len(hit.names) for hit in near.find(text))]
    assert len(false) <= 0.01 * len(texts)

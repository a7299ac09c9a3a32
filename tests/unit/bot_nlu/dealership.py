"""A small catalogue for the tests of understanding."""

import json
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from bot.nlu import encoder
from bot.nlu.catalogue_file import parse
from bot.nlu.intent_model import Floats
from bot.nlu.intent_training import Example
from bot.nlu.phrasing import phrase
from bot.nlu.sentence import Sentence, seen
from bot.nlu.spans import settle
from bot.nlu.value_entities import find_values
from bot.nlu.words import Word

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=timezone.utc)

NAMES: list[dict[str, str]] = [
    {"kind": "brand", "ref": "yaochuan", "text": "曜川"},
    {"kind": "brand", "ref": "yaochuan", "text": "Yaochuan"},
    {"kind": "model", "ref": "qinglan", "text": "青岚"},
    {"kind": "model", "ref": "qinglan", "text": "Qinglan"},
    {"kind": "model", "ref": "shanyu", "text": "山屿"},
    {"kind": "model", "ref": "shanyu", "text": "Shanyu"},
    {"kind": "model", "ref": "yuanyue", "text": "远岳"},
    {"kind": "model", "ref": "yuanyue", "text": "Yuanyue"},
    {"kind": "model", "ref": "xinghe-e5", "text": "星禾 E5"},
    {"kind": "model", "ref": "xinghe-e5", "text": "Xinghe E5"},
    {"kind": "model", "ref": "xinghe-e5", "text": "E5"},
    {"kind": "model", "ref": "guitu-m8", "text": "归途 M8"},
    {"kind": "model", "ref": "guitu-m8", "text": "Guitu M8"},
    {"kind": "model", "ref": "guitu-m8", "text": "M8"},
    {"kind": "trim", "ref": "qinglan-luxury", "text": "豪华版", "model": "qinglan"},
    {"kind": "trim", "ref": "shanyu-luxury", "text": "豪华版", "model": "shanyu"},
    {"kind": "trim", "ref": "shanyu-premium", "text": "山屿 1.5T 尊享版", "model": "shanyu"},
    {"kind": "feature", "ref": "sunroof", "text": "天窗"},
    {"kind": "feature", "ref": "sunroof", "text": "sunroof"},
    {"kind": "feature", "ref": "panoramic_sunroof", "text": "全景天窗"},
    {"kind": "feature", "ref": "heated_seats", "text": "heated seats"},
    {"kind": "feature", "ref": "oil_grade", "text": "机油"},
    {"kind": "service_item", "ref": "oil_change", "text": "机油"},
    {"kind": "service_item", "ref": "minor_service", "text": "小保养"},
]


def export(names: list[dict[str, str]], version: int = 1, **changes: Any) -> bytes:
    """An export file as the backend writes it."""
    content: dict[str, Any] = {
        "schema": 1,
        "version": version,
        "zone": "Asia/Shanghai",
        "opens": "09:00",
        "closes": "18:00",
        "names": names,
    }
    return json.dumps({**content, **changes}, ensure_ascii=False).encode()


CATALOGUE = parse(export(NAMES))


def sentence_of(text: str) -> Sentence:
    """A message with the mentions and values that are found in it."""
    return seen(text, settle(CATALOGUE.index.find(text), find_values(text, CATALOGUE, NOW)))


def words_of(text: str) -> list[Word]:
    """The words of such a message."""
    return list(sentence_of(text).words)


def meaning_of(*texts: str) -> Floats:
    """The vectors of messages."""
    sentences = map(sentence_of, texts)
    return encoder.encode([phrase(each.text, each.spans) for each in sentences])


def examples_of(labelled: Iterable[tuple[str, str]]) -> list[Example]:
    """Training sentences of pairs of text and intent."""
    labelled = list(labelled)
    vectors = meaning_of(*(text for text, _ in labelled))
    return [
        Example(sentence_of(text).features, vector, intent)
        for (text, intent), vector in zip(labelled, vectors, strict=True)
    ]

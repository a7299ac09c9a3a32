"""The demo's knowledge base as rows, without a store."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.diagnosis.reading import KnowledgeBase, read_knowledge
from backend.models import DiagnosisQuestion, Symptom
from backend.settings import ROOT

FOLDER = ROOT / "demo" / "diagnosis"
HERE = Path(__file__).parent


@cache
def demo() -> KnowledgeBase:
    return read_knowledge(FOLDER)


@cache
def symptoms() -> list[Symptom]:
    return [
        Symptom(
            code=row.code, words_zh=row.words_zh, words_en=row.words_en, drive=row.drive,
            position=at,
        )
        for at, row in enumerate(demo().symptoms)
    ]  # fmt: skip


@cache
def question(code: str) -> DiagnosisQuestion:
    answers = [row.model_dump() for row in demo().answers if row.question == code]
    return DiagnosisQuestion(code=code, answers=answers)


@cache
def heldback() -> dict[str, dict[str, list[str]]]:
    """Symptom → language → ways to tell of it that its words were not written from."""
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load((HERE / "heldback.yaml").read_text())
    return loaded


def phrasings() -> list[tuple[str, str]]:
    return [
        (code, text)
        for code, languages in heldback().items()
        for texts in languages.values()
        for text in texts
    ]


def ordinary() -> list[str]:
    """Sentences of the held-back set for the model that tell of no fault."""
    found: list[str] = []
    for name in ("heldback.yml", "heldback_voices.yml"):
        loaded: Any = yaml.safe_load((ROOT / "tests/nlu" / name).read_text())
        for block in loaded["nlu"]:
            if block.get("intent") in ("report_fault", "ask_usage", "complaint"):
                continue
            found += [line.lstrip("- ").strip() for line in block["examples"].splitlines()]
    return [text for text in found if text]

"""Reads the sentences and thresholds to measure with, and has the model parse the sentences."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from scripts.ground import ASSISTANT, ROOT, Failure, python_of, say
from scripts.understanding.outcomes import (
    LANGUAGES,
    Guess,
    Language,
    Outcome,
    Sentence,
    Thresholds,
)

SENTENCES = ROOT / "tests/nlu"
UNRELATED = SENTENCES / "unrelated.yml"

_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


def held_back(folder: Path = SENTENCES) -> list[Sentence]:
    """The sentences of all files of the folder that have ``nlu:``, each once.

    Raises Failure for a file that is not in Rasa's format for training data.
    """
    found: list[Sentence] = []
    for path in sorted(folder.glob("*.yml")):
        content = _content(path)
        if "nlu" in content:
            found += _labelled(path, content["nlu"])
    return list(dict.fromkeys(found))


def unrelated(path: Path = UNRELATED) -> list[Sentence] | None:
    """The sentences that have nothing to do with a dealership, each once; None without the file.

    Raises Failure for a file that is not ``unrelated: {zh: [...], en: [...]}``.
    """
    if not path.exists():
        return None
    by_language = _content(path).get("unrelated")
    if not isinstance(by_language, dict) or not by_language.keys() <= LANGUAGES.keys():
        raise Failure(f"{path.name} must have “unrelated:” with the lists “zh:” and “en:”")
    found: list[Sentence] = []
    for language, texts in by_language.items():
        for text in texts or ():
            if not isinstance(text, str):
                raise Failure(f"{path.name}: {text!r} is no text; put it in quotes")
            found.append(Sentence(text, language))
    return list(dict.fromkeys(found))


def thresholds(config: Path = ROOT / "config.yml") -> Thresholds:
    """Those of the FallbackClassifier; without one the assistant is never unsure."""
    for component in _content(config).get("pipeline") or ():
        if component.get("name") == "FallbackClassifier":
            # Rasa's own defaults for what is not said.
            least = component.get("threshold", 0.3)
            return Thresholds(float(least), float(component.get("ambiguity_threshold", 0.1)))
    return Thresholds(0.0, 0.0)


def _content(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Failure(f"{path.name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise Failure(f"{path.name} holds no keys at its top")
    return content


def _labelled(path: Path, entries: Any) -> Iterator[Sentence]:
    for entry in entries or ():
        if "intent" not in entry:
            # Synonyms, lookup tables and regular expressions hold no sentences.
            continue
        examples = entry.get("examples")
        if not isinstance(examples, str):
            raise Failure(f"{path.name}: the examples of {entry['intent']} must be text after “|”")
        # Chinese stands before English: numbers alone are of the language before them.
        language: Language = "zh"
        for line in examples.splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                language = language_of(text, language)
                yield Sentence(text, language, entry["intent"])


def language_of(text: str, otherwise: Language) -> Language:
    """By its letters, whatever the words: one Chinese character makes it Chinese."""
    if _CHINESE.search(text):
        return "zh"
    return "en" if _LATIN.search(text) else otherwise


def understood(
    model: Path, sentences: Sequence[Sentence], environment: Mapping[str, str]
) -> list[Outcome]:
    """What the model makes of each sentence, in their order; in one process of Rasa's side.

    Raises Failure when that process fails, or when there is no such model.
    """
    if not model.is_file():
        # Rasa would take another one from the same folder without a word.
        raise Failure(f"there is no model {model}")
    if not sentences:
        return []
    with tempfile.TemporaryDirectory(prefix="chefu-evaluate-") as folder:
        asked, answered = Path(folder, "asked.json"), Path(folder, "answered.json")
        asked.write_text(json.dumps([sentence.text for sentence in sentences]))
        answer = subprocess.run(
            [
                str(python_of(ASSISTANT)), "-m", "scripts.understanding.parsing",
                str(model.absolute()), str(asked), str(answered),
            ],
            cwd=ROOT, env=dict(environment), capture_output=True, text=True, errors="replace",
            check=False,
        )  # fmt: skip
        if answer.returncode or not answered.exists():
            say((answer.stdout + answer.stderr)[-3000:])
            raise Failure("the evaluation failed, see above")
        parsed = json.loads(answered.read_text())
    return [outcome(sentence, one) for sentence, one in zip(sentences, parsed, strict=True)]


def outcome(sentence: Sentence, parsed: Mapping[str, Any]) -> Outcome:
    """From what `scripts.understanding.parsing` writes for one sentence."""
    ranking = tuple(Guess(name, confidence) for name, confidence in parsed["ranking"])
    if not ranking:
        raise Failure(f"the model gives no intent for “{sentence.text}”")
    return Outcome(sentence, ranking, tuple(parsed["kinds"]))

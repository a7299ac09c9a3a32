import copy
from pathlib import Path

import pytest
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.importer import TrainingFiles, TrainingSentence

DATA = """version: "3.1"
nlu:
- intent: ask_price
  examples: |
    - 多少钱
    - how much is it
    - 多少钱
- intent: greet
  examples: |
    - 你好
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "nlu.yml"
    path.write_text(DATA, encoding="utf-8")
    return path


def read(file: Path) -> TrainingData:
    return TrainingFiles(None, None, [str(file)]).get_nlu_data()


def texts(data: TrainingData) -> list[str]:
    return [example.get("text") for example in data.training_examples]


def test_what_is_read_is_what_rasa_reads(file: Path) -> None:
    ours, theirs = read(file), RasaFileImporter(None, None, [str(file)]).get_nlu_data()
    assert texts(ours) == texts(theirs) == ["多少钱", "how much is it", "你好"]
    assert ours.training_examples == theirs.training_examples
    assert ours.fingerprint() == theirs.fingerprint()


def test_a_file_that_changes_is_read_again(file: Path) -> None:
    first = read(file)
    file.write_text(DATA + "    - 您好呀\n", encoding="utf-8")
    assert texts(read(file)) == [*texts(first), "您好呀"]


def test_a_change_stays_in_its_copy(file: Path) -> None:
    data = read(file)
    before = data.fingerprint()
    changed = TrainingData().merge(data)
    changed.training_examples[0].set("text", "其他")
    changed.training_examples[1].set("entities", [{"entity": "model"}])
    assert changed.fingerprint() != before
    assert data.fingerprint() == before == read(file).fingerprint()


def test_a_sentence_is_the_message_that_rasa_would_make() -> None:
    content = {"text": "山屿多少钱", "intent": "ask_price", "entities": [{"entity": "model"}]}
    sentence, message = TrainingSentence(content), Message(content)
    assert sentence.fingerprint() == message.fingerprint()
    copied = copy.deepcopy(sentence)
    assert copied == sentence
    copied.get("entities")[0]["entity"] = "trim"
    copied.set("intent", "greet", add_to_output=True)
    assert sentence.data == content
    assert "intent" not in sentence.output_properties


def test_setting_what_is_there_changes_nothing_and_setting_anew_does() -> None:
    sentence = TrainingSentence({"text": "a", "intent": "b"})
    first = sentence.fingerprint()
    sentence.set("intent", "b")
    assert sentence.fingerprint() == first
    sentence.set("intent", "c")
    assert (
        sentence.fingerprint()
        != first
        == TrainingSentence({"text": "a", "intent": "b"}).fingerprint()
    )

"""The components in their order, on messages and on training data, without a Rasa server."""

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.catalogue_file import CatalogueFile
from bot.nlu.catalogue_mentions import CatalogueMentions
from bot.nlu.intent_classifier import LinearIntentClassifier
from bot.nlu.language_detector import LanguageDetector
from bot.nlu.tokenizer import MixedTokenizer
from bot.nlu.value_entities import ValueExtractor
from tests.unit.bot_nlu.dealership import NAMES, export
from tests.unit.bot_nlu.test_text import ANY_TEXT

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=timezone.utc)

SENTENCES = [
    ("你好", "greet"),
    ("hello", "greet"),
    ("山屿多少钱", "ask_price"),
    ("how much is the Shanyu", "ask_price"),
    ("周六下午三点试驾山屿", "book_test_drive"),
    ("test drive on Saturday", "book_test_drive"),
]


class Finders:
    """All components up to the tokenizer, at one moment, with one catalogue."""

    def __init__(self, path: Path, now: datetime = NOW) -> None:
        self.catalogue = catalogue = CatalogueFile(path)
        self.mentions = CatalogueMentions(catalogue)
        self.values = ValueExtractor(catalogue, lambda: now)
        self.language = LanguageDetector()
        self.tokenizer = MixedTokenizer(MixedTokenizer.get_default_config())

    def read(self, text: str) -> Message:
        message = Message({"text": text})
        for component in (self.mentions, self.values, self.language, self.tokenizer):
            component.process([message])
        return message


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("var") / "catalogue.json"
    path.write_bytes(export(NAMES))
    return path


@pytest.fixture(scope="module")
def finders(path: Path) -> Finders:
    return Finders(path)


def entities(message: Message) -> dict[str, Any]:
    return {found["entity"]: found["value"] for found in message.get("entities")}


def examples() -> TrainingData:
    return TrainingData([Message({"text": text, "intent": name}) for text, name in SENTENCES])


@pytest.fixture(scope="module")
def trained(finders: Finders, tmp_path_factory: pytest.TempPathFactory) -> LinearIntentClassifier:
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    config = {**LinearIntentClassifier.get_default_config(), "least_messages": 1, "sharpness": 2.0}
    resource = Resource("classifier")
    classifier = LinearIntentClassifier(config, storage, resource, catalogue=finders.catalogue)
    classifier.train(examples())
    return classifier


def test_a_whole_request_is_taken_apart(finders: Finders) -> None:
    text = "我想周六下午三点试驾星禾E5，我叫王伟，电话１３８００００００１１"
    found = entities(finders.read(text))
    assert found["model"] == "xinghe-e5"
    assert found["time"]["start"] == "2026-11-28T15:00:00+08:00"
    assert found["person"]["name"] == "王伟"
    assert found["phone"]["national"] == "13800000011"
    assert found["language"] == "zh"


def test_entities_quote_the_customer(finders: Finders) -> None:
    text = " 😀\u200b周六下午三点　试驾 星禾　Ｅ５"
    for found in finders.read(text).get("entities"):
        if found["entity"] != "language":
            assert text[found["start"] : found["end"]] == found["text"]


def test_a_models_number_is_no_value(finders: Finders) -> None:
    found = finders.read("归途M8 星禾E5").get("entities")
    assert [each["entity"] for each in found] == ["model", "model"]


def test_a_name_alone_keeps_the_language(finders: Finders) -> None:
    assert "language" not in entities(finders.read("山屿"))
    assert "language" not in entities(finders.read("13800000001"))


def test_tokens_stand_for_kinds_and_quote_the_customer(finders: Finders) -> None:
    text = "周六下午三点试驾星禾E5"
    tokens = finders.read(text).get("text_tokens")
    assert [token.lemma for token in tokens] == ["__time__", "试驾", "__model__"]
    assert [text[token.start : token.end] for token in tokens] == ["周六下午三点", "试驾", "星禾E5"]


def test_training_leaves_the_sentences_as_they_are(
    finders: Finders, trained: LinearIntentClassifier
) -> None:
    data = examples()
    before = data.fingerprint()
    assert finders.tokenizer.process_training_data(data).fingerprint() == before
    assert not data.entity_examples


def test_trained_persisted_and_loaded(finders: Finders, tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("classifier")
    config = LinearIntentClassifier.get_default_config()
    trained = LinearIntentClassifier(config, storage, resource, catalogue=finders.catalogue)
    trained.train(examples())
    loaded = LinearIntentClassifier.load(config, storage, resource, None)
    [message] = loaded.process([finders.read("远岳多少钱")])
    assert message.get("intent")["name"] == "ask_price"
    assert message.get("intent_ranking")[0] == message.get("intent")
    assert {"intent", "intent_ranking", "entities"} <= message.output_properties


def test_without_training_nothing_is_guessed(finders: Finders, tmp_path: Path) -> None:
    storage = LocalModelStorage(tmp_path)
    untrained = LinearIntentClassifier({}, storage, Resource("none"))
    with pytest.raises(RuntimeError):
        untrained.process([finders.read("你好")])
    with pytest.raises(ValueError, match="none"):
        LinearIntentClassifier.load({}, storage, Resource("none"), None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud83d",
        "\u202e山屿\u202d",
        "\u200b" * 50,
        "好" * 2_000,
        "😀" * 2_000,
        "1" * 2_000,
        "a" * 2_000,
        "一" * 2_000,
        "三点" * 1_000,
        "/restart",
        "<script>alert(1)</script>",
        "-" * 2_000,
        "星禾 " * 600,
        "／restart",
        "\u200b／restart",
        "مرحبا 山屿 שלום price",
        "山屿price?щ😀１３８\u200d",
        "qinglqn " * 250,
        "元岳" * 1_000,
        "，" * 2_000,
    ],
)
def test_hostile_texts_are_read(
    finders: Finders, trained: LinearIntentClassifier, text: str
) -> None:
    [message] = trained.process([finders.read(text)])
    assert isinstance(message.get("entities"), list)
    assert message.get("intent")["name"]
    assert isinstance(message.get("wishes"), list)
    assert not [token for token in message.get("text_tokens") if token.text[:1] in ("/", "／")]
    assert not [token for token in message.get("text_tokens") if token.lemma.startswith("/")]


def test_a_name_nearly_right_says_so(finders: Finders) -> None:
    [found] = [each for each in finders.read("qinglqn多少钱").get("entities") if "near" in each]
    assert (found["entity"], found["value"], found["near"]) == ("model", "qinglan", True)
    exact = finders.read("青岚多少钱").get("entities")
    assert not [each for each in exact if "near" in each]


def test_the_other_wish_of_a_message_is_kept(
    finders: Finders, trained: LinearIntentClassifier
) -> None:
    text = "山屿多少钱，周六下午三点试驾山屿"
    [message] = trained.process([finders.read(text)])
    told = {message.get("intent")["name"], *(wish["intent"] for wish in message.get("wishes"))}
    assert told == {"ask_price", "book_test_drive"}
    assert "wishes" in message.output_properties
    [alone] = trained.process([finders.read("山屿多少钱")])
    assert alone.get("wishes") == []


@settings(max_examples=60, deadline=None)
@given(ANY_TEXT)
def test_any_text_is_read(text: str) -> None:
    path = Path("there is no such catalogue")
    assert Finders(path).read(text).get("text") == text

from hypothesis import given

from bot.nlu.features import features
from bot.nlu.spans import Span
from bot.nlu.words import DIGITS, SYMBOL, split
from tests.unit.bot_nlu.test_text import ANY_TEXT


def span(text: str, words: str, kind: str) -> Span:
    start = text.index(words)
    return Span(kind, start, start + len(words), words, "x")


def lemmas(text: str, *spans: Span) -> list[str]:
    return [word.lemma for word in split(text, spans)]


def test_both_languages_in_one_message() -> None:
    assert lemmas("落地价是多少？What's the PRICE 😀😀 3.5") == [
        "落地价", "是", "多少", "?", "what's", "the", "price", SYMBOL, DIGITS,
    ]  # fmt: skip


def test_words_of_the_trade_stay_whole() -> None:
    for word in ("落地价", "月供", "试驾", "首保", "倒车影像", "多少钱"):
        assert lemmas(f"问一下{word}的事")[-3:-2] == [word] or word in lemmas(f"问一下{word}的事")


def test_a_finding_is_one_word_named_by_its_kind() -> None:
    text = "想周六下午三点试驾星禾 E5"
    spans = [span(text, "周六下午三点", "time"), span(text, "星禾 E5", "model")]
    words = split(text, spans)
    assert [word.lemma for word in words] == ["想", "__time__", "试驾", "__model__"]
    assert [word.text for word in words] == ["想", "周六下午三点", "试驾", "星禾 E5"]
    assert all(text[word.start : word.end] == word.text for word in words)


def test_of_two_findings_on_the_same_words_the_first_counts() -> None:
    text = "换机油"
    assert lemmas(text, span(text, "机油", "service_item"), span(text, "机油", "feature")) == [
        "换",
        "__service_item__",
    ]


def test_features_know_no_brand() -> None:
    def seen(text: str, model: str) -> list[str]:
        return features(split(text, [span(text, model, "model")]))

    assert seen("山屿多少钱", "山屿") == seen("星禾 E5多少钱", "星禾 E5")


def test_features_know_what_a_generic_word_says() -> None:
    text = "有天窗吗"
    found = features(split(text, [span(text, "天窗", "feature")]))
    assert "w __feature__" in found
    assert "h 天窗" in found


def test_features_know_no_person_and_no_amount() -> None:
    text = "我叫王伟"
    assert not [
        name for name in features(split(text, [span(text, "王伟", "person")])) if "王" in name
    ]


@given(ANY_TEXT)
def test_any_text_has_words_that_quote_it(text: str) -> None:
    for written in (text, f"{text}三点{text}"):
        found = split(written, [span(written, "三点", "time")] if "三点" in written else [])
        assert all(word.text == written[word.start : word.end] != "" for word in found)
        assert [word.start for word in found] == sorted(word.start for word in found)
        features(found)

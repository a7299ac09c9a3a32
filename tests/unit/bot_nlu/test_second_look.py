import pytest

from bot.nlu.second_look import LONGEST, MOST, SURE, clauses_of, second_look
from tests.unit.bot_nlu.dealership import sentence_of


def clauses(text: str) -> list[str]:
    return [clause.text.strip() for clause in clauses_of(sentence_of(text))]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("山屿多少钱，周六能试驾吗", ["山屿多少钱", "周六能试驾吗"]),
        ("多少钱？能试驾吗", ["多少钱", "能试驾吗"]),
        ("how much is it and also can I drive it", ["how much is it", "can I drive it"]),
        ("How much is it? Where are you?", ["How much is it", "Where are you"]),
    ],
)
def test_each_clause_is_seen(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


def test_a_second_thought_begins_a_clause() -> None:
    assert clauses("问问多少钱顺便约个试驾")[-1].endswith("约个试驾")


@pytest.mark.parametrize(
    "text", ["", "多少钱", "，，，", "how much is it?", "a budget of 9,000 km"]
)
def test_one_clause_is_no_second_wish(text: str) -> None:
    assert clauses(text) == []


def test_a_number_is_not_cut() -> None:
    assert any("9,000" in part for part in clauses("it has done 9,000 km, is a service due"))


def test_a_story_is_left_alone() -> None:
    assert clauses("多少钱，能试驾吗。" * (LONGEST // 9 + 1)) == []


def test_only_the_first_clauses_are_looked_at() -> None:
    assert len(clauses("多少钱，能试驾吗，几点开门，在哪里，有优惠吗，能贷款吗")) == MOST


def test_clauses_know_their_place_and_their_findings() -> None:
    text = "几点开门，山屿多少钱"
    last = clauses_of(sentence_of(text))[-1]
    assert text[last.start :] == last.text
    [model] = [span for span in last.spans if span.kind == "model"]
    assert last.text[model.start : model.end] == "山屿"


def test_a_sure_wish_is_listed_once_and_beside_the_main_one() -> None:
    parts = clauses_of(sentence_of("多少钱，能试驾吗，想试驾"))
    readings = [("ask_price", 0.9), ("book_test_drive", 0.9), ("book_test_drive", 0.95)]
    wishes = second_look(("ask_price", 0.7), list(zip(parts, readings, strict=True)))
    assert [wish.intent for wish in wishes] == ["book_test_drive"]
    entry = wishes[0].as_entry()
    assert "多少钱，能试驾吗，想试驾"[entry["start"] : entry["end"]] == "能试驾吗"


@pytest.mark.parametrize("reading", [("thank", 0.99), ("chitchat", 0.99), ("ask_hours", SURE / 2)])
def test_small_talk_and_guesses_are_no_wish(reading: tuple[str, float]) -> None:
    parts = clauses_of(sentence_of("多少钱，谢谢你了"))
    found = second_look(("ask_price", 0.9), [(parts[0], ("ask_price", 0.9)), (parts[1], reading)])
    assert found == []


def test_a_person_is_a_wish() -> None:
    [first, *_] = clauses_of(sentence_of("转人工，多少钱啊"))
    [wish] = second_look(("ask_price", 0.9), [(first, ("human_handoff", 0.9))])
    assert wish.intent == "human_handoff"

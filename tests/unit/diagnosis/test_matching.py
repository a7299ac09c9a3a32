"""Symptoms are found by words that they were not written from, and by no others."""

import time

import pytest

from backend.diagnosis.knowledge import matching, read_answer
from backend.diagnosis.words import compiled, hear, weight
from tests.unit.diagnosis.base import demo, heldback, ordinary, phrasings, question, symptoms


def test_each_entry_has_held_back_phrasings() -> None:
    assert set(heldback()) == {row.code for row in demo().symptoms}
    for code, texts in heldback().items():
        assert len(texts["zh"]) >= 2, code
        assert len(texts["en"]) >= 2, code


def test_they_differ_from_names_and_words() -> None:
    for row in demo().symptoms:
        for text in (*heldback()[row.code]["zh"], *heldback()[row.code]["en"]):
            assert text not in (row.name_zh, row.name_en, *row.words_zh, *row.words_en)


@pytest.mark.parametrize(("code", "text"), phrasings())
def test_a_held_back_phrasing_finds_its_entry(code: str, text: str) -> None:
    assert code in [row.code for row in matching(symptoms(), text)]


def test_nearly_always_first() -> None:
    wrong = [
        (code, text)
        for code, text in phrasings()
        if matching(symptoms(), text)[0].code != code
    ]  # fmt: skip
    assert len(wrong) <= len(phrasings()) * 0.02, wrong


def test_ordinary_sentences_match_next_to_nothing() -> None:
    texts = ordinary()
    assert len(texts) > 1500
    found = [text for text in texts if matching(symptoms(), text)]
    assert len(found) <= len(texts) * 0.015, found


@pytest.mark.parametrize(
    "text",
    [
        "山屿多少钱",
        "周六下午想试驾",
        "续航多少公里",
        "大灯是LED的吗",
        "有没有座椅通风",
        "机油多少钱一桶",
        "小保养要多久",
        "电池质保几年",
        "你们几点关门",
        "空调滤芯怎么换便宜",
        "刹车片多少钱",
        "轮胎什么牌子",
        "发动机是几缸的",
        "没有冒烟",
        "没有漏油",
        "how much is the Shanyu",
        "book a test drive on Saturday",
        "does it have adaptive cruise",
        "what is the battery warranty",
        "is there any discount",
        "what engine does it have",
        "how long does a service take",
        "no smoke at all",
        "does it come in red",
        "can I pay by instalments",
        "what size are the wheels",
    ],
)
def test_these_match_nothing(text: str) -> None:
    assert [row.code for row in matching(symptoms(), text)] == []


@pytest.mark.parametrize(
    ("line", "language", "text", "holds"),
    [
        ("机油 + 灯|报警", "zh", "灯亮了，是机油的", True),
        ("机油 + 灯|报警", "zh", "机油换了。昨天。灯亮", False),
        ("漏油", "zh", "没有漏油", False),
        ("漏油", "zh", "没有响，漏油了", True),
        ("空调 + 不凉", "zh", "空調不涼", True),
        ("leak + oil", "en", "oil is leaking", True),
        ("leak + oil", "en", "no leak, oil is fine", False),
        ("not start", "en", "it won't start", True),
        ("not start", "en", "it starts", False),
        ("ac + warm", "en", "the AC is warm", True),
        ("ac + warm", "en", "backing up warmly", False),
    ],
)
def test_a_line(line: str, language: str, text: str, holds: bool) -> None:
    heard = hear(text)
    parts = heard.zh if language == "zh" else heard.en
    assert any(weight(compiled(line, language), part, language) for part in parts) is holds


@pytest.mark.parametrize(
    ("code", "text", "answer"),
    [
        ("lamp_colour", "红的", "red"), ("lamp_colour", "It's amber", "yellow"),
        ("lamp_state", "不闪", "steady"), ("lamp_state", "it is blinking", "flashing"),
        ("other_lamps", "没有", "none"), ("other_lamps", "有黄灯", "yellow"),
        ("still_drives", "开不动了", "stuck"), ("brake_feel", "as usual", "usual"),
        ("since", "昨天开始的", "days"), ("since", "for weeks now", "weeks"),
        ("smell", "nothing", "none"), ("lamp_colour", "下周再说", None),
    ],
)  # fmt: skip
def test_answers_are_read(code: str, text: str, answer: str | None) -> None:
    found = read_answer(question(code), text)
    assert (found["code"] if found else None) == answer


def test_names_on_buttons_are_read_as_themselves() -> None:
    for row in demo().answers:
        for text in (row.name_zh, row.name_en):
            found = read_answer(question(row.question), text)
            assert found is not None, text
            assert found["code"] == row.code, text


@pytest.mark.parametrize(
    "text", ["", "?", "，，，", "\0", "车" * 2000, "brake " * 400, "/inform{}"]
)
def test_no_text_breaks_it(text: str) -> None:
    matching(symptoms(), text)


def test_the_work_grows_with_the_text() -> None:
    def counted(text: str) -> float:
        best = 9.0
        for _ in range(3):
            began = time.process_time()
            matching(symptoms(), text)
            best = min(best, time.process_time() - began)
        return best

    once, four = counted("没刹车无灯不" * 80), counted("没刹车无灯不" * 320)
    assert four < once * 12 + 0.05

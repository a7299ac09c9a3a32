"""A yes that books must be one."""

from types import SimpleNamespace

import pytest

from bot.actions.consent import clear


def said(text: str, confidence: float, *, pressed: bool = False) -> bool:
    turn = SimpleNamespace(text=text, confidence=confidence, pressed=pressed)
    return clear(turn)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "嗯嗯", "好呀好呀", "成，听你的", "👍 ok", "是呀是呀", "可以，就约这个", "没啥问题，下单吧",
        "没什么要改的，提交吧", "不用改了，就这样订", "不错，确认", "特别好", "没问题",
        "yes, confirm the booking", "ok go", "no problem, book it", "no changes, go ahead",
        "yep thats right", "why not, ok", "sure, nothing else",
    ],
)  # fmt: skip
def test_a_yes_however_weakly_it_is_recognised(text: str) -> None:
    assert said(text, 0.5)


@pytest.mark.parametrize(
    "text",
    [
        "先不确认，有问题", "好像不对", "先别订", "等一下，行吗", "可以取消吗", "还没想好",
        "算了，好吧", "yes wait", "not ok", "ok forget it", "please cancel it", "don't book it",
        "the time is wrong, yes?",
    ],
)  # fmt: skip
def test_words_that_speak_against_it_are_asked_about_however_sure_the_classifier(text: str) -> None:
    assert not said(text, 0.99)


@pytest.mark.parametrize("text", ["forgeet it", "qrd", "算"])
def test_a_slip_that_is_taken_for_a_yes_is_none(text: str) -> None:
    assert not said(text, 0.56)


def test_other_words_count_when_they_are_surely_understood() -> None:
    assert said("我从头到尾看了一遍，提上去吧", 0.9)


def test_a_button_is_what_it_says() -> None:
    assert said("/affirm", 1.0, pressed=True)

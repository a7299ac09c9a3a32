"""What withdraws a complaint, says that it is solved or not, and what only sounds like it."""

import pytest

from bot.actions import complaint_words as words


@pytest.mark.parametrize(
    "text",
    [
        "算了不投诉了", "不想投诉了", "我要撤销投诉", "投诉取消吧", "那个投诉撤了",
        "不用投诉了谢谢",
        "I want to withdraw my complaint", "please drop the complaint",
        "forget about the complaint", "I no longer want to complain",
    ],
)  # fmt: skip
def test_withdrawing(text: str) -> None:
    assert words.withdraws(text)


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉", "我不投诉谁投诉", "不是投诉，就问一下", "没打算撤投诉",
        "再没人理我就不投诉了直接找律师", "不想撤回投诉", "I don't want to withdraw my complaint",
        "unless you call me I won't complain here any more, I'll sue", "cancel my test drive",
    ],
)  # fmt: skip
def test_not_withdrawing(text: str) -> None:
    assert not words.withdraws(text)


@pytest.mark.parametrize(
    "text",
    [
        "没解决", "还没有解决好", "问题还在", "还是一样响", "又漏油了", "根本没用", "不满意",
        "没给我处理好", "It's not fixed", "still the same noise", "it came back",
        "not happy at all", "it hasn't been resolved",
    ],
)  # fmt: skip
def test_unsolved(text: str) -> None:
    assert words.unsolved(text)
    assert not words.solved(text)


@pytest.mark.parametrize(
    "text",
    [
        "解决了",
        "已经修好了，谢谢",
        "没问题了",
        "挺满意的",
        "yes, it's fixed",
        "all good",
        "solved, thanks",
    ],
)
def test_solved(text: str) -> None:
    assert words.solved(text)
    assert not words.unsolved(text)


@pytest.mark.parametrize("text", ["解决了吗", "你们几点下班", "多少钱", "is it solved?", "thanks"])
def test_neither(text: str) -> None:
    assert not words.solved(text)
    assert not words.unsolved(text)


@pytest.mark.parametrize(
    "text",
    [
        "啥时候给我回复", "什么时候给我打电话", "怎么还没人联系我",
        "so whens someone going to call me", "when will you get back to me",
        "when's somebody going to ring",
    ],
)  # fmt: skip
def test_asking_when_he_hears_of_it(text: str) -> None:
    assert words.waits(text)


@pytest.mark.parametrize("text", ["我的车什么时候修好给我打电话", "几点关门", "call me"])
def test_asking_something_else(text: str) -> None:
    assert not words.waits(text)

"""The checker can fail: it finds figures that were planted, whatever they look like."""

import re

import pytest

from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import Dialogue, Said
from tests.integration.actions.figures.driving import Driver, car
from tests.integration.actions.figures.reading import days, figures

QUESTIONS = ("ask_price", "ask_onroad_price", "ask_finance", "ask_promotion", "ask_warranty")
DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def said(text: str) -> list[Said]:
    return [Said(None, text, (), (), {})]


@pytest.fixture
async def driver(chat: Dialogue) -> Driver:
    return await Driver.of(chat)


PLANTED = [
    ("zh", "山屿 1.5T 豪华版的官方指导价是 13.97 万元（139,700 元）。"),
    ("en", "The list price of the Shanyu 1.5T Deluxe is CNY 139,700."),
    # Another trim's price.
    ("zh", "山屿 1.5T 豪华版的官方指导价是 12.98 万元。"),
    # Another model's.
    ("zh", "山屿起步价 8.98 万元。"),
    ("en", "The Shanyu starts at CNY 89,800."),
    ("zh", "山屿首付 25% 起。"),
    ("zh", "活动到 12月30日。"),
    ("en", "The offer holds until Wed 30 Dec."),
    ("en", "Valid until 2026-12-30."),
    ("zh", "整车质保 4 年。"),
    ("zh", "整车质保五年。"),
    ("en", "The car is covered for six years."),
    ("zh", "最低两成首付，打八折。"),
    ("zh", "我们 22:00 关门。"),
    ("en", "CNY 119,800 to 165,900"),
    ("zh", "已经有 1,234 位车主。"),
]


@pytest.mark.parametrize(("language", "text"), PLANTED)
async def test_a_planted_figure_is_found(driver: Driver, language: str, text: str) -> None:
    assert driver.checker.untraced(said(text), language), text


async def test_a_planted_figure_is_found_in_buttons_and_cards(driver: Driver) -> None:
    button = [Said(None, "山屿", (("直降 9,000 元", "/x"),), (), {})]
    card = [
        Said(
            None, "山屿", (), ({"title": "山屿", "facts": [{"label": "价", "value": "9 元"}]},), {}
        )
    ]
    for one in (button, card):
        assert len(driver.checker.untraced(one, "zh")) == 1


async def test_what_is_right_is_traced(driver: Driver) -> None:
    right = [
        "山屿 1.5T 豪华版的官方指导价是 13.98 万元（139,800 元）。",
        "12月31日 之前直降 5,000 元，最低首付 20%，36 期。",
    ]
    for text in right:
        assert driver.checker.untraced(said(text), "zh") == []
    mine = driver.checker.untraced(said("首付 51,234 元"), "zh", message="首付51234元")
    assert mine == []


async def test_figures_changed_by_a_digit_are_found(start: Opening) -> None:
    """Real replies, each of their figures changed in its last digit: hardly one gets through.

    What gets through is small numbers, such as 37 months for 36, that some record holds.
    """
    changed = 0
    missed: list[str] = []
    for language in ("zh", "en"):
        driver = await Driver.of(await start(language=language, id=language * 16))
        for model in ("shanyu", "xinghe-e5", "guitu-m8"):
            for intent in QUESTIONS:
                for one in await driver.ask("?", intent, *car(model)):
                    for wrong, near in _spoilt(one.worded(language), driver.checker.records.names):
                        changed += 1
                        seen = driver.checker.untraced(
                            said(wrong), language, entities=car(model),
                            more=days(driver.checker.records.today),
                        )  # fmt: skip
                        missed += [] if seen else [near]
    assert changed > 250
    assert len(missed) / changed < 0.03, missed


def _spoilt(text: str, names: list[str]) -> list[tuple[str, str]]:
    """`text` once for each figure in it, that one changed by one in its last digit; and where."""
    covered = [
        (match.start(), match.end())
        for name in names
        for match in re.finditer(re.escape(name), text)
        if figures(name)
    ]
    spoilt = []
    for match in DIGITS.finditer(text):
        if any(start <= match.start() < end for start, end in covered):
            continue
        digits = match[0].rstrip(",.")
        last = str((int(digits[-1]) + 1) % 10)
        end = match.start() + len(digits)
        wrong = text[: end - 1] + last + text[end:]
        spoilt.append((wrong, wrong[max(0, end - 12) : end + 8]))
    return spoilt


async def test_a_broken_action_would_fail_the_property(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very tests that walk over all questions fail when one action says one yuan less."""
    from bot.actions import wording

    honest = wording.yuan
    monkeypatch.setattr(wording, "yuan", lambda fen, language: honest(fen - 100, language))
    await driver.ask("?", "ask_onroad_price", *car("shanyu"))
    with pytest.raises(AssertionError, match="untraced"):
        driver.assert_traced(0)

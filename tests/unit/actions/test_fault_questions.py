"""Whether somebody is to come to a car that has a fault."""

import pytest

from bot.actions.fault_questions import wants_help


@pytest.mark.parametrize("text", ["can u send someone", "派个人过来"])
def test_who_asks_for_somebody_wants_him(text: str) -> None:
    assert wants_help(text, grave=False)


@pytest.mark.parametrize("text", ["你们能来人吗", "can you come here", "派车来吧"])
def test_of_a_car_that_must_not_be_driven_asking_is_enough(text: str) -> None:
    assert wants_help(text, grave=True)
    assert not wants_help(text, grave=False)


@pytest.mark.parametrize("text", ["不用派人", "已经叫人来了", "don't send anyone", "几点关门"])
def test_who_says_no_wants_nobody(text: str) -> None:
    assert not wants_help(text, grave=True)

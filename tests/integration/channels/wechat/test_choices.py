"""Buttons: in a menu to press on, or numbered and typed."""

from datetime import timedelta
from pathlib import Path

import pytest

from backend.channels.wechat import texts
from backend.clock import FixedClock
from backend.conversations.assistant import Answer
from backend.conversations.transcript import Reply
from backend.database import Database
from tests.fakes.wechat_platform import Fault
from tests.fakes.wechat_server import SEND
from tests.integration.channels.wechat.conftest import ANNA, Account, opened
from tests.integration.chat.talk import answer

BUTTONS = (("预约试驾", "/book_test_drive"), ("预约保养", "/book_maintenance"))
OFFER = answer("想做什么？", buttons=BUTTONS)
NUMBERED = f"想做什么？\n1. 预约试驾\n2. 预约保养\n{texts.CHOOSE['zh']}"


async def offered(account: Account, *answers: Answer) -> None:
    """The customer asks and sees buttons."""
    account.assistant.plays(*(answers or (OFFER,)))
    await account.wechat.says(ANNA, "你好")
    await account.screen(1)
    await account.settled("sent")


async def chosen(account: Account, number: int = 2) -> tuple[str, str | None]:
    """What the assistant was asked the last time."""
    await account.screen(number)
    last = account.assistant.calls[-1]
    return last.text, last.payload


async def test_a_menu_to_press_on(account: Account) -> None:
    await offered(account)
    assert await account.screen(1) == [NUMBERED]
    await account.wechat.presses(ANNA, "预约保养")
    assert await chosen(account) == ("预约保养", "/book_maintenance")


async def test_a_press_whose_id_does_not_come_back(quick: Account) -> None:
    await offered(quick)
    await quick.wechat.presses(ANNA, "预约保养", with_id=False)
    assert await chosen(quick) == ("预约保养", "/book_maintenance")


@pytest.mark.parametrize("typed", ["2", " 2 ", "２", "2.", "2、", "选2", "第 2 个", "②"])
async def test_a_number_that_is_typed(quick: Account, typed: str) -> None:
    await offered(quick)
    await quick.wechat.says(ANNA, typed)
    assert await chosen(quick) == ("预约保养", "/book_maintenance")


@pytest.mark.parametrize(
    "typed", ["3", "0", "22", "2万", "2点", "2号", "2个", "-2", "12 月", "两个"]
)
async def test_a_number_that_means_something_else(quick: Account, typed: str) -> None:
    await offered(quick)
    await quick.wechat.says(ANNA, typed)
    assert await chosen(quick) == (typed, None)


async def test_an_older_menu_can_still_be_pressed_but_its_numbers_are_gone(quick: Account) -> None:
    await offered(quick)
    menu = list(quick.platform.customer(ANNA).menu)
    quick.assistant.plays(answer("好的"))
    await quick.wechat.says(ANNA, "等等")
    await quick.settled("sent", "sent")
    await quick.wechat.says(ANNA, "2")
    assert await chosen(quick, 3) == ("2", None)
    quick.platform.customer(ANNA).menu = menu
    await quick.wechat.presses(ANNA, "预约试驾")
    assert await chosen(quick, 4) == ("预约试驾", "/book_test_drive")


async def test_numbers_end_with_the_life_of_a_button(quick: Account) -> None:
    await offered(quick)
    quick.clock.advance(timedelta(hours=25))
    await quick.wechat.says(ANNA, "2")
    assert await chosen(quick) == ("2", None)


async def test_a_number_is_not_for_a_person(quick: Account) -> None:
    await offered(quick)
    await quick.take_over("几位过来？")
    await quick.settled("sent", "sent")
    await quick.wechat.says(ANNA, "2")
    customer = await quick.messages("customer")
    assert (customer[-1].text, customer[-1].payload) == ("2", None)


async def test_a_number_typed_before_the_next_offer_has_arrived(quick: Account) -> None:
    """An impatient second press must not say yes to a question that nobody has seen."""
    await offered(quick)
    quick.platform.fails(SEND, Fault(-1))
    quick.assistant.plays(answer("确认预约？", buttons=(("确认", "/affirm"), ("取消", "/deny"))))
    await quick.wechat.says(ANNA, "1")
    assert (await quick.tried(number=2)).state == "pending"
    await quick.wechat.says(ANNA, "1")
    calls = quick.assistant.calls

    async def asked() -> bool:
        return len(calls) == 3

    await quick.until(asked)
    assert [(call.text, call.payload) for call in calls[1:]] == [
        ("预约试驾", "/book_test_drive"),
        ("预约试驾", "/book_test_drive"),
    ]


async def test_numbers_run_through_messages_and_cards(account: Account) -> None:
    card = {
        "title": "山屿",
        "facts": [],
        "buttons": [{"title": "看配置", "payload": "/ask_config"}],
    }
    both = Answer(
        OFFER.understanding, [Reply("这款：", cards=[card]), Reply("或者", buttons=BUTTONS)]
    )
    await offered_two(account, both)
    await account.wechat.says(ANNA, "1")
    assert await chosen(account) == ("看配置", "/ask_config")
    account.assistant.plays(both)
    await account.wechat.says(ANNA, "再说一遍")
    await account.settled(*["sent"] * 5)
    await account.wechat.says(ANNA, "3")
    assert await chosen(account, 4) == ("预约保养", "/book_maintenance")


async def offered_two(account: Account, both: Answer) -> None:
    account.assistant.plays(both)
    await account.wechat.says(ANNA, "你好")
    assert len(await account.screen(1)) == 1
    await account.settled("sent", "sent")


async def test_an_account_that_may_not_send_menus(
    store: Database, clock: FixedClock, tmp_path: Path
) -> None:
    async with opened(store, clock, tmp_path, menus=False) as account:
        for number in range(2):
            account.assistant.plays(OFFER)
            await account.wechat.says(ANNA, f"你好{number}")
            await account.screen(number + 1)
            await account.settled(*["sent"] * (number + 1))
        assert "1. 预约试驾\n2. 预约保养" in (await account.screen(2))[-1]
        kinds = [body["msgtype"] for body in account.calls(SEND)]
        # It is told once, and not asked again.
        assert kinds == ["msgmenu", "text", "text"]
        await account.wechat.says(ANNA, "1")
        assert await chosen(account, 3) == ("预约试驾", "/book_test_drive")


async def test_a_menu_that_is_too_long(quick: Account) -> None:
    many = tuple((f"选项{n}", "/ask_models") for n in range(1, 15))
    await offered(quick, answer("选一个", buttons=many))
    assert "14. 选项14" in (await quick.screen(1))[0]
    await quick.wechat.says(ANNA, "14")
    assert await chosen(quick) == ("选项14", "/ask_models")

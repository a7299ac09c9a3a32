"""The reply in the answer to WeChat's call, where it is switched on and comes in time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from backend.channels.wechat import webhook
from backend.clock import FixedClock
from backend.database import Database
from backend.texts import messengers
from tests.fakes.wechat_server import SEND
from tests.integration.channels.wechat.conftest import ANNA, LIMIT, Account, opened
from tests.integration.chat.talk import answer


@pytest.fixture
async def patient(database: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Account]:
    """It waits as long as it may."""
    async with opened(database, clock, tmp_path, passive_seconds=4.5) as account:
        yield account


@pytest.fixture
async def hasty(store: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Account]:
    async with opened(store, clock, tmp_path, passive_seconds=0.3) as account:
        yield account


async def test_an_answer_in_time_is_the_response(patient: Account) -> None:
    delivered = await patient.wechat.says(ANNA, "山屿多少钱")
    assert (delivered.reply, delivered.tries) == ("≈山屿多少钱", 1)
    await patient.settled("sent")
    assert patient.calls(SEND) == []
    assert await patient.screen(1) == ["≈山屿多少钱"]
    [message] = await patient.messages("assistant")
    assert message.delivery == "sent"


@pytest.mark.parametrize("mode", ["plain", "secure", "both"])
async def test_it_is_sealed_as_the_question_was(
    store: Database, clock: FixedClock, tmp_path: Path, mode: str
) -> None:
    async with opened(store, clock, tmp_path, passive_seconds=4.5, mode=mode) as account:
        account.assistant.plays(answer("小于 < 大于 > 和 ]]> 都在"))
        response = await account.wechat.post(
            account.wechat.fields(ANNA, "text", Content="你好", MsgId="1")
        )
        assert response.headers["content-type"].startswith("text/xml")
        assert ("<Encrypt>" in response.text) == (mode != "plain")
        assert account.wechat.reply_in(response.text) == "小于 < 大于 > 和 ]]> 都在"


async def test_several_answers_are_one_reply_with_numbered_buttons(patient: Account) -> None:
    buttons = (("预约试驾", "/book_test_drive"), ("先不用", "/deny"))
    patient.assistant.plays(answer("第一", "第二", buttons=buttons))
    delivered = await patient.wechat.says(ANNA, "你好")
    assert delivered.reply == (
        "第一\n1. 预约试驾\n2. 先不用\n\n第二\n3. 预约试驾\n4. 先不用\n\n回复序号即可选择。"
    )
    await patient.settled("sent", "sent")
    await patient.wechat.says(ANNA, "3")
    assert patient.assistant.calls[-1].payload == "/book_test_drive"


async def test_a_notice_is_a_reply_too(patient: Account) -> None:
    patient.platform.media["m1"] = ("audio/amr", b"#!AMR\n")
    delivered = await patient.wechat.message(ANNA, "voice", MediaId="m1", Format="amr")
    # It is there with the message itself: the sender may take it before anybody waits for it.
    assert delivered.reply in (messengers.VOICE["zh"], None)
    assert await patient.screen(1) == [messengers.VOICE["zh"]]
    assert len(patient.calls(SEND)) == (0 if delivered.reply else 1)


async def test_an_answer_that_is_late_comes_as_a_message(hasty: Account) -> None:
    hasty.assistant.gate.clear()
    delivered = await hasty.wechat.says(ANNA, "你好")
    assert (delivered.acknowledged, delivered.reply) == (True, None)
    hasty.assistant.gate.set()
    assert await hasty.screen(1) == ["≈你好"]
    await hasty.settled("sent")
    assert len(hasty.calls(SEND)) == 1


async def test_an_answer_that_is_too_long_for_a_reply_comes_as_messages(patient: Account) -> None:
    patient.assistant.plays(answer("很长。" * 300))
    delivered = await patient.wechat.says(ANNA, "你好")
    assert (delivered.acknowledged, delivered.reply) == (True, None)
    assert "".join(await patient.screen(2)) == "很长。" * 300
    await patient.settled("sent")


async def test_what_nobody_answers_is_acknowledged_at_once(patient: Account) -> None:
    """It does not use up the time for nothing: the test's own patience is far above it."""
    await patient.wechat.says(ANNA, "你好")
    await patient.take_over()
    delivered = await patient.wechat.says(ANNA, "在吗")
    assert delivered.acknowledged
    blank = await patient.wechat.says(ANNA, " ")
    assert blank.acknowledged
    assert (await patient.wechat.event(ANNA, "VIEW")).acknowledged


async def test_a_repetition_while_the_first_waits_is_not_answered_twice(patient: Account) -> None:
    patient.platform.acts(ANNA, "message")
    patient.assistant.gate.clear()
    fields = patient.wechat.fields(ANNA, "text", Content="你好", MsgId="1")
    first = asyncio.create_task(patient.wechat.post(fields))
    await asyncio.wait_for(patient.assistant.entered.wait(), LIMIT)
    again = await asyncio.gather(*(patient.wechat.post(fields) for _ in range(3)))
    assert [response.text for response in again] == ["success"] * 3
    patient.assistant.gate.set()
    assert patient.wechat.reply_in((await first).text) == "≈你好"
    assert (await patient.wechat.post(fields)).text == "success"
    await patient.settled("sent")
    assert patient.calls(SEND) == []
    assert len(patient.assistant.calls) == 1
    assert len(await patient.messages("customer")) == 1


async def test_a_person_who_takes_over_meanwhile_is_the_one_who_answers(hasty: Account) -> None:
    hasty.assistant.gate.clear()
    asked: Any = asyncio.create_task(hasty.wechat.says(ANNA, "你好"))
    await asyncio.wait_for(hasty.assistant.entered.wait(), LIMIT)
    await hasty.take_over("我来帮您。")
    hasty.assistant.gate.set()
    assert (await asked).reply is None
    assert await hasty.screen(1) == ["我来帮您。"]
    assert await hasty.messages("assistant") == []


async def test_a_store_that_is_slow_leaves_no_time_to_wait(
    store: Database, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time counts from the call: waiting on after five seconds would answer nobody."""
    readings = iter((0.0, 5.0))

    async def never(*_arguments: Any) -> None:
        raise AssertionError("nobody may wait now")

    async with opened(store, clock, tmp_path, passive_seconds=4.5) as account:
        monkeypatch.setattr(account.runtime.sender, "answer_to", never)
        monkeypatch.setattr(webhook, "monotonic", lambda: next(readings))
        delivered = await account.wechat.says(ANNA, "你好")
        assert (delivered.acknowledged, delivered.statuses) == (True, [200])
        assert await account.screen(1) == ["≈你好"]

"""The webhook: who is let in, what is stored, once, and when it is acknowledged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import FixedClock
from backend.conversations import inbox
from backend.conversations.inbox import Received
from backend.database import Database
from backend.models import Conversation, Message, Outbox
from tests.fakes.wechat import OUT_OF_ORDER, PATH, xml
from tests.fakes.wechat_server import SEND
from tests.integration.channels.wechat.conftest import ANNA, Account, opened
from tests.unit.channels.wechat.account import ACCOUNT, AES_KEY, OTHER_AES_KEY


async def nothing_stored(account: Account) -> None:
    for table in (Conversation, Message, Outbox):
        assert await account.count(table) == 0


async def test_the_address_is_checked(quick: Account) -> None:
    response = await quick.wechat.checks_address()
    assert (response.status_code, response.text) == (200, "5837397576500011341")
    assert response.headers["content-type"].startswith("text/plain")
    for wrong in ({"signature": "0" * 40}, {"signature": ""}, {"timestamp": "1"}):
        refused = await quick.wechat.checks_address(**wrong)
        assert (refused.status_code, refused.text) == (403, "")
    assert (await quick.wechat.client.get(PATH)).status_code == 403


async def test_a_message_is_answered(account: Account) -> None:
    delivered = await account.wechat.says(ANNA, "山屿多少钱")
    assert delivered.acknowledged
    assert await account.screen(1) == ["≈山屿多少钱"]
    await account.settled("sent")
    customer, assistant = await account.messages()
    assert (customer.text, customer.channel, customer.turn) == ("山屿多少钱", "wechat", "done")
    assert (assistant.reply_to, assistant.delivery) == (customer.id, "sent")
    conversation = await account.conversation()
    assert (conversation.channel, conversation.profile_name) == ("wechat", "")


async def test_the_same_delivery_a_hundred_times_is_one_message(account: Account) -> None:
    account.platform.acts(ANNA, "message")
    fields = account.wechat.fields(ANNA, "text", Content="你好", MsgId="25000000000000099")
    limit = asyncio.Semaphore(20)

    async def once() -> str:
        async with limit:
            response = await account.wechat.post(fields)
        assert response.status_code == 200
        return response.text

    assert set(await asyncio.gather(*(once() for _ in range(100)))) == {"success"}
    assert await account.screen(1) == ["≈你好"]
    await account.settled("sent")
    assert len(await account.messages("customer")) == 1
    assert len(account.assistant.calls) == 1
    assert len(account.calls(SEND)) == 1


async def test_the_same_event_many_times_is_one_greeting(account: Account) -> None:
    account.platform.acts(ANNA, "subscribe")
    fields = account.wechat.fields(ANNA, "event", Event="subscribe", EventKey="qrscene_7")
    for response in await asyncio.gather(*(account.wechat.post(fields) for _ in range(20))):
        assert response.text == "success"
    await account.screen(1)
    await account.settled("sent")
    assert [message.payload for message in await account.messages("customer")] == ["/greet"]
    assert [call.payload for call in account.assistant.calls] == ["/greet"]


async def test_two_customers_and_two_messages_keep_apart(account: Account) -> None:
    people = [f"oPerson{number}" for number in range(5)]
    await asyncio.gather(
        *(account.wechat.says(one, f"{one}:{n}") for one in people for n in range(3))
    )
    for one in people:
        shown = await account.screen(3, one)
        assert sorted(shown) == [f"≈{one}:{n}" for n in range(3)]
    assert account.assistant.overlaps == 0


@pytest.mark.parametrize("part", ["signature", "msg_signature", "timestamp", "nonce"])
async def test_a_wrong_signature_stores_nothing(quick: Account, part: str) -> None:
    fields = quick.wechat.fields(ANNA, "text", Content="你好", MsgId="1")
    for wrong in ("", "0" * 40, "1"):
        response = await quick.wechat.post(fields, **{part: wrong})
        assert (response.status_code, response.text) == (403, "")
    await nothing_stored(quick)


async def test_another_key_or_token_or_account_stores_nothing(quick: Account) -> None:
    wechat = quick.wechat
    fields = wechat.fields(ANNA, "text", Content="你好", MsgId="1")
    body, address = wechat.wrapped(xml(fields), OTHER_AES_KEY)
    response = await wechat.client.post(PATH, params=address, content=body)
    assert response.status_code == 400
    response = await wechat.post({**fields, "ToUserName": "gh_somebodyelse"})
    assert response.status_code == 403
    wechat.mode = "plain"
    assert (await wechat.post(fields)).status_code == 403
    wechat.mode, wechat.token = "secure", "anothertoken"
    assert (await wechat.post(fields)).status_code == 403
    await nothing_stored(quick)


async def test_a_body_that_is_too_large(quick: Account) -> None:
    _, address = quick.wechat.wrapped("<xml></xml>")
    response = await quick.wechat.client.post(PATH, params=address, content=b"<" * 200_000)
    assert response.status_code == 413
    await nothing_stored(quick)


@pytest.mark.parametrize("mode", ["plain", "both"])
async def test_the_other_modes(
    store: Database, clock: FixedClock, tmp_path: Path, mode: str
) -> None:
    async with opened(store, clock, tmp_path, mode=mode) as account:
        assert (await account.wechat.says(ANNA, "你好")).acknowledged
        assert await account.screen(1) == ["≈你好"]
        if mode == "both":
            account.wechat.mode = "plain"
            await account.wechat.says(ANNA, "还在吗")
            assert await account.screen(2) == ["≈你好", "≈还在吗"]


async def test_the_key_is_changed_without_losing_a_message(
    store: Database, clock: FixedClock, tmp_path: Path
) -> None:
    keys: dict[str, Any] = {"aes_key": OTHER_AES_KEY, "previous_aes_key": AES_KEY}
    async with opened(store, clock, tmp_path, **keys) as account:
        await account.wechat.says(ANNA, "旧")
        account.wechat.aes_key = OTHER_AES_KEY
        await account.wechat.says(ANNA, "新")
        assert await account.screen(2) == ["≈旧", "≈新"]


async def test_it_is_acknowledged_while_the_assistant_hangs(account: Account) -> None:
    account.assistant.gate.clear()
    delivered = await account.wechat.says(ANNA, "你好")
    assert (delivered.acknowledged, delivered.tries) == (True, 1)
    await asyncio.wait_for(account.assistant.entered.wait(), 15)
    # The turn is still in flight: nobody waited for it.
    [message] = await account.messages()
    assert message.turn == "running"
    account.assistant.gate.set()
    assert await account.screen(1) == ["≈你好"]


async def test_a_store_that_is_away_is_tried_again_by_wechat(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = account.database.transaction
    failures = iter(("before", "at the end"))

    @asynccontextmanager
    async def failing(**named: bool) -> AsyncIterator[AsyncSession]:
        when = next(failures, None)
        if when == "before":
            raise OperationalError("connect", {}, OSError("no route"))
        async with whole(**named) as session:
            yield session
            if when is not None:
                await session.flush()
                raise OperationalError("commit", {}, OSError("connection lost"))

    monkeypatch.setattr(account.database, "transaction", failing)
    account.platform.acts(ANNA, "message")
    fields = account.wechat.fields(ANNA, "text", Content="你好", MsgId="1")
    for _ in range(2):
        assert (await account.wechat.post(fields)).status_code == 503
        await nothing_stored(account)
    delivered = await account.wechat.deliver(fields)
    assert delivered.acknowledged
    assert await account.screen(1) == ["≈你好"]
    assert len(await account.messages("customer")) == 1


async def test_deliveries_that_overlap_are_one_message(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeChat gives up four tries while the first one is still being stored."""
    held, take_in = asyncio.Event(), inbox.take_in

    async def slow(*arguments: Any, **named: Any) -> Received:
        received = await take_in(*arguments, **named)
        await held.wait()
        return received

    monkeypatch.setattr(inbox, "take_in", slow)
    account.wechat.patience = 0.05
    delivered = await account.wechat.says(ANNA, "你好")
    assert (delivered.tries, delivered.acknowledged) == (4, False)
    assert await account.screen(1) == [OUT_OF_ORDER]
    held.set()
    assert await account.screen(2) == [OUT_OF_ORDER, "≈你好"]
    await account.settled("sent")
    assert len(await account.messages("customer")) == 1
    assert len(account.assistant.calls) == 1
    assert len(account.calls(SEND)) == 1


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "FromUserName": st.sampled_from(("oFuzz", "oFuzz2", "", "o o", "' OR 1=1")),
        "MsgType": st.sampled_from(("text", "image", "voice", "video", "link", "event", "x", "")),
        "CreateTime": st.sampled_from(("1700000000", "", "x", "9" * 30)),
        "MsgId": st.sampled_from(("1", "2", "", "x", "9" * 30)),
        "Content": st.text(max_size=50),
        "Event": st.sampled_from(("subscribe", "unsubscribe", "CLICK", "SCAN", "VIEW", "?")),
        "EventKey": st.text(max_size=50),
        "MediaId": st.text(max_size=50),
        "bizmsgmenuid": st.text("0123456789", max_size=25),
    },
)
TEXTS = st.one_of(
    st.text(max_size=100),
    st.text(max_size=60).map(lambda text: f"<xml><Content>{text}</Content></xml>"),
    FIELDS.map(lambda given: xml({"ToUserName": ACCOUNT, **given})),
)


@bounds(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TEXTS, st.booleans())
async def test_no_body_breaks_it(quick: Account, text: str, signed: bool) -> None:
    text = text.encode("utf-8", "replace").decode()
    body, address = quick.wechat.wrapped(text)
    before = await said_by_customers(quick)
    if not signed:
        # The address is WeChat's, the body somebody else's.
        body = text.encode()
    response = await quick.wechat.client.post(PATH, params=address, content=body)
    assert response.status_code in ((200, 400, 403) if signed else (400, 403))
    if not signed:
        assert await said_by_customers(quick) == before


async def said_by_customers(account: Account) -> int:
    """Their messages alone: answers to earlier ones still come in."""
    counted = select(func.count()).where(Message.sender == "customer")
    async with account.database.reading() as session:
        return int(await session.scalar(counted) or 0)

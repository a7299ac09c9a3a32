"""An action that breaks or takes too long: nothing written, said so, staff told, log discreet."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import bookings
from backend.appointments import service as appointments
from backend.catalogue import service as catalogue
from backend.complaints import service as complaints
from backend.database import Database
from backend.models import Complaint, Customer, TestDriveBooking
from backend.services import Services
from bot.actions import base
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.records import rows, tasks

SHANYU = mention("model", "shanyu")
PERSONAL = ("王伟", "13800000001", "浙A12345", "刮花")


class BrokenError(RuntimeError):
    """What a service might raise."""


async def breaks(*_: Any, **__: Any) -> None:
    raise BrokenError("out of order")


def assert_discreet(caplog: pytest.LogCaptureFixture, *message_ids: str) -> None:
    """The log names the message and nobody."""
    formatted = "\n".join(
        logging.Formatter("%(message)s").format(record) for record in caplog.records
    )
    for message_id in message_ids:
        assert message_id in formatted
    for word in PERSONAL:
        assert word not in formatted


async def test_an_answer_that_breaks_is_admitted(
    chat: Dialogue, services: Services, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(catalogue, "priced", breaks)
    (said,) = await chat.says("我是王伟，13800000001，山屿多少钱", "ask_price", SHANYU)
    assert said.response == "utter_action_failed"
    assert said.buttons == ()
    assert [(t.kind, t.source_action) for t in await tasks(services)] == [
        ("fault", "action_answer")
    ]
    assert chat.slots["topic"] is None
    assert_discreet(caplog, "c-1")
    assert any(record.exc_info for record in caplog.records)


@both
async def test_a_booking_that_breaks_half_way_leaves_nothing(
    chat: Dialogue, services: Services, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    await chat.says("周六下午三点试驾山屿，王伟，13800000001", "book_test_drive", SHANYU)
    with monkeypatch.context() as patched:
        # After the customer and the booking were written.
        patched.setattr(bookings, "note", breaks_now)
        said = await chat.says("确认", "affirm")
    assert names(said) == ["utter_action_failed"]
    assert await rows(services, TestDriveBooking) == []
    assert await rows(services, Customer) == []
    assert [(t.kind, t.source_action) for t in await tasks(services)] == [
        ("fault", "action_submit_test_drive")
    ]
    assert chat.slots["test_drive_confirmed"] is None
    assert_discreet(caplog, "c-2")


def breaks_now(*_: Any, **__: Any) -> None:
    raise BrokenError("out of order")


async def test_a_form_that_breaks_asks_again(
    chat: Dialogue, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat.says("试驾山屿", "book_test_drive", SHANYU)
    with monkeypatch.context() as patched:
        patched.setattr(appointments, "check_test_drive", breaks)
        said = await chat.says("周六下午三点", "inform")
    assert names(said)[0] == "utter_action_failed"
    assert chat.loop == "test_drive_form"
    assert chat.slots["test_drive_time"] is None
    said = await chat.says("周六下午三点", "inform")
    assert names(said)[-1] == "utter_ask_customer_name"


async def test_a_complaint_that_breaks_is_not_promised(
    chat: Dialogue, services: Services, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr(complaints, "classify", breaks_now)
        said = await chat.says("王伟把我的车门刮花了", "complaint")
    assert names(said)[0] == "utter_action_failed"
    assert "utter_complaint_lodged" not in names(said)
    assert await rows(services, Complaint) == []
    assert chat.slots["complaint_number"] is None
    assert_discreet(caplog, "c-1")
    # The same message again, when all is well.
    said = await chat.says("王伟把我的车门刮花了", "complaint")
    assert names(said)[0] == "utter_complaint_lodged"


async def test_what_takes_too_long_is_cut_off(
    chat: Dialogue, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = asyncio.Event()

    async def never(*_: Any, **__: Any) -> None:
        await hangs.wait()

    quick = services.settings.model_copy(update={"action_timeout": 0.05})
    base.configure(Services(services.database, services.clock, quick))
    monkeypatch.setattr(catalogue, "priced", never)
    (said,) = await asyncio.wait_for(chat.says("山屿多少钱", "ask_price", SHANYU), 5)
    assert said.response == "utter_action_failed"
    assert [t.kind for t in await tasks(services)] == ["fault"]


async def test_what_is_done_is_not_cut_off_while_it_is_written(
    chat: Dialogue, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a booking that stands would be said to have failed."""
    limits: list[asyncio.Timeout] = []
    left: list[float | None] = []
    transaction = services.database.transaction

    def timeout(seconds: float) -> asyncio.Timeout:
        limits.append(asyncio.timeout(seconds))
        return limits[-1]

    @asynccontextmanager
    async def watched(**how: Any) -> AsyncIterator[AsyncSession]:
        async with transaction(**how) as session:
            yield session
            left.append(limits[-1].when())

    monkeypatch.setattr(base, "asyncio", SimpleNamespace(timeout=timeout))
    monkeypatch.setattr(services.database, "transaction", watched)
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    assert left
    assert set(left) == {None}


async def test_a_retry_of_the_failed_turn_opens_no_second_task(
    chat: Dialogue, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "priced", breaks)
    for _ in range(2):
        await chat.says("山屿多少钱", "ask_price", SHANYU, message_id="m-1")
    assert len(await tasks(services)) == 1


async def test_without_its_store_the_turn_fails_as_a_whole(
    start: Opening, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing can be promised without it: the message is tried again when it is back."""
    chat = await start()
    away = Database("sqlite+aiosqlite:////nowhere/at/all/store.db")
    base.configure(Services(away, services.clock, services.settings))
    with pytest.raises(base.StoreAwayError):
        await chat.says("王伟 13800000001 山屿多少钱", "ask_price", SHANYU)
    assert_discreet(caplog, "c-1")
    await away.dispose()
    base.configure(services)
    (said,) = await chat.says("山屿多少钱", "ask_price", SHANYU)
    assert said.response is None
    assert await tasks(services) == []


async def test_unconfigured_actions_refuse_to_run(
    chat: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "_services", [])
    with pytest.raises(RuntimeError, match="not configured"):
        await chat.says("山屿多少钱", "ask_price", SHANYU)

"""A console and a tool before a day with a diagnosed booking and a roadside request."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.database import Database
from backend.models import Counter, Diagnosis, RoadsideRequest, ServiceBooking
from backend.staff import tokens
from tests.conftest import NOW
from tests.integration.console.browser import Browser, application, open_browser, settings, staff
from tests.integration.console.office import HOSTILE, fill
from tests.integration.world import CONVERSATION


@pytest.fixture
async def browser(database: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Browser]:
    """An administrator who has signed in."""
    await staff(database)
    async with database.transaction() as session:
        await fill(session)
        booking = (
            await session.scalars(select(ServiceBooking).order_by(ServiceBooking.id))
        ).first()
        assert booking is not None
        session.add(diagnosis(1, service_booking_id=booking.id))
        told = diagnosis(2)
        session.add(told)
        await session.flush()
        # It was written without running the counter of its number.
        session.add(Counter(name="RS261125", value=1))
        session.add(
            RoadsideRequest(
                number="RS261125-0001", state="open", place=f"滨江路 12 号 {HOSTILE}",
                phone="+8613800000009", text="车坏了", conversation_id=CONVERSATION,
                diagnosis_id=told.id, created_at=NOW, source_message_id="r1",
                source_action="roadside",
            )
        )  # fmt: skip
    opened = open_browser(application(database, clock, settings(tmp_path)))
    async with opened.client:
        assert (await opened.sign_in()).status_code == 303
        yield opened


async def _client(
    database: Database, clock: FixedClock, path: Path, *, writes: bool
) -> httpx.AsyncClient:
    async with database.transaction() as session:
        _, secret = await tokens.create(session, NOW, "report", actor="setup", may_write=writes)
    transport = httpx.ASGITransport(application(database, clock, settings(path)))
    return httpx.AsyncClient(
        transport=transport,
        base_url="http://api.test",
        headers={"authorization": f"Bearer {secret}"},
    )


@pytest.fixture
async def tool(
    browser: Browser, database: Database, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the staff API with a token that may read."""
    async with await _client(database, clock, tmp_path / "api", writes=False) as client:
        yield client


@pytest.fixture
async def writer(
    browser: Browser, database: Database, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """One that may write, too."""
    async with await _client(database, clock, tmp_path / "writing", writes=True) as client:
        yield client


def diagnosis(count: int, service_booking_id: int | None = None) -> Diagnosis:
    return Diagnosis(
        conversation_id=CONVERSATION, service_booking_id=service_booking_id,
        text=f"发动机灯亮了 {HOSTILE}",
        symptoms=[{"code": "engine_lamp", "name_zh": "发动机故障灯亮", "name_en": "Check engine"}],
        codes=[
            {"code": "P0300", "name_zh": "多个气缸随机缺火", "name_en": "misfire", "known": True},
            {"code": "B1A2B", "name_zh": "", "name_en": "", "known": False},
        ],
        answers=[
            {
                "question": "since", "zh": "什么时候开始的？", "en": "Since when?", "answer": "",
                "answer_zh": HOSTILE, "answer_en": HOSTILE, "at": NOW.isoformat(),
            }
        ],
        causes=[{"code": "coil", "name_zh": "点火线圈", "name_en": "ignition coils"}],
        verdict="short_way", visit="today", created_at=NOW, updated_at=NOW,
        source_message_id=f"d{count}", source_action="diagnosis",
    )  # fmt: skip

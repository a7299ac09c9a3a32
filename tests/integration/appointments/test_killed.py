"""A process is killed while it books: the booking and its reminders are there together, or neither.

The process is a real one, ended by a signal that it cannot catch.
"""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.database import Database
from backend.models import CalendarEntry, Occupancy, Outbox, TestDriveBooking
from tests.integration.appointments.day import Day
from tests.integration.world import build

ROOT = Path(__file__).parents[3]
BOOKS = """
import asyncio, os, signal, sys
from backend.appointments import calendar, reminders
from backend.appointments import service
from backend.database import Database
from tests.conftest import NOW
from tests.integration.appointments.day import WHEN
from tests.integration.world import drive

url, moment = sys.argv[1:]
planned = reminders.plan

async def dies(*given):
    if moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    await planned(*given)
    if moment == "after":
        os.kill(os.getpid(), signal.SIGKILL)

reminders.plan = dies

async def main():
    database = Database(url)
    async with database.transaction() as session:
        await service.book_test_drive(session, NOW, drive(WHEN, "m1", phone="+8613800000001"))
        await session.flush()
        if moment == "uncommitted":
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def killed(database: Database, moment: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOOKS, database.url, moment, cwd=ROOT
    )
    assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL


@pytest.mark.parametrize("moment", ["before", "after", "uncommitted", "committed"])
async def test_booking_and_reminders_stand_or_fall_together(
    database: Database, moment: str
) -> None:
    async with database.transaction() as session:
        await build(session)
    await killed(database, moment)
    day = Day(database)
    stands = moment == "committed"
    async with database.reading() as session:
        for table, rows in ((TestDriveBooking, 1), (Outbox, 2), (CalendarEntry, 1), (Occupancy, 3)):
            found = list(await session.scalars(select(table)))
            assert len(found) == (rows if stands else 0), table
    # The message is taken up again: all of it, once.
    await day.book(message="m1", phone="+8613800000001")
    assert len(await day.planned()) == 2

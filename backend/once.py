"""Records that name the message and the action which made them, so that the same once more, or
twice at the same time, makes nothing new."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.interfaces import ORMOption

from backend.models import (
    Complaint,
    Diagnosis,
    RoadsideRequest,
    ServiceBooking,
    Task,
    TestDriveBooking,
)

Row = TypeVar("Row", Complaint, Diagnosis, RoadsideRequest, ServiceBooking, Task, TestDriveBooking)
"""The tables in which message and action are unique together."""


async def made_by(
    session: AsyncSession, table: type[Row], message_id: str, action: str, *options: ORMOption
) -> Row | None:
    """What this message and action made, if they did."""
    found: Row | None = await session.scalar(
        select(table)
        .options(*options)
        .where(table.source_message_id == message_id, table.source_action == action)
    )
    return found


async def make(
    session: AsyncSession,
    write: Callable[[], Awaitable[Row]],
    again: Callable[[], Awaitable[Row | None]],
) -> tuple[Row, bool]:
    """Adds the row that `write` gives, in a savepoint: a failed try leaves nothing, not even a
    number. `True` with it: `again` has found that another transaction had made it meanwhile."""
    try:
        async with session.begin_nested():
            row = await write()
            session.add(row)
            await session.flush()
    except IntegrityError as error:
        made = await again()
        if made is None:
            raise error
        return made, True
    return row, False

"""Numbers that customers can say on the phone: `TD261128-0001`."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import local
from backend.models import Counter


async def next_number(session: AsyncSession, now: datetime, zone: str, prefix: str) -> str:
    """The next number of `prefix` (two letters) on today's date in `zone`.

    Counts in the caller's transaction: a rollback gives the number back, and two
    transactions never get the same one, since the counter's row is locked by the update.
    """
    name = f"{prefix}{local(now, zone):%y%m%d}"
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Counter).values(name=name, value=1)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[Counter.name], set_={"value": Counter.value + 1}
        )
    )
    value = await session.scalar(select(Counter.value).where(Counter.name == name))
    return f"{name}-{value:04d}"

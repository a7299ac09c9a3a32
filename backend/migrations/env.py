"""Runs migrations on the store of the settings, or on the connection that a caller hands in."""

import asyncio

from alembic import context
from sqlalchemy.engine import Connection

from backend.database import Database
from backend.migrations.migrate import described
from backend.models import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter columns: Alembic copies the table instead.
        render_as_batch=True,
        compare_type=True,
        include_name=described,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_on(url: str) -> None:
    database = Database(url)
    async with database.engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await database.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    from backend.settings import get_settings

    asyncio.run(run_on(context.config.attributes.get("url") or get_settings().store_url))

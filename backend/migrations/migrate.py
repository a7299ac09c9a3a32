"""Brings a store to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from backend.database import Database
from backend.search.schema import OWN

INI = Path(__file__).resolve().parent.parent.parent / "alembic.ini"


def described(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether the models describe it; the index of the search is made by hand."""
    return not (name or "").startswith(OWN)


async def migrate(database: Database) -> None:
    """Runs all missing migrations in one transaction.

    SQLite cannot alter a table: Alembic copies it and drops the old one, to which others point.
    So their keys are not enforced meanwhile, and checked before the end. Raises RuntimeError
    when rows would point at nothing.
    """

    def upgrade(connection: Connection) -> None:
        config = Config(str(INI))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if database.is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                tables = ", ".join(sorted({str(row[0]) for row in broken}))
                raise RuntimeError(
                    f"the migration would leave rows that point at nothing: {tables}"
                )

    # A pool of its own: `foreign_keys` cannot be changed inside a transaction.
    own = Database(database.url, foreign_keys=False)
    try:
        async with own.engine.execution_options(chefu_write=True).begin() as connection:
            await connection.run_sync(upgrade)
    finally:
        await own.dispose()

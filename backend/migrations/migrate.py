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
    """Runs all missing migrations in one transaction."""

    def upgrade(connection: Connection) -> None:
        config = Config(str(INI))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async with database.engine.execution_options(chefu_write=True).begin() as connection:
        await connection.run_sync(upgrade)

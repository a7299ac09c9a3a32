"""The migrations build exactly the tables that the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection

from backend.database import Database
from backend.migrations.migrate import described
from backend.models import Base


async def test_migrations_match_the_models(database: Database) -> None:
    def difference(connection: Connection) -> list[object]:
        options = {"compare_type": True, "include_name": described}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(difference) == []

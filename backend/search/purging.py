"""Removing from the files of the store what deleted texts have left in the index.

Nothing finds it any more, but until its parts are merged some day it can be read in the file:
for erasure that is too late.
"""

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from backend.database import Database

PAGES = 200
"""Pages of the index that one transaction merges; others write in between."""

_MERGE = text("INSERT INTO search_index(search_index, rank) VALUES ('merge', :pages)")
_CHANGES = text("SELECT total_changes()")


async def purge(database: "Database") -> None:
    """May take a minute for a million messages; searches and writers go on meanwhile."""
    if not database.is_sqlite:
        options = {"isolation_level": "AUTOCOMMIT"}
        async with database.engine.execution_options(**options).connect() as connection:
            await connection.execute(text("VACUUM search_entries"))
            # GIN keeps a word when nobody has it any more.
            await connection.execute(text("REINDEX INDEX CONCURRENTLY search_index_tokens"))
        return
    pages = -PAGES  # a negative number begins to merge all parts into one
    while True:
        async with database.transaction() as session:
            before = int(await session.scalar(_CHANGES) or 0)
            await session.execute(_MERGE, {"pages": pages})
            if int(await session.scalar(_CHANGES) or 0) - before < 2:
                return
        pages = PAGES

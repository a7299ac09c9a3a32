"""Asking the index: the ids of entries that may be wanted, newest first, a few at a time.

A word that everybody uses is in hundreds of thousands of messages: they are never all read.
"""

from collections.abc import AsyncIterator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.search.terms import Entry, Query

FIRST = 200
"""Ids of the first portion; each following one is four times the one before."""
LARGEST = 6400
WINDOW = 50_000
"""Entries that PostgreSQL looks through one by one before it asks its index."""
COMMON = 200
"""With as many findings in one window, what is looked for is no rare word."""


def sqlite_expression(query: Query) -> str:
    """For MATCH. Entries hold letters and digits only, in quotes: no operator can be in them."""

    def one(entry: Entry) -> str:
        return f'"{entry.text}" *' if entry.open_end else f'"{entry.text}"'

    return " OR ".join(f"({' AND '.join(map(one, way))})" for way in query.entries())


def postgresql_expression(query: Query) -> str:
    """A tsquery. Entries hold letters and digits only, in quotes: no operator can be in them."""

    def one(entry: Entry) -> str:
        return f"'{entry.text}':*" if entry.open_end else f"'{entry.text}'"

    return " | ".join(f"({' & '.join(map(one, way))})" for way in query.entries())


def matching(
    session: AsyncSession, query: Query, *, below: int, above: int
) -> AsyncIterator[list[int]]:
    """Ids of entries between both bounds, which are exclusive, in falling order; ends when there
    are no more. Holds every entry that is wanted and possibly others. `query` asks for something.
    """
    if session.get_bind().dialect.name == "sqlite":
        return _on_sqlite(session, sqlite_expression(query), below, above)
    return _on_postgresql(session, postgresql_expression(query), below, above)


_SQLITE = text(
    "SELECT rowid FROM search_index "
    "WHERE search_index MATCH :expression AND rowid < :below AND rowid > :above "
    "ORDER BY rowid DESC LIMIT :most"
)


async def _on_sqlite(
    session: AsyncSession, expression: str, below: int, above: int
) -> AsyncIterator[list[int]]:
    """The virtual table reads its lists from the end and stops where it is told to."""
    most = FIRST
    while True:
        asked = {"expression": expression, "below": below, "above": above, "most": most}
        ids = list(await session.scalars(_SQLITE, asked))
        if ids:
            yield ids
        if len(ids) < most:
            return
        below, most = ids[-1], min(most * 4, LARGEST)


_WINDOW = text(
    "SELECT id FROM search_entries "
    "WHERE id < :below AND id > :floor AND tokens @@ CAST(:expression AS tsquery) "
    "ORDER BY id DESC LIMIT :most"
)
_INDEX = text(
    "WITH found AS MATERIALIZED "
    "(SELECT id FROM search_entries WHERE tokens @@ CAST(:expression AS tsquery)) "
    "SELECT id FROM found WHERE id < :below AND id > :above ORDER BY id DESC "
    "LIMIT :most"
)


async def _on_postgresql(
    session: AsyncSession, expression: str, below: int, above: int
) -> AsyncIterator[list[int]]:
    """GIN gives its findings in no order: right for what is rare, slow for what is not.

    So the newest entries are looked through first. There a common word fills the page. Of a
    word that is rare there, few are left for the index to find.
    """
    most = FIRST
    while below > above + 1:
        floor = max(above, below - WINDOW - 1)
        found = 0
        while True:
            asked = {"expression": expression, "below": below, "floor": floor, "most": most}
            ids = list(await session.scalars(_WINDOW, asked))
            found += len(ids)
            if ids:
                yield ids
            if len(ids) < most:
                break
            below, most = ids[-1], min(most * 4, LARGEST)
        below = floor + 1
        if found < COMMON:
            break
    while below > above + 1:
        # The planner takes what was common for what is: it would read the whole table.
        # And what it takes for so much work it would compile first.
        for setting in ("enable_seqscan", "jit"):
            await session.execute(text(f"SET LOCAL {setting} = off"))
        asked = {"expression": expression, "below": below, "above": above, "most": LARGEST}
        ids = list(await session.scalars(_INDEX, asked))
        for setting in ("enable_seqscan", "jit"):
            await session.execute(text(f"SET LOCAL {setting} TO DEFAULT"))
        if ids:
            yield ids
        if len(ids) < LARGEST:
            return
        below = ids[-1]

"""What stands in the store, and changing it behind the conversation's back."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select, update

from backend.models import Audit, Base, Task
from backend.services import Services

Row = TypeVar("Row", bound=Base)


async def rows(services: Services, kind: type[Row]) -> Sequence[Row]:
    """All rows of a table, in the order they were written."""
    async with services.database.reading() as session:
        table: Any = kind
        return (await session.scalars(select(kind).order_by(table.id))).all()


async def tasks(services: Services) -> Sequence[Task]:
    return await rows(services, Task)


async def audit(services: Services, prefix: str = "") -> list[tuple[str, str]]:
    """(actor, action) of the entries whose action begins with `prefix`."""
    return [(e.actor, e.action) for e in await rows(services, Audit) if e.action.startswith(prefix)]


async def change(
    services: Services, kind: type[Row], *where: ColumnElement[bool], **values: Any
) -> None:
    """Changes the rows of `kind` for which all conditions hold; they may name other tables.

    Raises AssertionError if there is none, so that a test cannot pass by missing its aim.
    """
    table: Any = kind
    async with services.database.transaction() as session:
        ids = (await session.scalars(select(table.id).where(*where))).all()
        assert ids, "nothing to change"
        await session.execute(update(kind).where(table.id.in_(ids)).values(**values))

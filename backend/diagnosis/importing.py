"""Importing an edition of the knowledge base: all of it or nothing."""

from asyncio import to_thread
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.catalogue.syncing import Changes
from backend.clock import Clock
from backend.database import Database
from backend.diagnosis.reading import read_knowledge
from backend.diagnosis.storing import store_knowledge
from backend.models import ServiceItem

FOLDER = "diagnosis"
"""Where a dealership's folder holds its knowledge base."""


async def import_knowledge(database: Database, clock: Clock, folder: Path) -> Changes:
    """Makes the store say what the files in `folder` say.

    Raises `CatalogueError` with every mistake in them, and has then changed nothing.
    """
    async with database.reading() as session:
        menu = list(await session.scalars(select(ServiceItem.code).where(ServiceItem.active)))
    base = await to_thread(read_knowledge, folder, menu)
    async with database.transaction() as session:
        changes = await store_knowledge(session, base)
        if changes:
            note_import(session, clock.now(), changes)
    return changes


def note_import(session: AsyncSession, now: datetime, changes: Changes) -> None:
    audit.record(
        session,
        now,
        actor="setup",
        action="diagnosis.imported",
        subject="diagnosis",
        data={"changes": changes},
    )

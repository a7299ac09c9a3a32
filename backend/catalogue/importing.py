"""Importing a dealership: all of it or nothing, and the same twice is the same once."""

from asyncio import to_thread
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.catalogue.export import export_catalogue
from backend.catalogue.reading import read_folder
from backend.catalogue.storing import store_catalogue
from backend.catalogue.syncing import Changes
from backend.catalogue.validate import Catalogue, validate
from backend.catalogue.workbook import read_workbook
from backend.clock import Clock
from backend.database import Database
from backend.diagnosis.importing import FOLDER as DIAGNOSIS
from backend.diagnosis.importing import note_import
from backend.diagnosis.reading import KnowledgeBase, read_knowledge
from backend.diagnosis.storing import store_knowledge
from backend.models import CatalogueVersion

VERSION_ROW = 1


@dataclass(frozen=True)
class Imported:
    """`changes`: rows added, changed, removed or retired by table; empty if nothing was new.

    `knowledge`: the same of remote diagnosis, of which the version says nothing.
    """

    version: int
    changes: Changes
    knowledge: Changes = field(default_factory=dict)


async def import_folder(
    database: Database, clock: Clock, path: Path, *, export_to: Path | None = None
) -> Imported:
    """Makes the store say what the YAML files in `path` say.

    A folder `diagnosis` in it is the knowledge base of remote diagnosis and is imported with it;
    without one the store keeps what it has.

    Raises `CatalogueError` with every mistake in them, and has then changed nothing. The
    version rises only if something changed. `export_to`: where to write the catalogue for
    Rasa's side afterwards, from the store as it then is.
    """
    catalogue = await to_thread(lambda: validate(read_folder(path)))
    menu = [item.code for item in catalogue.service_items]
    knowledge = path / DIAGNOSIS
    base = (
        await to_thread(read_knowledge, knowledge, menu)
        if await to_thread(knowledge.is_dir)
        else None
    )
    return await _import(database, clock, catalogue, export_to, base)


async def import_file(
    database: Database, clock: Clock, path: Path, *, export_to: Path | None = None
) -> Imported:
    """The same as `import_folder` from an Excel workbook."""
    catalogue = await to_thread(lambda: validate(read_workbook(path)))
    return await _import(database, clock, catalogue, export_to)


async def import_catalogue(
    database: Database, clock: Clock, path: Path, *, export_to: Path | None = None
) -> Imported:
    """`import_folder` or `import_file`, whichever `path` is."""
    chosen = import_folder if await to_thread(path.is_dir) else import_file
    return await chosen(database, clock, path, export_to=export_to)


async def _import(
    database: Database,
    clock: Clock,
    catalogue: Catalogue,
    export_to: Path | None,
    base: KnowledgeBase | None = None,
) -> Imported:
    async with database.transaction() as session:
        row = await locked_version(session)
        changes = await store_catalogue(session, catalogue)
        known = await store_knowledge(session, base) if base is not None else {}
        if known:
            note_import(session, clock.now(), known)
        if changes:
            row.version += 1
            audit.record(
                session,
                clock.now(),
                actor="setup",
                action="catalogue.imported",
                subject=f"catalogue:{row.version}",
                data={"changes": changes},
            )
        result = Imported(row.version, changes, known)
    if export_to is not None:
        # After the commit: a reader must never be told of what may still be rolled back.
        async with database.reading() as session:
            await export_catalogue(session, export_to)
    return result


async def locked_version(session: AsyncSession) -> CatalogueVersion:
    """The version's row, made if missing and held: two imports run one after the other."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    await session.execute(
        insert(CatalogueVersion).values(id=VERSION_ROW, version=0).on_conflict_do_nothing()
    )
    query = select(CatalogueVersion).where(CatalogueVersion.id == VERSION_ROW).with_for_update()
    return (await session.scalars(query)).one()

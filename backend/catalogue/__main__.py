"""Commands: `python -m backend.catalogue import FILE_OR_FOLDER`, `… export FILE.xlsx`.

`export` writes what the store holds (the demo dealership while it holds nothing), or with
`--folder FOLDER` a folder of YAML.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from sqlalchemy.exc import DBAPIError, NoResultFound, OperationalError, ProgrammingError

from backend.catalogue.dumping import read_store
from backend.catalogue.importing import Imported, import_catalogue
from backend.catalogue.reading import read_folder
from backend.catalogue.rows import CatalogueError, RawTables
from backend.catalogue.workbook_writing import write_workbook
from backend.database import Database
from backend.migrations.migrate import migrate
from backend.settings import ROOT, get_settings
from values.clock import OffsetClock

SHOWN = 200


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 if done, 1 if the catalogue was refused (nothing has then changed)."""
    parser = argparse.ArgumentParser(prog="python -m backend.catalogue", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    importing = commands.add_parser("import", help="import a workbook or a folder of YAML")
    importing.add_argument("source", type=Path)
    exporting = commands.add_parser("export", help="write the store's catalogue as a workbook")
    exporting.add_argument("target", type=Path)
    exporting.add_argument("--folder", type=Path, help="write this folder of YAML instead")
    options = parser.parse_args(arguments)
    try:
        if options.command == "export":
            write_workbook(_tables(options.folder), options.target)
            print(f"Written to {options.target}.")
        else:
            print(_summary(asyncio.run(_import(options.source))))
    except CatalogueError as error:
        for problem in error.problems[:SHOWN]:
            print(problem, file=sys.stderr)
        if len(error.problems) > SHOWN:
            print(f"… and {len(error.problems) - SHOWN} more", file=sys.stderr)
        count = len(error.problems)
        mistakes = "1 mistake" if count == 1 else f"{count} mistakes"
        print(f"{mistakes}; nothing was changed.", file=sys.stderr)
        return 1
    return 0


def _tables(folder: Path | None) -> RawTables:
    return read_folder(folder) if folder else asyncio.run(_stored())


async def _stored() -> RawTables:
    database = Database(get_settings().store_url)
    try:
        async with database.reading() as session:
            return await read_store(session)
    except (NoResultFound, OperationalError, ProgrammingError) as error:
        if not isinstance(error, NoResultFound) and not _says_no_tables(error):
            # A store that cannot be reached is not an empty one: its catalogue exists.
            raise
        print("The store holds no catalogue yet; this is the demo dealership's.", file=sys.stderr)
        return read_folder(ROOT / "demo")
    finally:
        await database.dispose()


def _says_no_tables(error: DBAPIError) -> bool:
    said = str(error.orig)
    return "no such table" in said or 'relation "' in said


async def _import(source: Path) -> Imported:
    settings = get_settings()
    database = Database(settings.store_url)
    try:
        await migrate(database)
        return await import_catalogue(
            database, OffsetClock.from_environment(), source, export_to=settings.catalogue_export
        )
    finally:
        await database.dispose()


def _summary(done: Imported) -> str:
    if not done.changes and not done.knowledge:
        return f"Nothing has changed; the catalogue is at version {done.version}."
    lines = [
        f"  {table}: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items())
        for table, kinds in {**done.changes, **done.knowledge}.items()
    ]
    return "\n".join([f"The catalogue is at version {done.version}.", *lines])


if __name__ == "__main__":
    sys.exit(main())

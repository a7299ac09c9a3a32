"""Commands: `python -m backend.catalogue import FILE_OR_FOLDER`, `… export FILE.xlsx`."""

import argparse
import asyncio
import sys
from pathlib import Path

from backend.catalogue.importing import Imported, import_catalogue
from backend.catalogue.reading import read_folder
from backend.catalogue.rows import CatalogueError
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
    exporting = commands.add_parser("export", help="write a folder of YAML as a workbook")
    exporting.add_argument("target", type=Path)
    exporting.add_argument("--folder", type=Path, default=ROOT / "demo")
    options = parser.parse_args(arguments)
    try:
        if options.command == "export":
            write_workbook(read_folder(options.folder), options.target)
            print(f"{options.folder} → {options.target}")
        else:
            print(_summary(asyncio.run(_import(options.source))))
    except CatalogueError as error:
        for problem in error.problems[:SHOWN]:
            print(problem, file=sys.stderr)
        if len(error.problems) > SHOWN:
            print(f"… and {len(error.problems) - SHOWN} more", file=sys.stderr)
        print(f"{len(error.problems)} mistakes; nothing was changed.", file=sys.stderr)
        return 1
    return 0


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
    if not done.changes:
        return f"Nothing has changed; the catalogue is at version {done.version}."
    lines = [
        f"  {table}: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items())
        for table, kinds in done.changes.items()
    ]
    return "\n".join([f"The catalogue is at version {done.version}.", *lines])


if __name__ == "__main__":
    sys.exit(main())

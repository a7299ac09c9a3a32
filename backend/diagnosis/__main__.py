"""Command: `python -m backend.diagnosis FOLDER` imports an edition of the knowledge base.

`python -m backend.catalogue import FOLDER` does the same where the dealership's folder holds a
folder `diagnosis`.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from backend.catalogue.rows import CatalogueError
from backend.catalogue.syncing import Changes
from backend.database import Database
from backend.diagnosis.importing import import_knowledge
from backend.migrations.migrate import migrate
from backend.settings import get_settings
from values.clock import OffsetClock


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 if done, 1 if the edition was refused (nothing has then changed)."""
    parser = argparse.ArgumentParser(prog="python -m backend.diagnosis", description=__doc__)
    parser.add_argument("folder", type=Path)
    try:
        changes = asyncio.run(_import(parser.parse_args(arguments).folder))
    except CatalogueError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} mistakes; nothing was changed.", file=sys.stderr)
        return 1
    for table, kinds in changes.items():
        print(f"  {table}: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    print("Imported." if changes else "Nothing has changed.")
    return 0


async def _import(folder: Path) -> Changes:
    database = Database(get_settings().store_url)
    try:
        await migrate(database)
        return await import_knowledge(database, OffsetClock.from_environment(), folder)
    finally:
        await database.dispose()


if __name__ == "__main__":
    sys.exit(main())

"""Brings the store up to date before the processes start: schema, demo data, staff, export.

Runs in the app environment. As a command, because it reads its settings from the environment
of the processes that will be started.
"""

import argparse
import asyncio
import hashlib
import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from backend.catalogue.export import export_catalogue
from backend.catalogue.importing import import_folder
from backend.clock import FixedClock
from backend.database import Database
from backend.errors import ChefuError
from backend.migrations.migrate import migrate
from backend.models import CatalogueVersion, Dealership
from backend.settings import Settings, get_settings
from backend.staff.demo import ensure_demo
from scripts.ground import DEMO, say


async def prepare(settings: Settings, at: datetime, demo: Path = DEMO) -> None:
    """Migrates; loads the demo dealership into an empty store, or again when its files have
    changed and nobody has changed the catalogue since; writes the export for Rasa's side.

    Raises ChefuError when the demo files are not valid.
    """
    await asyncio.to_thread(settings.var.mkdir, parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.store_url)
    clock = FixedClock(at)
    mark = settings.var / "demo.json"
    try:
        await migrate(database)
        known = json.loads(mark.read_text()) if mark.exists() else None
        files = digest(demo)
        holds = await _state(database)
        if holds["dealership"] is None:
            say("Loading the demo dealership.")
            await _load(database, clock, settings, demo, mark, files)
        elif known and known["files"] != files:
            if {**known, "files": ""} == {**holds, "files": ""}:
                say("Loading the demo dealership again: its files have changed.")
                await _load(database, clock, settings, demo, mark, files)
            else:
                say("The demo files have changed, but the catalogue is yours by now: left alone.")
        async with database.reading() as session:
            await export_catalogue(session, settings.catalogue_export)
    finally:
        await database.dispose()


async def _load(
    database: Database, clock: FixedClock, settings: Settings, demo: Path, mark: Path, files: str
) -> None:
    await import_folder(database, clock, demo)
    async with database.transaction() as session:
        await ensure_demo(session, clock.now(), settings)
    known = {**await _state(database), "files": files}
    await asyncio.to_thread(mark.write_text, json.dumps(known) + "\n")


async def _state(database: Database) -> dict[str, Any]:
    """Whose catalogue the store holds and how often it was changed."""
    async with database.reading() as session:
        return {
            "dealership": await session.scalar(select(Dealership.code)),
            "version": await session.scalar(select(func.max(CatalogueVersion.version))),
        }


def digest(folder: Path) -> str:
    """Changes with every file in the folder."""
    total = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(f"{file.relative_to(folder)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.store")
    parser.add_argument("--at", type=datetime.fromisoformat, help="the moment, with its zone")
    at = parser.parse_args().at or datetime.now(timezone.utc)
    settings = get_settings()
    try:
        asyncio.run(prepare(settings, at))
    except ChefuError as error:
        print(error.message, file=sys.stderr)
        return 1
    except OperationalError as error:
        where = "the database of DATABASE_URL" if settings.database_url else str(settings.var)
        print(f"The store cannot be used ({where}): {error.orig}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

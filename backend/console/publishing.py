"""Telling the understanding of a changed catalogue."""

from fastapi import Request

from backend.catalogue.export import export_catalogue
from backend.console.view import services


async def publish(request: Request) -> None:
    """Writes the export anew, after the commit: a reader must never be told of what may still be
    rolled back. Rasa's side takes it up within seconds."""
    held = services(request)
    async with held.database.reading() as session:
        await export_catalogue(session, held.settings.catalogue_export)

"""The catalogue as Rasa's side reads it: names and hours, no claims."""

import json
import os
from asyncio import to_thread
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from unicodedata import normalize

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import (
    Alias,
    CatalogueVersion,
    Dealership,
    Feature,
    Model,
    OpeningHours,
    ServiceItem,
    Trim,
)

SCHEMA = 1


async def export_catalogue(session: AsyncSession, path: Path) -> None:
    """Replaces `path` by the names and hours in the store, in one step: whoever reads it gets
    the old file or the new one, whole. Only what is sold now is in it.

    `opens` and `closes` are the earliest and the latest hour of any department and weekday.
    """
    content = await _content(session)
    await to_thread(_replace, path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


async def _content(session: AsyncSession) -> dict[str, Any]:
    dealership = (await session.scalars(select(Dealership))).one()
    opens, closes = (
        await session.execute(select(func.min(OpeningHours.opens), func.max(OpeningHours.closes)))
    ).one()
    version = await session.scalar(select(func.max(CatalogueVersion.version)))
    names = _Names()
    for alias in await session.scalars(select(Alias).order_by(Alias.id)):
        names.aliases.setdefault((alias.kind, alias.ref), []).append(alias.text)
    names.add("brand", "", dealership.brand_zh, dealership.brand_en)
    models = list(await session.scalars(select(Model).where(Model.active).order_by(Model.position)))
    for model in models:
        names.add("model", model.code, model.name_zh, model.name_en)
    model_codes = {model.id: model.code for model in models}
    trims = select(Trim).where(Trim.active, Trim.model_id.in_(model_codes)).order_by(Trim.position)
    for trim in await session.scalars(trims):
        model_code = model_codes[trim.model_id]
        names.add("trim", trim.code, trim.name_zh, trim.name_en, model=model_code)
    for feature in await session.scalars(select(Feature).order_by(Feature.position)):
        names.add("feature", feature.code, feature.name_zh, feature.name_en)
    items = select(ServiceItem).where(ServiceItem.active).order_by(ServiceItem.position)
    for item in await session.scalars(items):
        names.add("service_item", item.code, item.name_zh, item.name_en)
    return {
        "schema": SCHEMA,
        "version": version or 0,
        "zone": dealership.zone,
        "opens": opens,
        "closes": closes,
        "names": names.rows,
    }


class _Names:
    def __init__(self) -> None:
        self.aliases: dict[tuple[str, str], list[str]] = {}
        self.rows: list[dict[str, str]] = []

    def add(self, kind: str, ref: str, name_zh: str, name_en: str, **more: str) -> None:
        """The two names and all aliases, each once however it is capitalised."""
        seen: set[str] = set()
        for text in (name_zh, name_en, *self.aliases.get((kind, ref), [])):
            folded = normalize("NFKC", text).casefold()
            if folded not in seen:
                seen.add(folded)
                self.rows.append({"kind": kind, "ref": ref, "text": text, **more})


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as temporary:
        try:
            temporary.write(text)
            temporary.flush()
            os.fsync(temporary.fileno())
            Path(temporary.name).chmod(0o644)
            Path(temporary.name).replace(path)
        except BaseException:
            Path(temporary.name).unlink(missing_ok=True)
            raise

"""Follows the catalogue export: a model added by staff is understood by the next message.

The export is written by the backend and replaced atomically. The file is looked at at most once a
second; a broken or missing one never takes away what is known.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time as time_of_day
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.nlu.catalogue import CatalogueIndex, Name

logger = logging.getLogger(__name__)

SCHEMA = 1
CHECK_SECONDS = 1.0
_DEFAULT_ZONE = "Asia/Shanghai"
_DEFAULT_OPENS = time_of_day(9)
_DEFAULT_CLOSES = time_of_day(18)


class CatalogueFileError(ValueError):
    """The export cannot be read as what it should be; the text says why."""


@dataclass(frozen=True)
class Catalogue:
    """What understanding needs to know of the dealership."""

    version: int = 0
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(_DEFAULT_ZONE))
    opens: time_of_day = _DEFAULT_OPENS
    closes: time_of_day = _DEFAULT_CLOSES
    index: CatalogueIndex = field(default_factory=CatalogueIndex)


def parse(content: bytes) -> Catalogue:
    """The catalogue of an export file. Raises `CatalogueFileError` for anything malformed."""
    try:
        data: dict[str, Any] = json.loads(content)
        if data["schema"] != SCHEMA:
            raise CatalogueFileError(f"schema {data['schema']!r}, not {SCHEMA}")
        names = [
            Name(row["kind"], row["ref"], row["text"], row.get("model")) for row in data["names"]
        ]
        if not all(isinstance(part, str) for name in names for part in (name.ref, name.text)):
            raise CatalogueFileError("a name or a reference is no text")
        return Catalogue(
            version=int(data["version"]),
            zone=ZoneInfo(data.get("zone", _DEFAULT_ZONE)),
            opens=_time(data.get("opens"), _DEFAULT_OPENS),
            closes=_time(data.get("closes"), _DEFAULT_CLOSES),
            index=CatalogueIndex(names),
        )
    except CatalogueFileError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        # OSError: what ZoneInfo raises for some names that are no zone.
        raise CatalogueFileError(f"{type(error).__name__}: {error}") from error


def _time(text: str | None, otherwise: time_of_day) -> time_of_day:
    return otherwise if text is None else time_of_day.fromisoformat(text)


class CatalogueFile:
    """The catalogue of a file, as new as a second ago. ``elapsed`` counts seconds, never back.

    Starts without names while there is no file yet. Each distinct trouble is logged once.
    """

    def __init__(self, path: Path, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._elapsed = elapsed
        self._catalogue = Catalogue()
        self._looked_at: float | None = None
        self._stamp: tuple[int, int, int] | None = None
        self._trouble: str | None = None

    def current(self) -> Catalogue:
        """The newest catalogue that could be read; never raises."""
        now = self._elapsed()
        if self._looked_at is None or now - self._looked_at >= CHECK_SECONDS:
            self._looked_at = now
            self._look()
        return self._catalogue

    def _look(self) -> None:
        try:
            state = self._path.stat()
            # The inode too: two exports within the clock's grain and of one size are two files.
            stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
            if stamp == self._stamp:
                return
            self._catalogue = parse(self._path.read_bytes())
            self._stamp = stamp
            self._trouble = None
            logger.info("Catalogue version %s read", self._catalogue.version)
        except (OSError, CatalogueFileError) as error:
            trouble = f"{type(error).__name__}: {error}"
            if trouble != self._trouble:
                self._trouble = trouble
                logger.warning("Catalogue not read, the last one stays: %s", trouble)


def default_path() -> Path:
    """Where the backend writes the export: ``CHEFU_CATALOGUE``, else ``var/catalogue.json``."""
    return Path(os.environ.get("CHEFU_CATALOGUE") or "var/catalogue.json")


_files: dict[Path, CatalogueFile] = {}


def shared(path: Path | None = None) -> CatalogueFile:
    """One reader for each path in this process, so that all components see one catalogue."""
    wanted = path or default_path()
    return _files.setdefault(wanted, CatalogueFile(wanted))

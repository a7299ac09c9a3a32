"""The one result form of every reader in this package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mention:
    """A value that a person wrote.

    ``start`` and ``end`` are offsets into the text exactly as it was given (``end`` exclusive), so
    that ``text == given[start:end]`` always holds, whatever was normalised on the way. ``value`` is
    a dict that JSON can carry; its keys depend on ``kind`` and are described in the module of the
    kind.
    """

    kind: str
    start: int
    end: int
    text: str
    value: dict[str, Any]

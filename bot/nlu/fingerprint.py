"""What Rasa's training cache must know beyond the source of a component's own class."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sources(*folders: Path, extra: bytes = b"") -> str:
    """A hash of all Python and word-list files under the folders, and of ``extra``."""
    digest = hashlib.sha256(extra)
    for folder in folders:
        for file in sorted([*folder.rglob("*.py"), *folder.rglob("*.txt")]):
            digest.update(b"\0" + str(file.relative_to(folder)).encode() + b"\0")
            digest.update(file.read_bytes())
    return digest.hexdigest()

"""Word lists written as text."""

from __future__ import annotations


def words(*lines: str) -> frozenset[str]:
    """The words of all lines, divided by spaces."""
    return frozenset(" ".join(lines).split())

"""The one clock of all processes: real time plus an offset, so that any day can be replayed."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

VARIABLE = "CHEFU_CLOCK_OFFSET"


class OffsetClock:
    """Reads the system's clock, moved by a fixed number of seconds.

    Every process is given the same offset, so they agree on "now" across restarts.
    """

    def __init__(self, offset_seconds: float = 0.0) -> None:
        """Raises ``ValueError`` for an offset that is not finite."""
        if not math.isfinite(offset_seconds):
            raise ValueError(f"the clock offset must be a finite number, not {offset_seconds}")
        self._offset = timedelta(seconds=offset_seconds)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> OffsetClock:
        """Offset from ``CHEFU_CLOCK_OFFSET`` in seconds, 0 when unset or empty, read once.

        Raises ``ValueError`` for anything but a finite number: a wrong clock must not start.
        """
        source = os.environ if environment is None else environment
        text = source.get(VARIABLE, "").strip()
        try:
            return cls(float(text) if text else 0.0)
        except ValueError as error:
            raise ValueError(f"{VARIABLE} must be seconds as a number, not {text!r}") from error

    @property
    def offset_seconds(self) -> float:
        """Seconds by which this clock is ahead of the system's."""
        return self._offset.total_seconds()

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(timezone.utc) + self._offset

"""The one source of time on the app side; nothing else asks the machine."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class FixedClock:
    """A clock that stands until it is moved: for tests and replays."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a clock needs a moment with a zone")
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    def advance(self, by: timedelta) -> None:
        self._moment += by


def local(moment: datetime, zone: str) -> datetime:
    """`moment` on the wall clock of `zone` (an IANA name)."""
    return moment.astimezone(ZoneInfo(zone))

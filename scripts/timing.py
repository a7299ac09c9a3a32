"""The injected clock: `CHEFU_CLOCK` is the moment at which the whole system starts."""

from collections.abc import Mapping
from datetime import datetime, timezone

from scripts.ground import Failure

VARIABLE = "CHEFU_CLOCK"


def moment(environment: Mapping[str, str]) -> datetime | None:
    """The moment asked for, aware; None for the machine's own time. Raises Failure."""
    text = environment.get(VARIABLE, "").strip()
    if not text:
        return None
    try:
        asked = datetime.fromisoformat(text)
    except ValueError:
        asked = None
    if asked is None or asked.tzinfo is None:
        raise Failure(
            f"{VARIABLE}={text} is not a moment with a zone, such as 2026-11-25T10:00:00+08:00"
        )
    return asked


def offset(asked: datetime | None) -> float:
    """Seconds from the machine's time now to `asked`; 0 without it."""
    if asked is None:
        return 0.0
    return (asked - datetime.now(timezone.utc)).total_seconds()

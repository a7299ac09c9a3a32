"""Where a page of findings ends and the next one goes on."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.errors import InvalidError
from backend.staff.filters import LARGEST_ID


@dataclass(frozen=True)
class Place:
    """Two streams run side by side, messages and records; each goes on behind its last one.

    `top` is the newest entry when the search began: what arrives later moves nothing.
    """

    top: int
    below: int
    """Entries of messages below it are still to come."""
    record: tuple[datetime, str] | None = None
    """The last conversation that was found by a record: when it was last active, and its id."""

    def encode(self) -> str:
        record = [self.record[0].astimezone(UTC).isoformat(), self.record[1]] if self.record else []
        raw = json.dumps([self.top, self.below, *record], separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Place":
        """Raises InvalidError for anything that `encode` did not make."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            top, below, *record = json.loads(raw)
            if not all(type(one) is int and 0 <= one <= LARGEST_ID for one in (top, below)):
                raise ValueError("no entries")
            if not record:
                return cls(top, below)
            at, row = record
            moment = datetime.fromisoformat(at)
            if moment.tzinfo is None or not isinstance(row, str) or not row.isalnum():
                raise ValueError("no record")
            return cls(top, below, (moment.astimezone(UTC), row))
        except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as error:
            raise InvalidError("cursor: unknown", code="invalid_cursor") from error

"""Token buckets: who sends too fast waits, in this process."""

import time
from collections import OrderedDict

from backend.errors import TooManyRequestsError

REMEMBERED = 20_000
"""Keys kept; the one unused longest goes first."""


class Bucket:
    """Allows `burst` at once and `per_second` in the long run, for each key."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        self._burst = burst
        self._rate = per_second
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Raises TooManyRequestsError, with the seconds to wait, when the bucket is empty."""
        # The machine's monotonic clock: an injected clock must not open or close the door.
        now = time.monotonic()
        level, at = self._levels.pop(key, (float(self._burst), now))
        level = min(self._burst, level + (now - at) * self._rate)
        if level < 1:
            self._levels[key] = (level, now)
            raise TooManyRequestsError(
                "too many messages at once", retry_after=max(1, round((1 - level) / self._rate))
            )
        self._levels[key] = (level - 1, now)
        if len(self._levels) > REMEMBERED:
            self._levels.popitem(last=False)

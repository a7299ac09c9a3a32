"""The injected clock's moment."""

from datetime import datetime, timezone

import pytest

from scripts import timing
from scripts.ground import Failure


def test_without_a_moment_the_clock_is_the_machines() -> None:
    assert timing.moment({}) is None
    assert timing.moment({"CHEFU_CLOCK": " "}) is None
    assert timing.offset(None) == 0


def test_now_plus_the_offset_is_the_moment() -> None:
    asked = timing.moment({"CHEFU_CLOCK": "2026-11-25T10:00:00+08:00"})
    assert asked == datetime(2026, 11, 25, 2, tzinfo=timezone.utc)
    there = datetime.now(timezone.utc).timestamp() + timing.offset(asked)
    assert abs(there - asked.timestamp()) < 5


@pytest.mark.parametrize("text", ["2026-11-25T10:00:00", "tomorrow", "2026-13-01T00:00+08:00"])
def test_a_moment_without_a_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(Failure, match="CHEFU_CLOCK"):
        timing.moment({"CHEFU_CLOCK": text})

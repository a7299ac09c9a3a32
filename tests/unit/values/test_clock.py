"""The clock that all processes share."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from values.clock import OffsetClock


def test_the_offset_moves_now() -> None:
    clock = OffsetClock.from_environment({"CHEFU_CLOCK_OFFSET": "86400.5"})
    before = datetime.now(timezone.utc)
    moved = clock.now() - timedelta(seconds=86400.5)
    assert before <= moved <= datetime.now(timezone.utc)
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("environment", [{}, {"CHEFU_CLOCK_OFFSET": ""}])
def test_no_offset(environment: dict[str, str]) -> None:
    assert OffsetClock.from_environment(environment).offset_seconds == 0


def test_the_environment_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEFU_CLOCK_OFFSET", "60")
    clock = OffsetClock.from_environment()
    monkeypatch.setenv("CHEFU_CLOCK_OFFSET", "0")
    assert clock.offset_seconds == 60


@pytest.mark.parametrize("text", ["soon", "nan", "inf"])
def test_a_wrong_offset_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="CHEFU_CLOCK_OFFSET"):
        OffsetClock.from_environment({"CHEFU_CLOCK_OFFSET": text})

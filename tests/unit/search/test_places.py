"""Cursors: what comes back is what went out, and nothing else is taken."""

import base64
import json
from contextlib import suppress
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import InvalidError
from backend.search.places import Place

places = st.builds(
    Place,
    st.integers(0, 2**31 - 1),
    st.integers(0, 2**31 - 1),
    st.none()
    | st.tuples(
        st.datetimes(
            min_value=datetime(1970, 1, 1),
            max_value=datetime(2100, 1, 1),
            timezones=st.just(timezone.utc),
        ),
        st.text("0123456789abcdef", min_size=32, max_size=32),
    ),
)


@given(places)
def test_there_and_back(place: Place) -> None:
    assert Place.decode(place.encode()) == place


def encoded(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "é", "🙂", "a" * 5000, encoded(), encoded(1), encoded("1", "2"), encoded(1.5, 2),
        encoded(True, 1), encoded(-1, 1), encoded(1, 2**40), encoded(1, 1, "2026-11-25"),
        encoded(1, 1, "2026-11-25T10:00", "ab"), encoded(1, 1, "2026-11-25T10:00+00:00", "a'b"),
        encoded(1, 1, "2026-11-25T10:00+00:00", 7), encoded(1, 1, None, None), encoded([1], {}),
        base64.urlsafe_b64encode(b"[" * 3000).decode(),
        encoded(1, 1, "9999-12-31T23:59-14:00", "a"),
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        Place.decode(text)


@given(st.text())
def test_never_another_error(text: str) -> None:
    with suppress(InvalidError):
        Place.decode(text)

"""Token buckets: a burst, a long run, one key without the other."""

import pytest

from backend.channels import limits
from backend.channels.limits import Bucket
from backend.errors import TooManyRequestsError


class Time:
    """The machine's time, moved by hand."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    moved = Time()
    monkeypatch.setattr(limits, "time", moved)
    return moved


def taken(bucket: Bucket, key: str, most: int = 1000) -> int:
    """How often `key` gets through until it is refused."""
    for number in range(most):
        try:
            bucket.take(key)
        except TooManyRequestsError:
            return number
    return most


def test_a_burst_then_one_a_second(time: Time) -> None:
    bucket = Bucket(burst=30, per_second=1)
    assert taken(bucket, "a") == 30
    time.now += 3
    assert taken(bucket, "a") == 3
    time.now += 3600
    assert taken(bucket, "a") == 30


def test_one_who_is_refused_does_not_stop_another(time: Time) -> None:
    bucket = Bucket(burst=5, per_second=1)
    assert taken(bucket, "a") == 5
    assert taken(bucket, "b") == 5


def test_the_wait_that_is_told_is_enough(time: Time) -> None:
    bucket = Bucket(burst=1, per_second=0.1)
    bucket.take("a")
    with pytest.raises(TooManyRequestsError) as refused:
        bucket.take("a")
    assert refused.value.retry_after == 10
    time.now += refused.value.retry_after
    bucket.take("a")


def test_being_refused_costs_nothing(time: Time) -> None:
    bucket = Bucket(burst=1, per_second=1)
    assert taken(bucket, "a") == 1
    for _ in range(10):
        time.now += 0.05
        assert taken(bucket, "a") == 0
    time.now += 0.6
    assert taken(bucket, "a") == 1


def test_it_forgets_the_key_unused_longest(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 2)
    bucket = Bucket(burst=2, per_second=0.001)
    for key in ("a", "b", "a", "c"):
        bucket.take(key)
    assert taken(bucket, "a") == 0
    assert taken(bucket, "b") == 2

"""What people write: times, amounts, mileages, telephone numbers, plates, VINs, names.

Pure functions on text, one result form for Chinese and English, no I/O. Nothing here raises on any
``str``. The work grows linearly with its length: 2,000 characters take less than 20 ms, whatever
they are. For that, each reader stops at a number of values (20 telephone numbers, 40 times, 100
amounts) that no customer writes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from values import budget, mileage, money, person, phone, plate, reference, terms, times, vin
from values.mention import Mention
from values.text import Text, normalise
from values.times import merge_times

__all__ = ["Mention", "find_all", "merge_times"]

# Earlier readers win: what they took is no longer there for the ones behind them.
_READERS: tuple[Callable[[Text], list[Mention]] | None, ...] = (
    reference.read,
    vin.read,
    plate.read,
    phone.read,
    budget.read,  # before times, to which "around 200" is two o'clock
    None,  # times, which need to know what time it is
    mileage.read,
    money.read,
    terms.read,
    person.read,
)


def find_all(
    text: str, *, now: datetime, opens: time = time(9, 0), closes: time = time(18, 0)
) -> list[Mention]:
    """Every value in ``text``, in order, none overlapping another.

    Where two readings compete, the first of booking reference, VIN, plate, telephone number,
    budget without a unit, time, mileage, money, ratio, months, person holds. ``now`` is aware and
    in the dealership's zone (``ValueError`` otherwise); ``opens`` and ``closes`` decide that 三点
    is in the afternoon.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware, in the dealership's zone")
    source = normalise(text)
    if not source.norm:
        return []
    found: list[Mention] = []
    for reader in _READERS:
        if reader is None:
            mentions = times.read(source, now=now, opens=opens, closes=closes)
        else:
            mentions = reader(source)
        if mentions:
            found.extend(mentions)
            source = source.without([source.span_of(mention) for mention in mentions])
    return sorted(found, key=lambda mention: mention.start)

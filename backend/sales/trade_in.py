"""What an old car may be worth to us: only what an approved price guide says of its kind."""

from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.service import valid
from backend.models import TradeInRange


@dataclass(frozen=True)
class OldCar:
    """A car as its owner tells of it. `year` of first registration, `km` on the odometer, `place`:
    how the plate begins, or the city."""

    name: str
    year: int
    km: int
    place: str


def _folded(text: str) -> str:
    return normalize("NFKC", text).casefold()


async def ranges(session: AsyncSession, today: date) -> list[TradeInRange]:
    """The rows of the price guide that hold today."""
    query = select(TradeInRange).where(valid(TradeInRange, today)).order_by(TradeInRange.id)
    return list(await session.scalars(query))


def named(known: list[TradeInRange], text: str) -> str | None:
    """The longest name of a car in the price guide that stands in `text`."""
    folded = _folded(text)
    found = [name for row in known for name in row.names if _folded(name) in folded]
    return max(found, key=len, default=None)


async def estimate(session: AsyncSession, today: date, car: OldCar) -> TradeInRange | None:
    """The approved range for `car`, or None: then nothing may be said of its worth.

    Of several rows that fit, the one with the fewest kilometres holds.
    """
    name, place = _folded(car.name), _folded(car.place)
    fitting = [
        row
        for row in await ranges(session, today)
        if any(_folded(own) in name for own in row.names)
        and row.year_from <= car.year <= row.year_to
        and car.km <= row.most_km
        and (not row.places or any(_folded(own) in place for own in row.places))
    ]
    return min(fitting, key=lambda row: (row.most_km, row.id), default=None)

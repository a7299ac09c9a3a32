"""What asking for an appointment can come to. Typed, so that the conversation can word each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeAlias, TypeVar

from backend.models import DemoCar, ServiceBooking, TestDriveBooking

AnyBooking = TypeVar("AnyBooking", TestDriveBooking, ServiceBooking)

Reason: TypeAlias = Literal[
    "past",  # the time asked for has gone by
    "too_soon",  # less than the dealership's lead time ahead
    "too_far",  # beyond the days that may be booked
    "closed",  # not wholly inside opening hours: night, lunch, holiday, too near to closing
    "taken",  # every car or bay is occupied then
    "own_conflict",  # the same customer already has an appointment of this kind at that time
    "unknown_model",  # no such model on sale
    "no_demo_car",  # no demo car of that model is in service
    "unknown_item",  # no such line on the service menu, or none named; `codes` says which
    "unsuitable_item",  # not for this kind of car, such as an oil change on an electric one
    "price_changed",  # the price is no longer the one that was told
    "not_active",  # the booking was already cancelled, done or missed
]


@dataclass(frozen=True)
class Refused:
    """Nothing was written. `alternatives`: free starting times near the one asked for, earliest
    first, each of which would be granted now; empty where another time would not help."""

    reason: Reason
    alternatives: tuple[datetime, ...] = ()
    starts_at: datetime | None = None
    """The time that was considered, after rounding to a quarter of an hour."""
    codes: tuple[str, ...] = ()
    """Of the service items that are the reason."""


@dataclass(frozen=True)
class Booked(Generic[AnyBooking]):
    """The booking stands once the caller's transaction commits.

    `already`: it had been made before by the same message and action (or, on moving, stood at
    that time already); nothing was written now. `rounded`: it starts at another time than was
    asked for, the nearest quarter of an hour.
    """

    booking: AnyBooking
    already: bool = False
    rounded: bool = False


@dataclass(frozen=True)
class Cancelled(Generic[AnyBooking]):
    """`already`: it had been cancelled before; nothing was written now."""

    booking: AnyBooking
    already: bool = False


@dataclass(frozen=True)
class Free:
    """That car could be booked at that time at the moment of asking; nothing is reserved."""

    car: DemoCar
    starts_at: datetime
    ends_at: datetime
    rounded: bool = False


@dataclass(frozen=True)
class FreeBay:
    """As `Free`, for a bay of the workshop."""

    bay: int
    starts_at: datetime
    ends_at: datetime
    rounded: bool = False

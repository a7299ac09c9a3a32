"""A customer's wish for a visit, and what it says of his car."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations import outbox
from backend.customers import vehicles
from backend.models import Customer, Model, ServiceBooking
from backend.workshop import history


@dataclass(frozen=True)
class ServiceRequest:
    """A customer's wish; the fields as in `TestDriveRequest`.

    `told_total` is the sum in fen that the customer was told, empty if none could be told.
    """

    item_codes: tuple[str, ...]
    model_code: str | None
    plate: str | None
    mileage_km: int | None
    starts_at: datetime
    name: str
    phone: str
    language: str
    conversation_id: str | None
    message_id: str
    action: str
    note: str = ""
    told_total: int | None = None
    other_make: bool = False
    """The car is of another make: the menu's prices are not for it, none is promised."""
    actor: str | None = None
    vin: str | None = None
    in_service_on: date | None = None


async def vehicle_of(
    session: AsyncSession,
    now: datetime,
    request: ServiceRequest,
    customer: Customer,
    model: Model | None,
) -> int | None:
    if request.plate is None and request.vin is None:
        return None
    return await vehicles.find_or_create(
        session,
        now,
        request.plate,
        customer.id,
        model_id=model.id if model else None,
        mileage_km=request.mileage_km,
        vin=request.vin,
        in_service_on=request.in_service_on,
    )


async def note_car(
    session: AsyncSession, now: datetime, request: ServiceRequest, booking: ServiceBooking
) -> None:
    """The mileage that was told, for the plan; a visit that stands makes reminders of what is
    due needless."""
    if booking.vehicle_id is None:
        return
    if request.mileage_km is not None:
        await history.record_mileage(
            session,
            now,
            booking.vehicle_id,
            request.mileage_km,
            source="customer",
            conversation_id=request.conversation_id,
            booking_id=booking.id,
        )
    await outbox.call_off(session, history.reminder_key(booking.vehicle_id))

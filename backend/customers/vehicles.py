"""Customers' own cars, found by the plate or the vehicle identification number."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Vehicle


async def find_or_create(
    session: AsyncSession,
    now: datetime,
    plate: str | None,
    customer_id: int,
    *,
    model_id: int | None = None,
    mileage_km: int | None = None,
    vin: str | None = None,
    in_service_on: date | None = None,
) -> int:
    """The id of the car with that plate, or without a plate with that VIN, made if need be; safe
    against a simultaneous one. One of the two has to be given.

    Known model and mileage are brought up to date, but only on a car that is this customer's
    or nobody's yet: whoever names a stranger's plate changes nothing about it. A VIN that stands
    on another car already is not taken over.
    """
    if vin is not None:
        other = await session.scalar(select(Vehicle).where(Vehicle.vin == vin))
        if other is not None and plate is not None and other.plate != plate:
            vin = None
    if plate is None and vin is None:
        raise ValueError("a car is known by its plate or its VIN")
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Vehicle).values(
        plate=plate,
        customer_id=customer_id,
        model_id=model_id,
        mileage_km=mileage_km,
        vin=vin,
        in_service_on=in_service_on,
        created_at=now,
    )
    new: Any = statement.excluded
    key = Vehicle.plate if plate is not None else Vehicle.vin
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[key],
            set_={
                "customer_id": new.customer_id,
                "model_id": func.coalesce(new.model_id, Vehicle.model_id),
                # An odometer does not go back.
                "mileage_km": case(
                    (
                        or_(Vehicle.mileage_km.is_(None), new.mileage_km > Vehicle.mileage_km),
                        new.mileage_km,
                    ),
                    else_=Vehicle.mileage_km,
                ),
                "vin": func.coalesce(Vehicle.vin, new.vin),
                "in_service_on": func.coalesce(new.in_service_on, Vehicle.in_service_on),
            },
            where=or_(Vehicle.customer_id.is_(None), Vehicle.customer_id == customer_id),
        )
    )
    found = await session.scalars(
        select(Vehicle.id).where(key == (plate if plate is not None else vin))
    )
    return found.one()

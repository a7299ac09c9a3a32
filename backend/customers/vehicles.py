"""Customers' own cars, found by the plate."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Vehicle


async def find_or_create(
    session: AsyncSession,
    now: datetime,
    plate: str,
    customer_id: int,
    *,
    model_id: int | None = None,
    mileage_km: int | None = None,
) -> int:
    """The id of the car with that plate, made if need be; safe against a simultaneous one.

    Known model and mileage are brought up to date, but only on a car that is this customer's
    or nobody's yet: whoever names a stranger's plate changes nothing about it.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Vehicle).values(
        plate=plate,
        customer_id=customer_id,
        model_id=model_id,
        mileage_km=mileage_km,
        created_at=now,
    )
    new = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[Vehicle.plate],
            set_={
                "customer_id": new.customer_id,
                "model_id": func.coalesce(new.model_id, Vehicle.model_id),
                "mileage_km": func.coalesce(new.mileage_km, Vehicle.mileage_km),
            },
            where=or_(Vehicle.customer_id.is_(None), Vehicle.customer_id == customer_id),
        )
    )
    found = await session.scalars(select(Vehicle.id).where(Vehicle.plate == plate))
    return found.one()

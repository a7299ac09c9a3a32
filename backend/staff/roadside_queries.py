"""Reading roadside requests, and diagnoses on bookings, for the console and the staff API."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import NotFoundError
from backend.models import Customer, Diagnosis, RoadsideRequest
from backend.staff.filters import Filters, clean
from backend.staff.queries import AnySelect, contains, phone_matches


@dataclass(frozen=True)
class RoadsideRecord:
    request: RoadsideRequest
    customer: Customer | None
    diagnosis: Diagnosis | None


def roadside_requests(filters: Filters) -> AnySelect:
    """The period is that of the request. Newest first unless the oldest are asked for."""
    request = RoadsideRequest
    where = []
    if filters.since:
        where.append(request.created_at >= filters.since)
    if filters.until:
        where.append(request.created_at < filters.until)
    if filters.search:
        where.append(
            or_(
                contains(filters.search, request.number, request.place, request.text),
                contains(filters.search, Customer.name),
                *phone_matches(filters.search, request.phone, Customer.phone),
            )
        )
    if filters.phone:
        where.append(or_(Customer.phone == filters.phone, request.phone == filters.phone))
    if filters.conversation_id:
        where.append(request.conversation_id == filters.conversation_id)
    if filters.state:
        where.append(request.state == filters.state)
    order: list[Any] = (
        [request.created_at.asc(), request.id.asc()]
        if filters.sort == "oldest"
        else [request.created_at.desc(), request.id.desc()]
    )
    return (
        select(request, Customer, Diagnosis)
        .outerjoin(Customer, Customer.id == request.customer_id)
        .outerjoin(Diagnosis, Diagnosis.id == request.diagnosis_id)
        .where(*where)
        .order_by(*order)
    )


async def roadside_rows(session: AsyncSession, statement: AnySelect) -> list[RoadsideRecord]:
    return [RoadsideRecord(*row) for row in await session.execute(statement)]


async def roadside_request(session: AsyncSession, number: str) -> RoadsideRecord:
    """Raises NotFoundError."""
    rows = await roadside_rows(
        session, roadside_requests(Filters()).where(RoadsideRequest.number == clean(number))
    )
    if not rows:
        raise NotFoundError("no such record")
    return rows[0]

"""Calls of the staff API that record what became of a visit to the workshop."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import local
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.models import StaffToken, Technician
from backend.staff import desk, queries
from backend.staff_api import schemas as out
from backend.staff_api.http import ApiRoute, services, writer
from backend.workshop import visits
from backend.workshop.visits import MOST_KM, NotRecorded, Recorded

router = APIRouter(
    prefix="/service-bookings/{ref}",
    route_class=ApiRoute,
    responses={
        403: {"model": out.ErrorOut},
        404: {"model": out.ErrorOut},
        409: {"model": out.ErrorOut},
    },
)

Held = Annotated[StaffToken, Depends(writer)]
Act: TypeAlias = Callable[[AsyncSession, datetime, int, str], Awaitable[Recorded | NotRecorded]]


class CompleteIn(BaseModel):
    """`done`: codes of the items that were done; left out, all that were booked."""

    model_config = ConfigDict(extra="forbid")

    mileage_km: Annotated[int, Field(ge=0, le=MOST_KM)]
    done: list[str] | None = None


class VisitOut(BaseModel):
    """`technician`: the code of who works on it. `done` and `mileage_km` once it is finished."""

    id: int
    number: str
    state: str
    technician: str | None
    arrived_at: datetime | None
    finished_at: datetime | None
    mileage_km: int | None
    done: list[str]


@router.post("/arrive")
async def arrive(request: Request, held: Held, ref: str) -> VisitOut:
    """The car is there. By number or id; twice changes nothing."""
    return await _record(request, held, ref, visits.arrive)


@router.post("/complete")
async def complete(request: Request, held: Held, ref: str, body: CompleteIn) -> VisitOut:
    """The work is done; the next marks of the plan count from it. 409 with `mileage_below` when
    the workshop has read more from this car before."""

    async def act(
        session: AsyncSession, now: datetime, booking_id: int, actor: str
    ) -> Recorded | NotRecorded:
        return await visits.complete(
            session, now, booking_id, actor, mileage_km=body.mileage_km, done=body.done
        )

    return await _record(request, held, ref, act)


@router.post("/no-show")
async def no_show(request: Request, held: Held, ref: str) -> VisitOut:
    """Nobody came."""
    return await _record(request, held, ref, visits.no_show)


async def _record(request: Request, held: StaffToken, ref: str, act: Act) -> VisitOut:
    served = services(request)
    async with served.database.transaction() as session:
        zone = (await queries.place(session)).zone
        booking_id = (await desk.visit(session, ref)).id
        done = await act(session, served.clock.now(), booking_id, f"token:{held.id}")
        if isinstance(done, NotRecorded):
            raise _refusal(done)
        who = done.visit.technician_id
        technician = await session.get(Technician, who) if who is not None else None
        return VisitOut(
            id=done.booking.id,
            number=done.booking.number,
            state=done.booking.state,
            technician=technician.code if technician else None,
            arrived_at=_wall(done.visit.arrived_at, zone),
            finished_at=_wall(done.visit.finished_at, zone),
            mileage_km=done.visit.mileage_km,
            done=done.visit.done,
        )


def _refusal(refused: NotRecorded) -> Exception:
    if refused.reason == "unknown":
        return NotFoundError("no such service booking")
    if refused.reason == "unknown_item":
        return InvalidError(
            f"done: not on the menu: {', '.join(refused.codes)}", code=refused.reason
        )
    known = f"; {refused.km} km are on record" if refused.km is not None else ""
    return ConflictError(f"refused: {refused.reason}{known}", code=refused.reason)


def _wall(moment: datetime | None, zone: str) -> datetime | None:
    return local(moment, zone) if moment is not None else None

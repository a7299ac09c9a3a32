"""What tools and screens in the showroom say of test drives: checklist, arrival, end, no-show."""

from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import attendance, preparation
from backend.appointments.preparation import Checked, Findings
from backend.clock import local
from backend.models import StaffToken, TestDriveBooking
from backend.staff import queries
from backend.staff_api import schemas as out
from backend.staff_api.http import ApiRoute, services, writer

Token = Annotated[StaffToken, Depends(writer)]
_REFUSED: dict[int | str, dict[str, Any]] = {
    403: {"model": out.ErrorOut},
    404: {"model": out.ErrorOut},
    409: {"model": out.ErrorOut},
}

router = APIRouter(route_class=ApiRoute)


class Checklist(BaseModel):
    """Each is true when it is well. `energy`: charge or fuel; `papers`: plates, registration,
    insurance."""

    model_config = ConfigDict(extra="forbid")

    condition: StrictBool
    cleanliness: StrictBool
    energy: StrictBool
    tyres: StrictBool
    papers: StrictBool
    note: str = Field("", max_length=500)

    def findings(self) -> Findings:
        return Findings(**self.model_dump(exclude={"note"}))


class CheckedOut(BaseModel):
    """`moved`: numbers of drives that have another car; `displaced`: that have none and were
    offered other times; `restored`: that have theirs again."""

    passed: bool
    car: str
    car_state: str
    moved: list[str]
    displaced: list[str]
    restored: list[str]


class DriveStateOut(BaseModel):
    id: int
    number: str
    state: str
    arrived_at: str | None
    displaced: bool


def _checked(done: Checked) -> CheckedOut:
    return CheckedOut(
        passed=done.check.passed,
        car=done.car.plate,
        car_state=done.car.state,
        moved=list(done.moved),
        displaced=list(done.displaced),
        restored=list(done.restored),
    )


def _state(booking: TestDriveBooking, zone: str) -> DriveStateOut:
    arrived = booking.arrived_at
    return DriveStateOut(
        id=booking.id,
        number=booking.number,
        state=booking.state,
        arrived_at=local(arrived, zone).isoformat() if arrived else None,
        displaced=booking.displaced_at is not None,
    )


@router.post("/test-drives/{booking_id}/checklist", responses=_REFUSED)
async def checklist(request: Request, who: Token, booking_id: int, body: Checklist) -> CheckedOut:
    """The car of this drive was looked over. One that does not pass is out of service, and its
    coming drives get another car or are offered other times."""
    held = services(request)
    async with held.database.transaction() as session:
        done = await preparation.check_for(
            session, held.clock.now(), booking_id, body.findings(),
            actor=f"token:{who.id}", note=body.note,
        )  # fmt: skip
    return _checked(done)


@router.post("/demo-cars/{car_id}/checklist", responses=_REFUSED)
async def car_checklist(request: Request, who: Token, car_id: int, body: Checklist) -> CheckedOut:
    """The same of a car without a drive; one that passes is in service again."""
    held = services(request)
    async with held.database.transaction() as session:
        done = await preparation.check_car(
            session, held.clock.now(), car_id, body.findings(),
            actor=f"token:{who.id}", note=body.note,
        )  # fmt: skip
    return _checked(done)


@router.post("/test-drives/{booking_id}/arrive", responses=_REFUSED)
async def arrive(request: Request, who: Token, booking_id: int) -> DriveStateOut:
    """The customer is there."""
    return await _record(request, who, booking_id, attendance.arrive)


@router.post("/test-drives/{booking_id}/complete", responses=_REFUSED)
async def complete(request: Request, who: Token, booking_id: int) -> DriveStateOut:
    """The customer has driven."""
    return await _record(request, who, booking_id, attendance.complete)


@router.post("/test-drives/{booking_id}/no-show", responses=_REFUSED)
async def no_show(request: Request, who: Token, booking_id: int) -> DriveStateOut:
    """The customer did not come."""
    return await _record(request, who, booking_id, attendance.no_show)


class _Act(Protocol):
    async def __call__(
        self, session: AsyncSession, now: datetime, booking_id: int, *, actor: str
    ) -> TestDriveBooking: ...


async def _record(request: Request, who: StaffToken, booking_id: int, act: _Act) -> DriveStateOut:
    held = services(request)
    async with held.database.transaction() as session:
        booking = await act(session, held.clock.now(), booking_id, actor=f"token:{who.id}")
        return _state(booking, (await queries.place(session)).zone)

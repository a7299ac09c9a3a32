"""Reading records for staff: test drives, service bookings, complaints, tasks, customers.

The console and the staff API read the same statements. All joins are explicit: an async
session loads nothing later. Lists come newest first, with the id to decide ties.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, Unpack

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.complaints.service import OPEN
from backend.errors import NotFoundError
from backend.models import (
    Complaint,
    ComplaintCase,
    Conversation,
    Customer,
    Dealership,
    DemoCar,
    Model,
    ServiceBooking,
    Staff,
    Task,
    TestDriveBooking,
    Trim,
    Vehicle,
)
from backend.staff.filters import Cursor, Filters, clean, compact, phone_part, search_forms

Record = TypeVar("Record")
AnySelect: TypeAlias = Select[Unpack[tuple[Any, ...]]]


@dataclass(frozen=True)
class Place:
    """What pages and times need of the dealership."""

    name_zh: str = ""
    name_en: str = ""
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True)
class TestDriveRecord:
    booking: TestDriveBooking
    customer: Customer
    model: Model
    car: DemoCar
    trim: Trim

    __test__ = False


@dataclass(frozen=True)
class ServiceRecord:
    booking: ServiceBooking
    customer: Customer
    model: Model | None
    vehicle: Vehicle | None


@dataclass(frozen=True)
class ComplaintRecord:
    complaint: Complaint
    customer: Customer | None
    case: ComplaintCase | None
    assignee: Staff | None

    @property
    def waits(self) -> bool:
        """Whether the customer has not been answered by a person yet."""
        answered = self.case is not None and self.case.answered_at is not None
        return self.complaint.state in OPEN and not answered

    @property
    def level(self) -> int:
        """Up to which level it was escalated; 0 once it is answered."""
        return self.case.level if self.case is not None and self.waits else 0


async def place(session: AsyncSession) -> Place:
    """The dealership, or neutral values before one has been loaded."""
    row = await session.scalar(select(Dealership).order_by(Dealership.id).limit(1))
    return Place(row.name_zh, row.name_en, row.zone) if row else Place()


def contains(
    text: str, *columns: InstrumentedAttribute[Any] | ColumnElement[Any]
) -> ColumnElement[bool]:
    """Any of the columns holds the text; Chinese of one character counts as well as a word."""
    return or_(
        *(
            column.icontains(form, autoescape=True)
            for form in search_forms(text)
            for column in columns
        )
    )


def phone_matches(text: str, *columns: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
    digits = phone_part(text)
    return [column.contains(digits) for column in columns] if digits else []


def _person(text: str) -> list[ColumnElement[bool]]:
    return [contains(text, Customer.name), *phone_matches(text, Customer.phone)]


def _period(column: InstrumentedAttribute[Any], filters: Filters) -> list[ColumnElement[bool]]:
    found = []
    if filters.since:
        found.append(column >= filters.since)
    if filters.until:
        found.append(column < filters.until)
    return found


def after(
    created_at: InstrumentedAttribute[Any], row_id: InstrumentedAttribute[Any], cursor: Cursor
) -> ColumnElement[bool]:
    """The rows that come later in a list which is newest first."""
    return or_(
        created_at < cursor.created_at,
        and_(created_at == cursor.created_at, row_id < cursor.id),
    )


def _order(filters: Filters, model: Any, due: InstrumentedAttribute[Any] | None) -> list[Any]:
    if filters.sort == "oldest":
        return [model.created_at.asc(), model.id.asc()]
    if filters.sort == "due" and due is not None:
        return [due.asc(), model.id.asc()]
    return [model.created_at.desc(), model.id.desc()]


async def total(session: AsyncSession, statement: AnySelect) -> int:
    """How many rows the statement has without its paging."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return int(await session.scalar(counted) or 0)


def test_drives(filters: Filters) -> AnySelect:
    """The period is that of the drive itself. `due` sorts by its start."""
    booking = TestDriveBooking
    where = _period(booking.starts_at, filters)
    if filters.search:
        where.append(
            or_(
                contains(filters.search, booking.number),
                contains(compact(filters.search) or filters.search, DemoCar.plate),
                contains(filters.search, Model.name_zh, Model.name_en),
                *_person(filters.search),
            )
        )
    if filters.phone:
        where.append(Customer.phone == filters.phone)
    if filters.conversation_id:
        where.append(booking.conversation_id == filters.conversation_id)
    if filters.state:
        where.append(booking.state == filters.state)
    return (
        select(booking, Customer, Model, DemoCar, Trim)
        .join(Customer, Customer.id == booking.customer_id)
        .join(Model, Model.id == booking.model_id)
        .join(DemoCar, DemoCar.id == booking.demo_car_id)
        .join(Trim, Trim.id == DemoCar.trim_id)
        .where(*where)
        .order_by(*_order(filters, booking, booking.starts_at))
    )


test_drives.__test__ = False  # type: ignore[attr-defined]  # no test, whatever its name says


def service_bookings(filters: Filters) -> AnySelect:
    """The period is that of the visit. `due` sorts by its start."""
    booking = ServiceBooking
    where = _period(booking.starts_at, filters)
    if filters.search:
        where.append(
            or_(
                contains(filters.search, booking.number),
                contains(compact(filters.search) or filters.search, booking.plate),
                *_person(filters.search),
            )
        )
    if filters.phone:
        where.append(Customer.phone == filters.phone)
    if filters.conversation_id:
        where.append(booking.conversation_id == filters.conversation_id)
    if filters.state:
        where.append(booking.state == filters.state)
    return (
        select(booking, Customer, Model, Vehicle)
        .join(Customer, Customer.id == booking.customer_id)
        .outerjoin(Model, Model.id == booking.model_id)
        .outerjoin(Vehicle, Vehicle.id == booking.vehicle_id)
        .where(*where)
        .order_by(*_order(filters, booking, booking.starts_at))
    )


def complaints(filters: Filters) -> AnySelect:
    """The period is that of lodging. The state `overdue` means: unanswered past its time,
    `escalated`: unanswered, and the next level has been told."""
    complaint, case = Complaint, ComplaintCase
    unanswered = and_(complaint.state.in_(OPEN), case.answered_at.is_(None))
    where = _period(complaint.created_at, filters)
    if filters.search:
        where.append(
            or_(
                contains(filters.search, complaint.number, complaint.text),
                *_person(filters.search),
                *phone_matches(filters.search, complaint.contact_phone),
            )
        )
    if filters.phone:
        where.append(or_(Customer.phone == filters.phone, complaint.contact_phone == filters.phone))
    if filters.conversation_id:
        where.append(complaint.conversation_id == filters.conversation_id)
    if filters.assignee_id is not None:
        where.append(case.assignee_id == filters.assignee_id)
    if filters.state == "overdue":
        where += [unanswered, complaint.due_at < filters.now]
    elif filters.state == "escalated":
        where += [unanswered, case.level > 0]
    elif filters.state:
        where.append(complaint.state == filters.state)
    return (
        select(complaint, Customer, case, Staff)
        .outerjoin(Customer, Customer.id == complaint.customer_id)
        .outerjoin(case, case.complaint_id == complaint.id)
        .outerjoin(Staff, Staff.id == case.assignee_id)
        .where(*where)
        .order_by(*_order(filters, complaint, complaint.due_at))
    )


def customers(filters: Filters) -> AnySelect:
    """The period is that of the first contact."""
    where = _period(Customer.created_at, filters)
    if filters.search:
        where.append(or_(*_person(filters.search)))
    if filters.phone:
        where.append(Customer.phone == filters.phone)
    if filters.conversation_id:
        where.append(
            exists().where(
                Conversation.customer_id == Customer.id,
                Conversation.id == filters.conversation_id,
            )
        )
    return select(Customer).where(*where).order_by(*_order(filters, Customer, None))


async def test_drive_rows(session: AsyncSession, statement: AnySelect) -> list[TestDriveRecord]:
    return [TestDriveRecord(*row) for row in await session.execute(statement)]


test_drive_rows.__test__ = False  # type: ignore[attr-defined]


async def service_rows(session: AsyncSession, statement: AnySelect) -> list[ServiceRecord]:
    return [ServiceRecord(*row) for row in await session.execute(statement)]


async def complaint_rows(session: AsyncSession, statement: AnySelect) -> list[ComplaintRecord]:
    return [ComplaintRecord(*row) for row in await session.execute(statement)]


async def test_drive(session: AsyncSession, number: str) -> TestDriveRecord:
    """Raises NotFoundError."""
    rows = await test_drive_rows(
        session, test_drives(Filters()).where(TestDriveBooking.number == clean(number))
    )
    return _only(rows)


test_drive.__test__ = False  # type: ignore[attr-defined]


async def service_booking(session: AsyncSession, number: str) -> ServiceRecord:
    """Raises NotFoundError."""
    rows = await service_rows(
        session, service_bookings(Filters()).where(ServiceBooking.number == clean(number))
    )
    return _only(rows)


async def complaint(session: AsyncSession, number: str) -> ComplaintRecord:
    """Raises NotFoundError."""
    rows = await complaint_rows(
        session, complaints(Filters()).where(Complaint.number == clean(number))
    )
    return _only(rows)


def _only(rows: list[Record]) -> Record:
    if not rows:
        raise NotFoundError("no such record")
    return rows[0]


async def vehicles_of(session: AsyncSession, customer_ids: Sequence[int]) -> list[Vehicle]:
    """The cars of these customers, oldest first."""
    if not customer_ids:
        return []
    statement = select(Vehicle).where(Vehicle.customer_id.in_(customer_ids)).order_by(Vehicle.id)
    return list(await session.scalars(statement))


async def tasks_of(session: AsyncSession, conversation_id: str) -> list[Task]:
    statement = select(Task).where(Task.conversation_id == conversation_id).order_by(Task.id)
    return list(await session.scalars(statement))

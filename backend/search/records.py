"""Conversations by what is known of them beside their messages: whose they are, by name or
phone, the car's plate, the number of a booking or complaint that came of them, their own id."""

import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.models import (
    Complaint,
    Conversation,
    Customer,
    ServiceBooking,
    TestDriveBooking,
    Vehicle,
)
from backend.search.folding import fold
from backend.search.names import Names, names
from backend.search.terms import Query
from values.plate import PROVINCES

FEW = 500
"""Customers that are named one by one; with more of them their conversations are looked through."""

_NUMBER = re.compile(r"(td|sv|cp)([0-9]{6})([0-9]{4,9})")
_NUMBERED: dict[str, Any] = {"td": TestDriveBooking, "sv": ServiceBooking, "cp": Complaint}
_PLATE = re.compile(rf"([{''.join(sorted(PROVINCES))}]?)([a-z][a-z0-9]{{4,7}}[挂学警港澳]?)")
_PHONE = re.compile(r"(\+|00)?([0-9]{4,15})")
_CONVERSATION = re.compile(r"[0-9a-f]{32}")
_AREA = re.compile(r"0(?=[1-9])(?!1[3-9])")
"""The zero that numbers within the country begin with; mobiles have none."""
_SIGNS = re.compile(r"[\s().·•\-]+")
# Written out: indexes over expressions do not know a parameter.
_SECOND: ColumnElement[int] = literal_column("2")
_THREE: ColumnElement[int] = literal_column("3")


@dataclass
class Records:
    """Where to look: customers and conversations by id, and customers by name when those are
    too many to be counted out."""

    customers: set[int] = field(default_factory=set)
    conversations: set[str] = field(default_factory=set)
    named: Names | None = None

    def __bool__(self) -> bool:
        return bool(self.customers or self.conversations or self.named)

    def hold(self, conversation_id: str, customer_id: int | None, name: str | None) -> bool:
        return (
            conversation_id in self.conversations
            or customer_id in self.customers
            or (self.named is not None and name is not None and self.named.fit(name))
        )

    def condition(self, dialect: str) -> ColumnElement[bool]:
        """The same for the database; the customer is joined to the conversation."""
        found: list[ColumnElement[bool]] = []
        if self.conversations:
            found.append(Conversation.id.in_(self.conversations))
        if self.customers:
            found.append(Conversation.customer_id.in_(self.customers))
        if self.named:
            found.append(self.named.condition(dialect))
        return or_(false(), *found)


async def records(session: AsyncSession, text: str, query: Query) -> Records:
    """Looks up what `text` may be, each through an index but for the names."""
    found = Records()
    form = _SIGNS.sub("", fold(text[:100]))
    if number := _NUMBER.fullmatch(form):
        await _by_number(session, found, number[1], f"{number[1]}{number[2]}-{number[3]}".upper())
    elif plate := _PLATE.fullmatch(form):
        await _by_plate(session, found, plate[1], plate[2].upper())
    elif phone := _PHONE.fullmatch(form):
        await _by_phone(session, found, phone[2], abroad=bool(phone[1]))
    if _CONVERSATION.fullmatch(form):
        found.conversations.add(form)
    if looked_for := names(query):
        dialect = session.get_bind().dialect.name
        some = select(Customer.id).where(looked_for.condition(dialect)).limit(FEW + 1)
        ids = set(await session.scalars(some))
        if len(ids) > FEW:
            found.named = looked_for
        else:
            found.customers |= ids
    return found


async def _by_number(session: AsyncSession, found: Records, prefix: str, number: str) -> None:
    table = _NUMBERED[prefix]
    rows = await session.execute(
        select(table.conversation_id, table.customer_id).where(table.number == number)
    )
    for conversation_id, customer_id in rows:
        _add(found, conversation_id, customer_id)


def _add(found: Records, conversation_id: str | None, customer_id: int | None) -> None:
    """The conversation that it came of; all of the customer's when it came of none."""
    if conversation_id is not None:
        found.conversations.add(conversation_id)
    elif customer_id is not None:
        found.customers.add(customer_id)


async def _by_plate(session: AsyncSession, found: Records, province: str, rest: str) -> None:
    def is_it(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        return column == province + rest if province else func.substr(column, _SECOND) == rest

    owners = select(Vehicle.customer_id).where(
        is_it(Vehicle.plate), Vehicle.customer_id.is_not(None)
    )
    found.customers.update(await session.scalars(owners))
    visits = select(ServiceBooking.conversation_id, ServiceBooking.customer_id)
    for conversation_id, customer_id in await session.execute(
        visits.where(is_it(ServiceBooking.plate))
    ):
        _add(found, conversation_id, customer_id)


async def _by_phone(session: AsyncSession, found: Records, digits: str, *, abroad: bool) -> None:
    """A whole number, its beginning or its end. Numbers in the store are E.164."""
    starts = set() if digits.startswith("0") else {f"+{digits}"}
    domestic = _AREA.sub("", digits, count=1) if _AREA.match(digits) else digits
    if not abroad and not domestic.startswith("0"):
        starts.add(f"+86{domestic}")

    def is_it(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        last_four = func.substr(column, func.length(column) - _THREE) == digits[-4:]
        return or_(
            *(_begins(column, start) for start in sorted(starts)),
            and_(last_four, column.endswith(digits)),
        )

    found.customers.update(await session.scalars(select(Customer.id).where(is_it(Customer.phone))))
    complained = select(Complaint.conversation_id, Complaint.customer_id)
    for conversation_id, customer_id in await session.execute(
        complained.where(is_it(Complaint.contact_phone))
    ):
        _add(found, conversation_id, customer_id)


def _begins(column: InstrumentedAttribute[Any], start: str) -> ColumnElement[bool]:
    """As a range, which every index serves, in every collation: only digits differ."""
    after = f"+{int(start[1:]) + 1}"
    if len(after) > len(start):  # all nines: nothing of this length comes after
        return column >= start
    return and_(column >= start, column < after)

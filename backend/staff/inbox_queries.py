"""The live inbox: its views, who waits in which place, how many there are, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import InvalidError
from backend.models import Conversation, Customer, Staff, Task
from backend.search import Found, Hit, find
from backend.staff.conversation_queries import ConversationRecord, conversation_rows, conversations
from backend.staff.filters import Filters
from backend.staff.queries import AnySelect

VIEWS = ("waiting", "mine", "assistant", "closed", "all")
MOST = 1000
"""Nobody needs to know more precisely how many there are; counting all of a large store is slow."""
LONGEST_LINE = 500
MOST_OTHERS = 10
"""Other conversations of one customer that are shown beside a conversation."""

_WAITS = Conversation.owner == "waiting"
_WITH_STAFF = Conversation.owner == "staff"
_OPEN = Conversation.state == "open"
_OPEN_TOO = Conversation.state.concat("") == "open"
"""The same where somebody has it: SQLite, which does not count, is not to begin with all that are
open to find the few of one person."""
UNREAD = Conversation.last_customer_seq > Conversation.staff_seen_seq


@dataclass(frozen=True)
class Row:
    """One row of the list. `place` counts those who wait, from 1; 0 when it does not wait.
    `due_at` is the earliest promise that has not been kept yet."""

    record: ConversationRecord
    place: int
    due_at: datetime | None
    hit: Hit | None = None
    """Why it is there, when it was searched for."""

    @property
    def unread(self) -> bool:
        talk = self.record.conversation
        return talk.last_customer_seq > talk.staff_seen_seq


@dataclass(frozen=True)
class Line:
    """Who waits for a person and has nobody yet: ids in their order, and the newest."""

    ids: Sequence[str] = ()
    newest: tuple[datetime, str] | None = None

    def place(self, conversation_id: str) -> int:
        """From 1; 0 for who is not in it."""
        return self.ids.index(conversation_id) + 1 if conversation_id in self.ids else 0


@dataclass(frozen=True)
class Own:
    """Of one member of staff: open conversations, those with something unread, and which of them
    the customer wrote in last."""

    open: int = 0
    unread: int = 0
    newest: tuple[datetime, str] | None = None


@dataclass(frozen=True)
class Totals:
    """How many conversations each view holds, at most `MOST`."""

    assistant: int = 0
    closed: int = 0
    all: int = 0


@dataclass(frozen=True)
class Counts:
    """What the tabs and the title of every open page tell. `own` by the id of staff."""

    waiting: int = 0
    line: Line = field(default_factory=Line)
    own: dict[int, Own] = field(default_factory=dict)
    totals: Totals = field(default_factory=Totals)


def in_view(filters: Filters, view: str, staff_id: int) -> AnySelect:
    """The conversations of one of `VIEWS`, within `filters`. Those who wait come in the order in
    which they will be served, all others by the last message."""
    found = conversations(filters, by="updated_at")
    conditions: dict[str, Sequence[ColumnElement[bool]]] = {
        "waiting": (_WAITS,),
        "mine": (_WITH_STAFF, _OPEN_TOO, Conversation.assignee_id == staff_id),
        "assistant": (Conversation.owner == "assistant", _OPEN),
        "closed": (Conversation.state == "closed",),
        "all": (),
    }
    found = found.where(*conditions[view])
    if view == "waiting" and filters.sort == "newest":
        return found.order_by(None).order_by(Conversation.waiting_since, Conversation.id)
    return found


async def search(
    session: AsyncSession, filters: Filters, view: str, staff_id: int, limit: int, cursor: str
) -> Found:
    """What `filters.search` finds in one of `VIEWS`; a cursor that no page gave counts as none, as
    other nonsense in an address does."""
    narrower: dict[str, Filters] = {
        "waiting": replace(filters, owner="waiting"),
        "mine": replace(filters, owner="staff", state="open", assignee_id=staff_id),
        "assistant": replace(filters, owner="assistant", state="open"),
        "closed": replace(filters, state="closed"),
        "all": filters,
    }
    wanted = narrower[view]
    try:
        return await find(session, wanted.search, wanted, limit, cursor or None)
    except InvalidError:
        return await find(session, wanted.search, wanted, limit)


async def rows_found(session: AsyncSession, found: Found, waiting_line: Line) -> list[Row]:
    """The rows of what a search has found, in its order."""
    hits = {hit.conversation_id: hit for hit in found.hits}
    statement = conversations(Filters()).where(Conversation.id.in_(hits))
    by_id = {
        row.record.conversation.id: row for row in await rows(session, statement, waiting_line)
    }
    return [replace(by_id[key], hit=hit) for key, hit in hits.items() if key in by_id]


async def line(session: AsyncSession) -> Line:
    """As `backend.conversations.ownership.place_in_line` counts, the first `LONGEST_LINE`."""
    rows = (
        await session.execute(
            select(Conversation.id, Conversation.waiting_since)
            .where(_WAITS, Conversation.assignee_id.is_(None))
            .order_by(Conversation.waiting_since, Conversation.id)
            .limit(LONGEST_LINE)
        )
    ).all()
    newest = max(((since, key) for key, since in rows if since), default=None)
    return Line([key for key, _ in rows], newest)


async def own(session: AsyncSession) -> dict[int, Own]:
    """By the id of staff who have open conversations."""
    mine = (_WITH_STAFF, _OPEN_TOO, Conversation.assignee_id.is_not(None))
    unread = func.sum(case((UNREAD, 1), else_=0))
    counted = await session.execute(
        select(Conversation.assignee_id, func.count(), unread)
        .where(*mine)
        .group_by(Conversation.assignee_id)
    )
    written = await session.execute(
        select(Conversation.assignee_id, Conversation.last_customer_at, Conversation.id)
        .where(*mine, UNREAD)
        .order_by(Conversation.last_customer_at.desc())
        .limit(LONGEST_LINE)
    )
    newest: dict[int, tuple[datetime, str]] = {}
    for staff_id, at, key in written:
        if at is not None and staff_id is not None:
            newest.setdefault(staff_id, (at, key))
    return {
        staff_id: Own(number, int(new or 0), newest.get(staff_id))
        for staff_id, number, new in counted
        if staff_id is not None
    }


async def totals(session: AsyncSession) -> Totals:
    async def at_most(*where: ColumnElement[bool]) -> int:
        found = select(Conversation.id).where(*where).limit(MOST).subquery()
        return int(await session.scalar(select(func.count()).select_from(found)) or 0)

    return Totals(
        assistant=await at_most(Conversation.owner == "assistant", _OPEN),
        closed=await at_most(Conversation.state == "closed"),
        all=await at_most(),
    )


async def waiting(session: AsyncSession) -> int:
    """How many conversations wait for a person."""
    return int(await session.scalar(select(func.count()).where(_WAITS)) or 0)


async def rows(session: AsyncSession, statement: AnySelect, waiting_line: Line) -> list[Row]:
    """The rows of a statement of `in_view`, with their places and promises."""
    found = await conversation_rows(session, statement)
    due = await promises(session, [one.conversation.id for one in found])
    return [
        Row(one, waiting_line.place(one.conversation.id), due.get(one.conversation.id))
        for one in found
    ]


async def promises(session: AsyncSession, ids: Sequence[str]) -> dict[str, datetime]:
    """By when a person was promised, of those conversations in which it is still open."""
    if not ids:
        return {}
    found = await session.execute(
        select(Task.conversation_id, func.min(Task.due_at))
        .where(Task.conversation_id.in_(ids), Task.state == "open", Task.due_at.is_not(None))
        .group_by(Task.conversation_id)
    )
    return {key: due for key, due in found if due is not None}


async def colleagues(session: AsyncSession) -> list[Staff]:
    """Everyone who can sign in, by name."""
    found = await session.scalars(select(Staff).where(Staff.active).order_by(Staff.name, Staff.id))
    return list(found)


async def others_of(
    session: AsyncSession, customer: Customer | None, conversation_id: str
) -> list[Conversation]:
    """The same customer on other channels, or at other times; the latest first."""
    if customer is None:
        return []
    found = await session.scalars(
        select(Conversation)
        .where(Conversation.customer_id == customer.id, Conversation.id != conversation_id)
        .order_by(Conversation.updated_at.desc(), Conversation.id)
        .limit(MOST_OTHERS)
    )
    return list(found)

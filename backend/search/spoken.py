"""Conversations by what was said in them: each by its newest message or note that is wanted."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    desc,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Conversation, Customer, Message, Note, SearchEntry
from backend.search.matching import matching, postgresql_expression
from backend.search.places import Place
from backend.search.records import Records
from backend.search.snippets import Part, snippet
from backend.search.terms import Query, said
from backend.staff.conversation_queries import narrowed
from backend.staff.filters import Filters

AT_ONCE = 200
"""Messages that are read at a time."""
ENOUGH = 1000
"""After so many entries the filters, not the words, decide what is found."""
FEW = 200
"""Conversations that are read message by message when the filters leave no more."""
MOST = 100_000
"""Entries that one page looks through; the next page goes on from there."""
ASTRAY = 1000
"""Entries near the edge of a period that may be out of the order of time."""


@dataclass(frozen=True)
class Saying:
    """A message or note that is wanted, the newest of its conversation."""

    entry: int
    conversation_id: str
    seq: int
    note: bool
    at: datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Sayings:
    """`stopped` is the entry where looking ended early, None when nothing more is there or
    enough was found."""

    found: list[Saying]
    stopped: int | None = None


class Spoken:
    """One search over messages. Conversations that `records` hold are left to those."""

    def __init__(
        self, session: AsyncSession, query: Query, filters: Filters, records: Records, place: Place
    ) -> None:
        self._session = session
        self._query = query
        self._filters = filters
        self._records = records
        self._place = place
        self._found: dict[str, Saying] = {}
        self._passed: set[str] = set()
        """Conversations that were shown on a page before."""

    async def newest(self, wanted: int) -> Sayings:
        """Up to `wanted` conversations, the newest saying first."""
        above, below = await self._bounds()
        looked, narrow = 0, bool(narrowed(self._filters))
        async for ids in matching(self._session, self._query, below=below, above=above):
            for start in range(0, len(ids), AT_ONCE):
                await self._take(SearchEntry.id.in_(ids[start : start + AT_ONCE]))
                if len(self._found) >= wanted:
                    return self._answer(wanted)
            looked += len(ids)
            if narrow and looked >= ENOUGH:
                narrow = False
                left = await self._few_conversations()
                if left is not None:
                    await self._look_through(left, ids[-1], above, wanted)
                    return self._answer(wanted)
            if looked >= MOST:
                return self._answer(wanted, stopped=ids[-1])
        return self._answer(wanted)

    def _answer(self, wanted: int, stopped: int | None = None) -> Sayings:
        return Sayings(list(self._found.values())[:wanted], stopped)

    async def _bounds(self) -> tuple[int, int]:
        """Entries outside of both are out of the period, or on a page before."""
        above, below = 0, self._place.below
        entry = select(SearchEntry.id).limit(ASTRAY)
        if self._filters.since:
            second = int(self._filters.since.timestamp())
            edge = entry.where(SearchEntry.second >= second).order_by(SearchEntry.second)
            first = await self._session.scalar(select(func.min(edge.subquery().c.id)))
            above = below if first is None else first - 1
        if self._filters.until:
            second = int(self._filters.until.timestamp())
            edge = entry.where(SearchEntry.second <= second).order_by(SearchEntry.second.desc())
            last = await self._session.scalar(select(func.max(edge.subquery().c.id)))
            below = min(below, (last or 0) + 1)
        return above, below

    def _texts(
        self,
        *where: ColumnElement[bool],
        of: Collection[str] | None = None,
        most: int | None = None,
    ) -> CompoundSelect[Any]:
        """Messages and notes with their entries, the newest first; `of` these conversations."""
        message = self._arm(Message, Message.seq, Message.sent_at, SearchEntry.message_id)
        note = self._arm(Note, Note.after_seq, Note.created_at, SearchEntry.note_id)
        arms = [arm.where(*where) for arm in (message, note)]
        if of is not None:
            # In each arm by its own index; a condition on both together would read everything.
            arms = [arms[0].where(Message.conversation_id.in_(of)),
                    arms[1].where(Note.conversation_id.in_(of))]  # fmt: skip
        return union_all(*arms).order_by(desc("entry")).limit(most)

    def _arm(self, table: type[Message] | type[Note], seq: Any, at: Any, entry: Any) -> Select[Any]:
        period = []
        if self._filters.since:
            period.append(at >= self._filters.since)
        if self._filters.until:
            period.append(at < self._filters.until)
        return (
            select(
                SearchEntry.id.label("entry"),
                literal(table is Note).label("note"),
                seq.label("seq"),
                at.label("at"),
                table.text,
                table.conversation_id,
                Conversation.customer_id,
                Customer.name,
            )
            .join(table, table.id == entry)
            .join(Conversation, Conversation.id == table.conversation_id)
            .outerjoin(Customer, Customer.id == Conversation.customer_id)
            .where(*period)
        )

    async def _take(
        self,
        *where: ColumnElement[bool],
        of: Collection[str] | None = None,
        most: int | None = None,
    ) -> list[int]:
        """Keeps what is wanted of these texts; the ids of all, which the filters let pass."""
        statement = self._texts(*where, *narrowed(self._filters), of=of, most=most)
        rows = (await self._session.execute(statement)).all()
        await self._recall({row.conversation_id for row in rows})
        for row in rows:
            key = row.conversation_id
            if key in self._found or key in self._passed:
                continue
            if self._records.hold(key, row.customer_id, row.name):
                self._passed.add(key)
            elif parts := self._wanted(row.text):
                self._found[key] = Saying(row.entry, key, row.seq, row.note, row.at, parts)
        return [row.entry for row in rows]

    def _wanted(self, words: str) -> tuple[Part, ...]:
        heard = said(words)
        return snippet(words, self._query, heard) if heard.wanted(self._query) else ()

    def _holding(self) -> list[ColumnElement[bool]]:
        """Spares reading messages that cannot be wanted, where the index can say so by row."""
        if self._session.get_bind().dialect.name == "sqlite":
            return []
        holds = text("search_entries.tokens @@ CAST(:expression AS tsquery)")
        return [holds.bindparams(expression=postgresql_expression(self._query))]  # type: ignore[list-item]

    async def _recall(self, conversations: Iterable[str]) -> None:
        """Marks those of the conversations that were shown on a page before."""
        if self._place.below > self._place.top:
            return
        unknown = set(conversations) - self._found.keys() - self._passed
        if not unknown:
            return
        statement = self._texts(
            SearchEntry.id >= self._place.below,
            SearchEntry.id <= self._place.top,
            *self._holding(),
            of=unknown,
        )
        for row in await self._session.execute(statement):
            if row.conversation_id not in self._passed and said(row.text).wanted(self._query):
                self._passed.add(row.conversation_id)

    async def _few_conversations(self) -> list[str] | None:
        """What the filters leave, unless that is too much to be read."""
        left = (
            select(Conversation.id)
            .outerjoin(Customer, Customer.id == Conversation.customer_id)
            .where(*narrowed(self._filters))
            .limit(FEW + 1)
        )
        ids = list(await self._session.scalars(left))
        return None if len(ids) > FEW else ids

    async def _look_through(self, left: list[str], below: int, above: int, wanted: int) -> None:
        while len(self._found) < wanted:
            ids = await self._take(
                SearchEntry.id < below,
                SearchEntry.id > above,
                *self._holding(),
                of=left,
                most=ENOUGH,
            )
            if len(ids) < ENOUGH:
                return
            below = ids[-1]

    async def said_in(self, conversations: Sequence[str]) -> dict[str, Saying]:
        """The newest wanted message of each of a few conversations that has one."""
        if not conversations or not self._query:
            return {}
        statement = self._texts(
            SearchEntry.id <= self._place.top, *self._holding(), of=conversations
        )
        found: dict[str, Saying] = {}
        for row in await self._session.execute(statement):
            key = row.conversation_id
            if key not in found and (parts := self._wanted(row.text)):
                found[key] = Saying(row.entry, key, row.seq, row.note, row.at, parts)
        return found

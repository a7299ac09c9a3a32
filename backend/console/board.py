"""What all open pages show of the inbox, read and written once for all of them.

Fifty pages wake at the same change and ask for the same; the first asks the store, the others wait
for its answer. Nothing that was begun before a change is given out after it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from fastapi import Request

from backend.console.counts import digest, number_in
from backend.console.texts import Texts
from backend.console.view import Format, macro
from backend.models import Conversation
from backend.runtime import Runtime
from backend.staff import inbox_queries, queries
from backend.staff.conversation_queries import conversations
from backend.staff.filters import Filters
from backend.staff.inbox_queries import Counts, Row

PAGE = 25
"""Rows of a list."""
REFRESH = 20.0
"""Seconds after which what nobody has told us of is read anyhow; the words for times change."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Fragment:
    """A piece of a page under the id of its element; `html` is escaped where it has to be.
    `version`: what it tells, where that is less than the `html`."""

    id: str
    html: str
    version: str = ""

    @property
    def told(self) -> str:
        return digest(self.version or self.html)


@dataclass(frozen=True)
class Listed:
    """The rows of one page of the list. `total` in all, or `MOST` for at least as many."""

    rows: Sequence[Fragment]
    total: int

    def version(self, whole: bool) -> str:
        """Of the rows; of a `whole` view the number of all rows is part of what is shown."""
        return digest(self.total if whole else "", *((row.id, row.told) for row in self.rows))


class Board:
    """One for each process."""

    def __init__(self, served: Runtime) -> None:
        self._served = served
        self._made: dict[Hashable, tuple[float, asyncio.Task[Any]]] = {}
        # Held: a subscription that nobody holds any more ends.
        self._held = ExitStack()
        self._changed = self._held.enter_context(served.signals.subscribed_to_all())
        self._changed.set()

    async def counts(self, *, within: float = REFRESH) -> Counts:
        """At most `within` seconds old, and never older than the last change."""
        return await self._shared("counts", self._count, within)

    async def rows(
        self, view: str, staff_id: int, language: str, *, within: float = REFRESH
    ) -> Listed:
        """The first page of one of the views, without any filter."""
        who = staff_id if view == "mine" else 0

        async def make() -> Listed:
            counts = await self.counts(within=within)
            statement = inbox_queries.in_view(Filters(), view, who).limit(PAGE)
            async with self._served.database.reading() as session:
                found = await inbox_queries.rows(session, statement, counts.line)
                zone = (await queries.place(session)).zone
            link = {"view": "" if view == "all" else view}
            return Listed(self.written(found, language, zone, link), number_in(counts, view, who))

        return await self._shared(("rows", view, who, language), make, within)

    async def rows_of(self, ids: Sequence[str], language: str, link: dict[str, str]) -> Listed:
        """These conversations in this order, such as a search has found them."""
        counts = await self.counts()
        statement = conversations(Filters()).where(Conversation.id.in_(ids))
        async with self._served.database.reading() as session:
            found = await inbox_queries.rows(session, statement, counts.line)
            zone = (await queries.place(session)).zone
        found.sort(key=lambda row: ids.index(row.record.conversation.id))
        return Listed(self.written(found, language, zone, link), len(found))

    def written(
        self, found: Sequence[Row], language: str, zone: str, link: dict[str, str]
    ) -> list[Fragment]:
        """The rows as they stand on the page; `link` goes along to the conversation's page."""
        texts = Texts(language)
        fmt = Format(texts, zone, self._served.clock.now())
        row = macro("row.html", "row")
        return [
            Fragment(
                f"c-{one.record.conversation.id}",
                row(texts, fmt, one, link),
                # News of a row do not depend on why it was found.
                version=row(texts, fmt, replace(one, hit=None), link) if one.hit else "",
            )
            for one in found
        ]

    async def _count(self) -> Counts:
        async with self._served.database.reading() as session:
            return Counts(
                waiting=await inbox_queries.waiting(session),
                line=await inbox_queries.line(session),
                own=await inbox_queries.own(session),
                totals=await inbox_queries.totals(session),
            )

    async def _shared(
        self, key: Hashable, make: Callable[[], Awaitable[Found]], within: float
    ) -> Found:
        if self._changed.is_set():
            self._changed.clear()
            self._made.clear()
        now = asyncio.get_running_loop().time()
        made, task = self._made.get(key, (0.0, None))
        failed = task is not None and task.done() and (task.cancelled() or task.exception())
        if task is None or failed or now - made > within:
            task = asyncio.ensure_future(make())
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._made[key] = (now, task)
        # Whoever asked first may leave; the others still want to know.
        return cast(Found, await asyncio.shield(task))


def board(request: Request) -> Board:
    """The one of this process."""
    state = request.app.state
    found: Board | None = getattr(state, "board", None)
    if found is None:
        found = state.board = Board(state.services)
    return found

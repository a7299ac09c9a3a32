"""The stream of an open page: what has changed since the version that the page has.

An event's id names the versions of all that the page shows. A page that connects again names the
last one that it got, in the address; whatever differs from it is sent. The stream subscribes
before it looks, and looks again from time to time even if nobody tells it anything.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from backend.console import thread
from backend.console.board import PAGE, REFRESH, Fragment, Listed, board
from backend.console.counts import digest, told
from backend.console.http import SESSION_COOKIE, ConsoleRoute, Who, asked_by_itself
from backend.console.pages import inbox
from backend.console.pages.conversations import desk
from backend.console.view import language_of, macro, services
from backend.conversations import signals
from backend.errors import NotFoundError, UnauthorizedError
from backend.staff import service, thread_queries

COALESCE = 0.25
"""Seconds that a stream waits after the first change of several."""
CHANGING = "changing"
"""No version of any conversation."""

router = APIRouter(route_class=ConsoleRoute)

Event = tuple[str, dict[str, Any]]


@router.get("/live")
@asked_by_itself
async def live(request: Request, who: Who, after: str = "", once: bool = False) -> Response:
    """Server-sent events `counts`, `rows`, `thread`, `beat` and, when the session has ended, `end`.

    `after`: the id of the last event. `conversation`: the one that is open. `rows`: `view` for the
    list that the address describes, `ids` for the conversations in `ids`, else none. `once`: what
    has changed by now, as JSON, for pages that get no stream.
    """
    # A browser that connects again by itself tells the last id in a header.
    stream = Stream(request, request.headers.get("last-event-id", after), once=once)
    if once:
        found = [{"event": name, **data} async for name, data in stream.news()]
        return JSONResponse({"id": stream.id, "events": found})
    return StreamingResponse(
        stream.text(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


@dataclass
class Shown:
    """What a page has of one kind: a version, and after the first look each piece of it."""

    version: str
    pieces: dict[str, str] | None = None
    order: list[str] = field(default_factory=list)

    def news(self, version: str, pieces: Sequence[Fragment]) -> list[Fragment] | None:
        """The pieces that are other than those shown; None when nothing is. They are shown now."""
        known = self.pieces
        if known is None:
            # The page was made with this version, so it shows just this.
            known = {piece.id: piece.told for piece in pieces} if version == self.version else {}
        unchanged = self.version == version
        self.version = version
        self.pieces = {piece.id: piece.told for piece in pieces}
        fresh = [piece for piece in pieces if known.get(piece.id) != piece.told]
        return None if unchanged and not fresh else fresh


class Stream:
    """What one page is told."""

    def __init__(self, request: Request, after: str, *, once: bool) -> None:
        self._request = request
        self._served = services(request)
        self._board = board(request)
        self._who = request.state.who
        self._language = language_of(request)
        self._once = once
        asked = request.query_params
        self._conversation = asked.get("conversation", "")
        self._rows = asked.get("rows", "")
        self._ids = [one for one in asked.get("ids", "").split(",") if one.isalnum()][:PAGE]
        self._given = inbox.asked(request)
        counts, rows, talk = (*after[:100].split("."), "", "", "")[:3]
        self._counts, self._list, self._talk = Shown(counts), Shown(rows), Shown(talk)

    @property
    def id(self) -> str:
        return ".".join((self._counts.version, self._list.version, self._talk.version))

    async def text(self) -> AsyncIterator[str]:
        """The events as they are sent, until the page leaves or the session ends."""
        news = self._served.signals
        with (
            news.subscribed_to_all() as anything,
            news.subscribed(self._conversation) as own,
        ):
            thread_too, beat = True, True
            while not self._served.stopping.is_set():
                anything.clear()
                own.clear()
                try:
                    async for name, data in self.news(thread_too=thread_too):
                        yield self._written(name, data)
                except UnauthorizedError:
                    yield self._written("end", {})
                    return
                if beat:
                    # Of the first look too: the page knows that it has everything.
                    yield self._written("beat", {})
                beat = not await signals.wait(anything, REFRESH)
                if not beat:
                    await asyncio.sleep(COALESCE)
                thread_too = beat or own.is_set()

    async def news(self, *, thread_too: bool = True) -> AsyncIterator[Event]:
        """What has changed. Raises UnauthorizedError when the session has ended."""
        secret = self._request.cookies.get(SESSION_COOKIE, "")
        now = self._served.clock.now()
        await service.signed_in(self._served.database, now, secret, renew=False)
        kinds = [self._told_counts, self._told_rows]
        if thread_too and self._conversation:
            kinds.append(self._told_thread)
        for kind in kinds:
            # One after the other: the id of an event must not name what comes after it.
            event = await kind()
            if event:
                yield event

    def _written(self, name: str, data: dict[str, Any]) -> str:
        return f"id: {self.id}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"

    async def _told_counts(self) -> Event | None:
        data = told(await self._board.counts(), self._who.staff.id)
        return ("counts", data) if self._counts.news(digest(data), []) is not None else None

    async def _told_rows(self) -> Event | None:
        whole = self._rows == "view"
        if whole:
            listed = await self._board.rows(self._given["view"], self._who.staff.id, self._language)
        elif self._rows == "ids" and self._ids:
            listed = await self._board.rows_of(self._ids, self._language, inbox.link(self._given))
        else:
            return None
        fresh = self._list.news(listed.version(whole), listed.rows)
        if fresh is None:
            return None
        data: dict[str, Any] = {"rows": _sent(fresh), "order": [row.id for row in listed.rows]}
        if whole:
            data["pages"] = self._pages(listed)
        return "rows", data

    def _pages(self, listed: Listed) -> str:
        found = inbox.pages(self._given, listed, 1)
        return macro("parts.html", "paging")(desk(self._request).texts, found)

    async def _told_thread(self) -> Event | None:
        async with self._served.database.reading() as session:
            try:
                version = await thread_queries.version(session, self._conversation)
                known = self._talk.pieces is not None or self._once
                if known and version == self._talk.version:
                    return None
                opened = await thread.read(session, self._conversation)
                if await thread_queries.version(session, self._conversation) != version:
                    # It changed under our eyes: all is told, and again after the next look.
                    version = CHANGING
            except NotFoundError:
                return None
        at_desk = desk(self._request)
        items, parts = thread.items(opened, at_desk), thread.parts(opened, at_desk)
        fresh = self._talk.news(version, [*items, *parts])
        if fresh is None:
            return None
        names = {part.id for part in parts}
        return "thread", {
            "items": _sent([piece for piece in fresh if piece.id not in names]),
            "order": [item.id for item in items],
            "parts": _sent([piece for piece in fresh if piece.id in names]),
        }


def _sent(pieces: Sequence[Fragment]) -> list[dict[str, str]]:
    return [{"id": piece.id, "html": piece.html} for piece in pieces]

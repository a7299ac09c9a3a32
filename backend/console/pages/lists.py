"""What all lists share: filters from the address, pages, and links that keep both."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.board import PAGE
from backend.console.view import render, services, with_query
from backend.errors import InvalidError
from backend.staff import queries
from backend.staff.filters import Filters, clean, moment
from backend.staff.queries import AnySelect

FURTHEST_PAGE = 100_000


@dataclass(frozen=True)
class Listing:
    """One kind of list. `states` are its codes, worded by `state_texts`.CODE; `due` is the key of
    the text for the order by deadline; `mine`: it can be narrowed to what the reader has to do."""

    name: str
    path: str
    template: str
    states: Sequence[str]
    state_texts: str
    statement: Callable[[Filters], AnySelect]
    rows: Callable[[AsyncSession, AnySelect], Awaitable[list[Any]]]
    mine: bool = False
    due: str | None = None
    first: str = "list.newest"
    """The key of the text for the order that is used unless another one is asked for."""


@dataclass(frozen=True)
class Pages:
    """`total` is None where nobody has counted: the pages of a search follow each other."""

    number: int
    total: int | None
    shown_total: str
    previous: str | None
    next: str | None

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return min(self.number * PAGE, self.total or 0)


def asked(request: Request, listing: Listing) -> dict[str, str]:
    """The filters of the address; what is not among the choices counts as not given."""
    given = {name: clean(request.query_params.get(name)) for name in ("q", "from", "to")}
    choices = {
        "state": listing.states,
        "owner": ("mine",) if listing.mine else (),
        "sort": ("oldest", "due") if listing.due else ("oldest",),
    }
    for name, known in choices.items():
        value = request.query_params.get(name, "")
        given[name] = value if value in known else ""
    return given


def page_number(request: Request) -> int:
    with contextlib.suppress(ValueError):
        return min(max(1, int(request.query_params.get("page", "1")[:8])), FURTHEST_PAGE)
    return 1


def period(given: dict[str, str], zone: str) -> tuple[datetime | None, datetime | None, bool]:
    """What `from` and `to` name, and whether they cannot be understood; then nothing."""
    try:
        since = moment(given["from"], zone) if given["from"] else None
        until = moment(given["to"], zone, end=True) if given["to"] else None
    except InvalidError:
        return None, None, True
    return since, until, False


async def show(request: Request, listing: Listing) -> Response:
    """The page of a list as its address asks for it."""
    held = services(request)
    given = asked(request, listing)
    since, until, bad_dates = period(given, request.state.place.zone)
    filters = Filters(
        search=given["q"],
        state=given["state"] or None,
        assignee_id=request.state.who.staff.id if given["owner"] else None,
        since=since,
        until=until,
        sort=given["sort"] or "newest",
        now=held.clock.now(),
    )
    number = page_number(request)
    async with held.database.reading() as session:
        statement = listing.statement(filters)
        count = await queries.total(session, statement)
        number = min(number, max(1, -(-count // PAGE)))
        rows = await listing.rows(session, statement.limit(PAGE).offset((number - 1) * PAGE))
    return render(
        request,
        listing.template,
        {
            "listing": listing,
            "given": given,
            "filtered": any(value for name, value in given.items() if name != "sort"),
            "more_open": any(given[name] for name in ("from", "to", "sort")),
            "bad_dates": bad_dates,
            "rows": rows,
            "pages": Pages(
                number,
                count,
                str(count),
                _link(listing, given, number - 1) if number > 1 else None,
                _link(listing, given, number + 1) if number * PAGE < count else None,
            ),
        },
    )


def _link(listing: Listing, given: dict[str, str], number: int) -> str:
    return with_query(listing.path, {**given, "page": str(number) if number > 1 else ""})

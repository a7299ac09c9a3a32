"""What all lists share: filters from the address, pages, and links that keep both."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.view import render, services, with_query
from backend.errors import InvalidError
from backend.staff import queries
from backend.staff.filters import Filters, clean, moment
from backend.staff.queries import AnySelect

PAGE = 25
FURTHEST_PAGE = 100_000


@dataclass(frozen=True)
class Listing:
    """One kind of list. `states` are its codes, worded by `state_texts`.CODE; `sorts` the
    orders beside newest and oldest, each with the key of its text."""

    name: str
    path: str
    template: str
    states: Sequence[str]
    state_texts: str
    statement: Callable[[Filters], AnySelect]
    rows: Callable[[AsyncSession, AnySelect], Awaitable[list[Any]]]
    owners: Sequence[str] = ()
    due: str | None = None


@dataclass(frozen=True)
class Pages:
    """`total` is None when nobody has counted: the pages of a search follow each other."""

    number: int
    total: int | None
    previous: str | None
    next: str | None

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return min(self.number * PAGE, self.total or 0)


@dataclass(frozen=True)
class Wish:
    """What the address of a list asks for: `given` as it stands there, and as filters."""

    given: dict[str, str]
    filters: Filters
    bad_dates: bool


def asked(request: Request, listing: Listing) -> dict[str, str]:
    """The filters of the address; what is not among the choices counts as not given."""
    given = {name: clean(request.query_params.get(name)) for name in ("q", "from", "to")}
    choices = {
        "state": listing.states,
        "owner": listing.owners,
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


def wish(request: Request, listing: Listing) -> Wish:
    """Dates that are none are left out."""
    given = asked(request, listing)
    place = request.state.place
    bad_dates = False
    try:
        since = moment(given["from"], place.zone) if given["from"] else None
        until = moment(given["to"], place.zone, end=True) if given["to"] else None
    except InvalidError:
        since, until, bad_dates = None, None, True
    filters = Filters(
        search=given["q"],
        state=given["state"] or None,
        owner=given["owner"] or None,
        since=since,
        until=until,
        sort=given["sort"] or "newest",
        now=services(request).clock.now(),
    )
    return Wish(given, filters, bad_dates)


async def show(request: Request, listing: Listing) -> Response:
    """The page of a list as its address asks for it."""
    asked_for = wish(request, listing)
    number = page_number(request)
    async with services(request).database.reading() as session:
        statement = listing.statement(asked_for.filters)
        count = await queries.total(session, statement)
        number = min(number, max(1, -(-count // PAGE)))
        rows = await listing.rows(session, statement.limit(PAGE).offset((number - 1) * PAGE))
    given = asked_for.given
    pages = Pages(
        number,
        count,
        _link(listing, given, number - 1) if number > 1 else None,
        _link(listing, given, number + 1) if number * PAGE < count else None,
    )
    return shown(request, listing, asked_for, rows, pages)


def shown(
    request: Request, listing: Listing, asked_for: Wish, rows: Sequence[Any], pages: Pages
) -> Response:
    given = asked_for.given
    context = {
        "listing": listing,
        "given": given,
        "filtered": any(value for name, value in given.items() if name != "sort"),
        "more_open": any(given[name] for name in ("from", "to", "sort")),
        "bad_dates": asked_for.bad_dates,
        "rows": rows,
        "pages": pages,
    }
    return render(request, listing.template, context)


def _link(listing: Listing, given: dict[str, str], number: int) -> str:
    return with_query(listing.path, {**given, "page": str(number) if number > 1 else ""})

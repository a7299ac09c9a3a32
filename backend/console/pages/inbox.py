"""The list of the inbox as an address asks for it: a view, perhaps a search, a page."""

from typing import Any

from fastapi import Request

from backend.console.board import PAGE, Listed, board
from backend.console.counts import at_most
from backend.console.pages.lists import FURTHEST_PAGE, Pages, page_number, period
from backend.console.view import language_of, services, with_query
from backend.staff import inbox_queries, queries
from backend.staff.filters import Filters, clean
from backend.staff.inbox_queries import VIEWS

PATH = "/console/conversations"
LONGEST_CURSOR = 200
FRESH = 2.0
"""Seconds: whoever loads a page wants to see what is, even if nobody told us of a change."""


def asked(request: Request) -> dict[str, str]:
    """View and filters of the address; what is not among the choices counts as not given."""
    given = {name: clean(request.query_params.get(name)) for name in ("q", "from", "to")}
    view = request.query_params.get("view", "")
    given["view"] = view if view in VIEWS else "all"
    given["sort"] = "oldest" if request.query_params.get("sort") == "oldest" else ""
    given["cursor"] = request.query_params.get("cursor", "")[:LONGEST_CURSOR] if given["q"] else ""
    return given


def link(given: dict[str, str]) -> dict[str, str]:
    """What the addresses of the rows carry, so that the list beside a conversation stays."""
    return {**given, "view": "" if given["view"] == "all" else given["view"]}


def _page_of(given: dict[str, str], **place: str) -> str:
    return with_query(PATH, {**link(given), "cursor": "", **place})


def plain(given: dict[str, str]) -> bool:
    """Whether it is a view without any filter: these are shared by all, and live in full."""
    return not any(given[name] for name in ("q", "from", "to", "sort"))


async def context(request: Request, conversation_id: str = "") -> dict[str, Any]:
    """For the templates: the list of this address beside the conversation that is open."""
    given = asked(request)
    number = page_number(request)
    since, until, bad_dates = period(given, request.state.place.zone)
    whole = plain(given) and number == 1
    following: str | None = None
    if given["q"]:
        filters = Filters(search=given["q"], since=since, until=until)
        listed, following = await _searched(request, given, filters)
    elif whole:
        staff_id = request.state.who.staff.id
        listed = await board(request).rows(
            given["view"], staff_id, language_of(request), within=FRESH
        )
    else:
        filters = Filters(since=since, until=until, sort=given["sort"] or "newest")
        listed, number = await _found(request, given, filters, number)
    return {
        "given": given,
        "listed": listed,
        "live_rows": "view" if whole else "ids",
        "rows_version": listed.version(whole),
        "pages": found_pages(given, following) if given["q"] else pages(given, listed, number),
        "filtered": not plain(given),
        "more_open": any(given[name] for name in ("from", "to", "sort")),
        "bad_dates": bad_dates,
        "conversation_id": conversation_id,
        "link": link(given),
    }


def pages(given: dict[str, str], listed: Listed, number: int) -> Pages:
    def at(page: int) -> str:
        return with_query(PATH, {**link(given), "page": str(page) if page > 1 else ""})

    more = number * PAGE < listed.total and number < FURTHEST_PAGE
    return Pages(
        number,
        listed.total,
        at_most(listed.total) if plain(given) and number == 1 else str(listed.total),
        at(number - 1) if number > 1 else None,
        at(number + 1) if more else None,
    )


def found_pages(given: dict[str, str], following: str | None) -> Pages:
    """Of a search: nobody counts all that there is, one page leads to the next."""
    return Pages(
        1,
        None,
        "",
        _page_of(given) if given["cursor"] else None,
        _page_of(given, cursor=following) if following else None,
    )


async def _searched(
    request: Request, given: dict[str, str], filters: Filters
) -> tuple[Listed, str | None]:
    """The rows of a page of the search, and the cursor of the next one."""
    staff_id, counts = request.state.who.staff.id, request.state.counts
    async with services(request).database.reading() as session:
        found = await inbox_queries.search(
            session, filters, given["view"], staff_id, PAGE, given["cursor"]
        )
        rows = await inbox_queries.rows_found(session, found, counts.line)
    written = board(request).written(
        rows, language_of(request), request.state.place.zone, link(given)
    )
    return Listed(written, len(written)), found.next


async def _found(
    request: Request, given: dict[str, str], filters: Filters, number: int
) -> tuple[Listed, int]:
    """The rows of a page, or of the last one there is, and its number."""
    statement = inbox_queries.in_view(filters, given["view"], request.state.who.staff.id)
    line = request.state.counts.line
    async with services(request).database.reading() as session:
        total = await queries.total(session, statement)
        number = min(number, max(1, -(-total // PAGE)))
        statement = statement.limit(PAGE).offset((number - 1) * PAGE)
        rows = await inbox_queries.rows(session, statement, line)
    written = board(request).written(
        rows, language_of(request), request.state.place.zone, link(given)
    )
    return Listed(written, total), number

"""How staff record the day of a booking on its page: the button, then the page as it is now."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.view import services
from backend.errors import ConflictError

Outcome = TypeVar("Outcome")
Do = Callable[[AsyncSession, datetime, int], Awaitable[Outcome]]
"""Records it of the booking with that id."""


async def record(
    request: Request,
    path: str,
    number: str,
    find: Callable[[AsyncSession, str], Awaitable[int]],
    do: Do[Outcome],
    refused: Callable[[Outcome | ConflictError], Awaitable[Response | None]],
    said: str,
) -> Response:
    """Back to the page of the booking below `path`, with the word of what was done under the code
    `said`; or what `refused` makes of the outcome, where it was not recorded. Raises NotFoundError,
    as `find` does, which gives the id."""
    held = services(request)
    async with held.database.reading() as session:
        booking_id = await find(session, number)
    outcome: Outcome | ConflictError
    try:
        async with held.database.transaction() as session:
            outcome = await do(session, held.clock.now(), booking_id)
    except ConflictError as error:
        outcome = error
    again = await refused(outcome)
    if again is not None:
        return again
    back = f"{path}/{quote(number, safe='')}?said={said}"
    return RedirectResponse(back, status_code=303)

"""The address behind which a customer finds his booking for his own calendar."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from backend.appointments import calendar
from backend.appointments.hours import dealership
from backend.errors import NotFoundError
from backend.services import Services

router = APIRouter()


@router.get("/calendar/{token}.ics", include_in_schema=False)
async def entry(
    request: Request, token: str, lang: Annotated[str | None, Query(max_length=8)] = None
) -> Response:
    """The booking as it is now. Whoever knows the address may see it, and nobody can guess it.

    In the customer's language unless `lang` names the other one. Raises NotFoundError.
    """
    held: Services = request.app.state.services
    async with held.database.reading() as session:
        found = await calendar.find(session, token)
        if found is None:
            raise NotFoundError("no such entry")
        place = await dealership(session)
    written, booking = found
    language = lang if lang in ("zh", "en") else booking.customer.language
    return Response(
        calendar.write(place, written, booking, language, held.settings.base_url),
        media_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'inline; filename="{booking.number}.ics"',
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex",
            "Referrer-Policy": "no-referrer",
        },
    )

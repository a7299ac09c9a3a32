"""A refusal as it is told to the customer, with the times that he may have instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.appointments.outcomes import Refused
from backend.models import ServiceItem
from backend.texts import moments
from backend.texts.responses import worded


@dataclass(frozen=True)
class Told:
    """`alternatives`: free times, each as a moment and in words."""

    code: str
    text: str
    alternatives: Sequence[tuple[datetime, str]]


async def told(session: AsyncSession, now: datetime, refused: Refused, language: str) -> Told:
    """The same words as in the chat."""
    place = await dealership(session)
    items = await session.scalars(select(ServiceItem).where(ServiceItem.code.in_(refused.codes)))
    names = [item.name_en if language == "en" else item.name_zh for item in items]
    text = worded(
        f"utter_refused_{refused.reason}",
        language,
        time=moments.moment(refused.starts_at, language, place.zone, now)
        if refused.starts_at
        else "",
        minutes=place.booking_lead_minutes,
        days=place.booking_horizon_days,
        items=(", " if language == "en" else "、").join(names),
        phone=place.phone,
    )
    return Told(
        refused.reason,
        text,
        [(at, moments.moment(at, language, place.zone, now)) for at in refused.alternatives],
    )

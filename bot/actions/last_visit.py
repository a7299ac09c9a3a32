"""When the customer's car was last in the workshop."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.workshop.history import own_cars
from bot.actions import wording
from bot.actions.base import Events
from bot.actions.context import Turn
from bot.actions.plan_words import asks_last_visit


async def tell_last_visit(turn: Turn, session: AsyncSession) -> Events | None:
    """When his car was last here, by the record of the work; None when he does not ask, or there
    is no such record."""
    if not asks_last_visit(turn):
        return None
    for own in await own_cars(session, turn.conversation_id, turn.zone):
        if own.last_visit is not None:
            km = f"{own.last.km:,}" if own.last is not None else ""
            turn.say(
                "utter_last_visit",
                car=own.vehicle.plate or own.vehicle.vin or "",
                day=wording.day(own.last_visit, turn),
                km=turn.either(f"，里程 {km} 公里", f" at {km} km") if km else "",
            )
            return []
    return None

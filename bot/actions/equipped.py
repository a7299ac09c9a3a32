"""Which versions have the equipment that a message names."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import Trim
from bot.actions.context import Turn


async def equipped(turn: Turn, session: AsyncSession, trims: Sequence[Trim]) -> Sequence[Trim]:
    """Those with all the equipment that the message names as standard; all where it names none, or
    no record knows of one: "the cheapest with cruise control"."""
    features = await catalogue.features(session, [str(code) for code in turn.found("feature")])
    fitting = list(trims)
    for feature in features:
        if feature.kind != "flag":
            continue
        values = await catalogue.feature_values(session, turn.today, fitting, [feature])
        has = {v.trim.id for v in values if v.fact and v.fact.value == "standard"}
        fitting = [trim for trim in fitting if trim.id in has]
    return fitting or trims

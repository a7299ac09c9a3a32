"""Plate, VIN and mileage of the car that comes: what can be taken, and what is said if not."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.workshop.history import own_cars
from bot.actions.cars import remember
from bot.actions.context import Turn
from bot.actions.forms import Filling
from bot.actions.service_plan import MOST_KM, told_less
from values.plate import PROVINCES

NO_PLATE = "none"
CHECKED = frozenset("L12345")
"""First characters of VINs whose ninth must be the check digit: China (GB 16735), North America
(49 CFR 565). Elsewhere it need not be one."""

_LIKE_A_PLATE = re.compile(
    r"(?P<first>[\u4e00-\u9fff])\s?(?P<rest>[A-HJ-NP-Z][ ·.-]?[A-HJ-NP-Z0-9]{5,6})(?![A-Z0-9])",
    re.I,
)
LEAST_DIGITS = 3


def read_plate(turn: Turn, filling: Filling) -> None:
    """A plate that may exist; of another it is said how plates are written."""
    plate = turn.first("plate")
    if plate and plate.get("valid", True):
        filling.set("service_plate", plate["plate"])
        return
    wrong = plate["plate"] if plate else no_such_province(turn.text)
    if wrong and not turn.pressed and not turn.found("vin"):
        turn.say("utter_plate_invalid", plate=wrong)
        filling.ask("service_plate")


def no_such_province(text: str) -> str | None:
    """What is written like a plate and begins with no province, such as 火A12345."""
    match = _LIKE_A_PLATE.search(text)
    if match is None or match["first"] in PROVINCES:
        return None
    if sum(char.isdigit() for char in match["rest"]) < LEAST_DIGITS:
        return None
    return match["first"] + match["rest"].upper()


def read_vin(turn: Turn, filling: Filling) -> None:
    """A VIN does instead of a plate. With a wrong check digit it is asked for once more; the
    same again is taken, since a maker may have his own ways."""
    vin = turn.first("vin")
    if not vin:
        return
    said = str(vin["vin"])
    doubtful = (turn.slot("topic") or {}).get("vin") == said
    if not vin["check_ok"] and said[0] in CHECKED and not doubtful:
        turn.say("utter_vin_invalid", vin=said)
        remember(turn, vin=said)
        filling.set("topic", turn.slots["topic"])
        filling.ask("service_plate")
        return
    filling.set("service_vin", said)
    if not (filling.slots.get("service_plate") or turn.slot("service_plate")):
        filling.set("service_plate", NO_PLATE)


async def read_mileage(turn: Turn, session: AsyncSession, filling: Filling) -> None:
    """A mileage that the car may have; less than was recorded for it, or a million, is not."""
    mileage = turn.first("mileage")
    if not mileage:
        return
    km = int(mileage["km"])
    if not 0 <= km <= MOST_KM:
        turn.say("utter_mileage_unlikely")
        filling.ask("service_items")
        return
    plate = filling.slots.get("service_plate") or turn.slot("service_plate")
    for own in await own_cars(session, turn.conversation_id, turn.zone):
        if plate in (own.vehicle.plate, own.vehicle.vin) and told_less(turn, own, km):
            filling.ask(turn.slot("requested_slot"))
            return
    filling.set("service_mileage", km)
    turn.slots["service_mileage"] = km

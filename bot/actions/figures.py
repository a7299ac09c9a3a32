"""How the values of features are written, with their units, in both languages."""

import re
from decimal import Decimal, InvalidOperation

from backend.catalogue.service import FeatureValue
from backend.models import Feature
from backend.site.texts import UNITS_EN
from bot.actions.context import Turn

LESS_IS_MORE = re.compile(
    r"油耗|电耗|耗电|加速|时间|质量|半径|consumption|acceleration|weight|minutes|hours|radius", re.I
)
"""Figures that are the better the lower they are, by their names and codes."""

FLAGS = {
    "standard": ("标配", "standard"),
    "optional": ("选装", "optional"),
    "none": ("无", "not available"),
}


def unit(turn: Turn, feature: Feature) -> str:
    """The unit as the language writes it: `英寸` is `in`, a count has none in English."""
    return turn.either(feature.unit, UNITS_EN.get(feature.unit, feature.unit))


def with_unit(turn: Turn, number: str, feature: Feature) -> str:
    return f"{number} {unit(turn, feature)}".strip()


def value_text(turn: Turn, known: FeatureValue) -> str:
    """The value with its unit, or that it is not confirmed."""
    fact, feature = known.fact, known.feature
    if fact is None:
        return turn.either("待确认", "not confirmed")
    if feature.kind == "flag":
        return turn.either(*FLAGS[fact.value])
    if feature.kind == "text":
        return turn.either(fact.value, fact.value_en or fact.value)
    return with_unit(turn, fact.value, feature)


def number_of(known: FeatureValue) -> Decimal | None:
    """The figure of a valid record; None without one."""
    if known.fact is None or known.feature.kind != "number":
        return None
    try:
        return Decimal(known.fact.value)
    except InvalidOperation:
        return None


def plain(number: Decimal) -> str:
    """`4650`, `5.8`: without exponent and needless zeros."""
    return f"{number.normalize():f}"


def in_sentence(turn: Turn, feature: Feature) -> str:
    """The name inside an English sentence: `heated front seats`, but `Apple CarPlay`."""
    name = turn.name_of(feature)
    proper = any(letter.isupper() for letter in name[1:])
    return name if turn.language != "en" or proper else name[:1].lower() + name[1:]


def be(name: str) -> str:
    """The verb that goes with an English name: the seats are, the sunroof is."""
    return "are" if name.endswith("s") and not name.endswith("ss") else "is"

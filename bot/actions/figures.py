"""How the values of features are written, with their units, in both languages."""

import re
from decimal import Decimal, InvalidOperation

from backend.catalogue.service import FeatureValue
from backend.models import Feature
from backend.texts import facts
from bot.actions.context import Turn

LESS_IS_MORE = re.compile(
    r"油耗|电耗|耗电|加速|时间|质量|半径|consumption|acceleration|weight|minutes|hours|radius", re.I
)
"""Figures that are the better the lower they are, by their names and codes."""

FLAGS = facts.FLAGS


def unit(turn: Turn, feature: Feature) -> str:
    """The unit as the language writes it: `英寸` is `in`, a count has none in English."""
    return facts.unit(feature.unit, turn.language)


def with_unit(turn: Turn, number: str, feature: Feature) -> str:
    return f"{number} {unit(turn, feature)}".strip()


def value_text(turn: Turn, known: FeatureValue) -> str:
    """The value with its unit, or that it is not confirmed."""
    fact, feature = known.fact, known.feature
    if fact is None:
        return turn.either("待确认", "not confirmed")
    return facts.feature_value(feature.kind, fact.value, fact.value_en, feature.unit, turn.language)


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
    return facts.in_sentence(turn.name_of(feature), turn.language)


be = facts.be

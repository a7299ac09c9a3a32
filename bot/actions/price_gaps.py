"""What lies between two prices: 豪华版比精英版贵多少."""

import re
from collections.abc import Sequence

from backend.catalogue.service import PricedTrim
from bot.actions import wording
from bot.actions.context import Turn

_GAP = re.compile(
    r"(?:贵|便宜|差|多|少)(?:了)?(?:多少|几|不少)|差价|价差|相差"
    r"|\bhow much (?:more|less|cheaper|dearer)\b|\bprice difference\b|\bdifference in price\b"
    r"|\bmore expensive\b|\bdifference between\b",
    re.I,
)


def price_gap(turn: Turn, known: Sequence[PricedTrim]) -> str:
    """The sentence before the prices of two trims; empty for other questions, for more trims, and
    where a price is not confirmed."""
    prices = [one.price for one in known]
    if turn.pressed or len(known) != 2 or None in prices or not _GAP.search(turn.text):
        return ""
    low, high = sorted(known, key=lambda one: one.price.amount if one.price else 0)
    cheaper, dearer = _name(turn, low, known), _name(turn, high, known)
    apart = (high.price.amount if high.price else 0) - (low.price.amount if low.price else 0)
    if not apart:
        return turn.either("两个版本同价。", "Both cost the same. ")
    amount = wording.yuan(apart, turn.language)
    return turn.either(
        f"{dearer}比{cheaper}贵 {amount}。",
        f"The {dearer} costs {amount} more than the {cheaper}. ",
    )


def _name(turn: Turn, one: PricedTrim, known: Sequence[PricedTrim]) -> str:
    trim = turn.name_of(one.trim)
    if len({other.trim.model_id for other in known}) == 1:
        return trim
    return f"{turn.name_of(one.trim.model)} {trim}"

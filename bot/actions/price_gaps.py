"""What lies between two prices: 豪华版比精英版贵多少."""

import re
from collections.abc import Sequence

from backend.catalogue.service import PricedTrim
from bot.actions import wording
from bot.actions.cars import energies_of
from bot.actions.context import Turn
from bot.actions.kinds import ENERGY_NAMES

_GAP = re.compile(
    r"(?:贵|便宜|差|多|少)(?:了)?(?:多少|几|不少)|差价|价差|相差"
    r"|\bhow much (?:more|less|cheaper|dearer)\b|\bprice difference\b|\bdifference in price\b"
    r"|\bmore expensive\b|\bdifference between\b",
    re.I,
)


def price_gap(turn: Turn, known: Sequence[PricedTrim]) -> str:
    """The sentence before the prices of two trims, of two kinds of drive or of two models; empty
    for other questions, and where a price is not confirmed."""
    prices = [one.price for one in known]
    if turn.pressed or None in prices or not _GAP.search(turn.text):
        return ""
    if len(known) > 2:
        return _between_kinds(turn, known) or _between_models(turn, known)
    if len(known) != 2:
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


def _between_kinds(turn: Turn, known: Sequence[PricedTrim]) -> str:
    """山屿混动和燃油差多少钱: what each kind starts at, and versions of one level."""
    groups = [
        [one for one in known if one.trim.energy in energies_of(value)]
        for value in dict.fromkeys(turn.found("energy"))
    ]
    if len(groups) != 2 or not all(groups) or len({one.trim.model_id for one in known}) != 1:
        return ""
    kinds = []
    for group in groups:
        zh, en = ENERGY_NAMES[group[0].trim.energy]
        kinds.append(turn.either(f"{zh}版", f"{en} version"))
    said = [_starts(turn, kinds, [min(map(_amount, group)) for group in groups])]
    for one in groups[0]:
        level = turn.name_of(one.trim).split()[-1]
        same = [other for other in groups[1] if turn.name_of(other.trim).split()[-1] == level]
        if len(same) == 1 and level.casefold() not in ("awd", "4wd", "fwd"):
            pair = [_amount(one), _amount(same[0])]
            apart = wording.yuan(abs(pair[0] - pair[1]), turn.language)
            more, less = kinds if pair[0] >= pair[1] else kinds[::-1]
            said.append(
                turn.either(
                    f"同是{level}，{more}比{less}贵 {apart}。",
                    f"As {level}, the {more} costs {apart} more than the {less}. ",
                )
                if pair[0] != pair[1]
                else turn.either(f"同是{level}，两者同价。", f"As {level}, both cost the same. ")
            )
            break
    return "".join(said)


def _between_models(turn: Turn, known: Sequence[PricedTrim]) -> str:
    """山屿和云驰差多少钱: what lies between their starts."""
    groups: dict[str, list[PricedTrim]] = {}
    for one in known:
        groups.setdefault(turn.name_of(one.trim.model), []).append(one)
    if len(groups) != 2:
        return ""
    return _starts(turn, list(groups), [min(map(_amount, own)) for own in groups.values()])


def _starts(turn: Turn, names: Sequence[str], starts: Sequence[int]) -> str:
    if starts[0] == starts[1]:
        return turn.either(f"{names[0]}和{names[1]}起价相同。", "Both start at the same price. ")
    more, less = names if starts[0] > starts[1] else names[::-1]
    apart = wording.yuan(abs(starts[0] - starts[1]), turn.language)
    return turn.either(
        f"按起价，{more}比{less}贵 {apart}。",
        f"From their starting prices the {more} is {apart} more expensive than the {less}. ",
    )


def _amount(one: PricedTrim) -> int:
    return one.price.amount if one.price else 0


def _name(turn: Turn, one: PricedTrim, known: Sequence[PricedTrim]) -> str:
    trim = turn.name_of(one.trim)
    if len({other.trim.model_id for other in known}) == 1:
        return trim
    return f"{turn.name_of(one.trim.model)} {trim}"

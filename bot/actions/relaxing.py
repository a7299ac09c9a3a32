"""What comes closest when nothing fits, and what of the wishes each of those cars does not meet."""

from collections.abc import Collection, Sequence

from backend.catalogue.service import PricedTrim
from bot.actions import wish_words, wording
from bot.actions.car_wishes import KINDS, Wishes
from bot.actions.context import Turn
from bot.actions.kinds import BODY_NAMES, ENERGY_NAMES
from bot.actions.market import Market
from bot.actions.recommendation_words import amount_of, bound_in_words, figure

WEIGHTS = {kind: 1 + place / 10 for place, kind in enumerate(KINDS)}
"""How much a kind counts that is not met: what customers bend first counts least."""

FAR = 5
"""What an amount beyond the budget counts, as a multiple of its share of the budget: a fifth
above it counts like one more wish."""
FARTHEST = 1.5
"""What it counts at most: nobody is shown a saloon for an MPV because it is less above."""
ALIKE = 1.5
"""Models that are farther off than the nearest by more than this are not shown beside it."""


def unmet(wishes: Wishes, own: Sequence[PricedTrim], market: Market) -> list[str]:
    """The kinds of wishes that none of these trims meets."""
    kinds = [kind for kind in KINDS if wishes.names(kind)]
    return [
        kind
        for kind in kinds
        if not any(
            market.fits(wishes.without(*(k for k in kinds if k != kind)), known) for known in own
        )
    ]


def nearest(
    wishes: Wishes, market: Market, fresh: Collection[str] = ()
) -> list[tuple[list[PricedTrim], list[str]]]:
    """The models that come closest, nearest first, each in the versions that do, with the kinds
    of wishes that they do not meet. Only cars with a price. `fresh`: the kinds that were just
    named, which count more than what was said before."""
    groups: dict[int, tuple[float, list[PricedTrim], list[str]]] = {}
    for known in market.everything:
        if known.price is None or known.trim.model.body in wishes.no_bodies:
            continue
        lacking = unmet(wishes, [known], market)
        cost = sum(WEIGHTS[kind] + (kind in fresh) for kind in lacking)
        cost += _beyond(wishes, known, market)
        best = groups.get(known.trim.model_id)
        if best is None or cost < best[0]:
            groups[known.trim.model_id] = (cost, [known], lacking)
        elif lacking == best[2]:
            best[1].append(known)
    goal = wishes.goal or wishes.high or wishes.low or 0
    ranked = sorted(
        groups.values(),
        key=lambda group: (group[0], min(abs(amount_of(p) - goal) for p in group[1])),
    )
    return [(own, lacking) for cost, own, lacking in ranked if cost <= ranked[0][0] + ALIKE]


def _beyond(wishes: Wishes, known: PricedTrim, market: Market) -> float:
    """How far a car lies from the budget and from the monthly payment, in wishes."""
    amount = amount_of(known)
    far = 0.0
    if wishes.high and amount > wishes.high:
        far += (amount - wishes.high) / wishes.high
    if wishes.low and amount < wishes.low:
        far += (wishes.low - amount) / wishes.low
    lowest = market.instalments.get(known.trim.id)
    if wishes.monthly and lowest and lowest.loan.monthly > wishes.monthly:
        far += (lowest.loan.monthly - wishes.monthly) / wishes.monthly
    if wishes.features:
        has = market.records[known.trim.id].has
        far += sum(code not in has for code in wishes.features) / (FAR * len(wishes.features))
    return min(far * FAR, FARTHEST)


def apart(
    turn: Turn, own: Sequence[PricedTrim], lacking: Sequence[str], wishes: Wishes, market: Market
) -> str:
    """`途安 L：16.98 万元，是 MPV`: one line on how a car differs from what was asked for."""
    words = [_lacks(turn, kind, own, wishes, market) for kind in lacking]
    name = turn.name_of(own[0].trim.model)
    told = turn.either("，", ", ").join(word for word in words if word)
    return f"{name}{turn.either('：', ': ')}{told}"


def _lacks(turn: Turn, kind: str, own: Sequence[PricedTrim], wishes: Wishes, market: Market) -> str:
    index = 1 if turn.language == "en" else 0
    trim = own[0].trim
    if kind == "budget":
        return _off_budget(turn, own, wishes)
    if kind == "monthly":
        loans = [market.instalments.get(p.trim.id) for p in own]
        lowest = min((one.loan.monthly for one in loans if one), default=None)
        if lowest is None:
            return turn.either("没有合适的贷款方案", "no finance plan for it")
        each = wording.yuan(lowest, turn.language)
        return turn.either(f"月供最低 {each}", f"{each} a month at the least")
    if kind == "bodies":
        return turn.either(
            f"是{BODY_NAMES[trim.model.body][0]}", f"a {BODY_NAMES[trim.model.body][1]}"
        )
    if kind == "energies":
        kinds = "/".join(dict.fromkeys(ENERGY_NAMES[p.trim.energy][index] for p in own))
        return turn.either(f"是{kinds}", f"{kinds}")
    if kind == "seats":
        return turn.either(f"{trim.seats} 座", f"{trim.seats} seats")
    if kind == "bounds":
        records = [market.records[p.trim.id] for p in own]
        told = [figure(turn, market.features[bound[0]], records) for bound in wishes.bounds]
        return turn.either("，", ", ").join(one for one in told if one)
    if kind == "features":
        has = market.records[trim.id].has
        missing = [turn.name_of(market.features[c]) for c in wishes.features if c not in has]
        return turn.either(f"没有{'、'.join(missing)}", f"no {', '.join(missing)}")
    return turn.either(f"不是{_what(turn, kind, wishes)}", f"not {_what(turn, kind, wishes)}")


def _off_budget(turn: Turn, own: Sequence[PricedTrim], wishes: Wishes) -> str:
    lowest = min(map(amount_of, own))
    if wishes.high is not None and lowest > wishes.high:
        amount = wording.price(lowest, turn.language)
        if wishes.goal is not None and wishes.high < wishes.goal:
            # It was a car that set the limit, and not a budget.
            return turn.either(f"{amount}起", f"from {amount}")
        return turn.either(f"{amount}起，超出预算", f"from {amount}, above your budget")
    amount = wording.price(max(map(amount_of, own)), turn.language)
    return turn.either(f"最高 {amount}", f"{amount} at the most")


def _what(turn: Turn, kind: str, wishes: Wishes) -> str:
    """A wish in words, where the record says something else or nothing."""
    index = 1 if turn.language == "en" else 0
    if kind == "sizes":
        return "/".join(wish_words.SIZE_NAMES[one][index] for one in wishes.sizes)
    if kind == "drive":
        return wish_words.DRIVE_NAMES[wishes.drive or wish_words.FOUR][index]
    if kind == "gearbox":
        manual = wishes.gearbox == "manual"
        return turn.either(
            "手动挡" if manual else "自动挡", "a manual" if manual else "an automatic"
        )
    return "/".join(label[1 + index] for label in wishes.labels)


def unmet_in_words(turn: Turn, kinds: Sequence[str], wishes: Wishes, market: Market) -> str:
    """What of the wishes a car that was named does not meet, as a list in words."""
    index = 1 if turn.language == "en" else 0
    words = []
    for kind in kinds:
        if kind == "budget":
            words.append(turn.either("预算", "the budget"))
        elif kind == "monthly":
            words.append(turn.either("月供", "the monthly payment"))
        elif kind == "bodies":
            bodies = "/".join(BODY_NAMES[one][index] for one in wishes.bodies)
            words.append(turn.either(f"车身类型（{bodies}）", f"the body style ({bodies})"))
        elif kind == "energies":
            energies = "/".join(ENERGY_NAMES[one][index] for one in wishes.energies)
            words.append(turn.either(f"能源类型（{energies}）", f"the kind of drive ({energies})"))
        elif kind == "seats":
            words.append(turn.either(f"座位数（{wishes.seats} 座）", f"{wishes.seats} seats"))
        elif kind == "bounds":
            words += [bound_in_words(turn, bound, market) for bound in wishes.bounds]
        elif kind == "features":
            names = [turn.name_of(market.features[code]) for code in wishes.features]
            words.append(turn.either("、".join(names), ", ".join(names)))
        else:
            words.append(_what(turn, kind, wishes))
    return wording.joined(words, turn)

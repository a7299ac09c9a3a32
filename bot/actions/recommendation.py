"""A recommendation from what the customer named: budget, body, energy, seats, features."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events
from bot.actions.cars import energies_of, remember
from bot.actions.context import Turn
from bot.actions.prices import BODY_NAMES, ENERGY_NAMES, named_seats

SHOWN = 3
ROOM = 1.1
"""An approximate budget of 20 takes cars up to 22."""


@dataclass
class Wishes:
    """What a car must be. Amounts in fen; empty means no matter."""

    low: int | None = None
    high: int | None = None
    bodies: list[str] = field(default_factory=list)
    energies: list[str] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    seats: int | None = None

    def update(self, turn: Turn) -> None:
        """What this message adds or changes; each kind replaces what was said of it before."""
        for money in turn.found("money"):
            if money.get("role") in ("down_payment", "monthly"):
                continue
            low, high, amount = money.get("min"), money.get("max"), money.get("amount")
            if amount and not low and not high:
                high = round(amount * ROOM) if money.get("approximate") else amount
                low = round(amount * 0.75) if money.get("approximate") else None
            self.low, self.high = low, high
        if bodies := turn.found("body"):
            self.bodies = [str(body) for body in bodies]
        if energies := turn.found("energy"):
            self.energies = [e for value in energies for e in energies_of(value)]
        if seats := named_seats(turn.text):
            self.seats = seats
        if features := turn.found("feature"):
            self.features = [str(code) for code in features]

    def fits(self, known: PricedTrim, has: set[str]) -> bool:
        amount = known.price.amount if known.price else None
        return (
            (not self.bodies or known.trim.model.body in self.bodies)
            and (not self.energies or known.trim.energy in self.energies)
            and (self.high is None or (amount is not None and amount <= self.high))
            and (self.low is None or (amount is not None and amount >= self.low))
            and (self.seats is None or known.trim.seats >= self.seats)
            and set(self.features) <= has
        )

    def kept(self) -> dict[str, Any]:
        return dict(vars(self))


@answers("recommend_model")
async def recommend(turn: Turn, session: AsyncSession) -> Events:
    """Up to three models that fit, as cards; without any wish it asks for the budget first."""
    topic = turn.slot("topic") or {}
    wishes = Wishes(**(topic.get("wishes") or {}))
    wishes.update(turn)
    if not any(wishes.kept().values()):
        turn.say("utter_ask_wishes", buttons=_starts(turn))
        return [remember(turn, ask="recommend_model")]
    everything = await catalogue.priced(session, turn.today, await catalogue.trims(session))
    wanted = await catalogue.features(session, wishes.features) if wishes.features else []
    values = (
        await catalogue.feature_values(session, turn.today, [p.trim for p in everything], wanted)
        if wanted
        else []
    )
    has: dict[int, set[str]] = {}
    for value in values:
        if value.fact and value.fact.value != "none":
            has.setdefault(value.trim.id, set()).add(value.feature.code)
    fitting = [p for p in everything if wishes.fits(p, has.get(p.trim.id, set()))]
    relaxed = not fitting
    if relaxed:
        fitting = _nearest(everything, wishes)
    by_model: dict[str, list[PricedTrim]] = {}
    for known in fitting:
        by_model.setdefault(known.trim.model.code, []).append(known)
    chosen = list(by_model.values())[:SHOWN]
    cards = [_card(turn, trims) for trims in chosen]
    turn.say("utter_nearest" if relaxed else "utter_recommendation", cards=cards)
    return [
        remember(
            turn,
            ask="recommend_model",
            wishes=wishes.kept(),
            listed=[trims[0].trim.model.code for trims in chosen],
            models=[chosen[0][0].trim.model.code] if len(chosen) == 1 else [],
        )
    ]


def _nearest(everything: list[PricedTrim], wishes: Wishes) -> list[PricedTrim]:
    """Budget is what customers bend: the cheapest that fit the rest, else the cheapest."""
    rest = Wishes(bodies=wishes.bodies, energies=wishes.energies, seats=wishes.seats)
    fitting = [p for p in everything if p.price and rest.fits(p, set())]
    pool = fitting or [p for p in everything if p.price]
    goal = wishes.high or wishes.low or 0
    return sorted(pool, key=lambda p: abs((p.price.amount if p.price else 0) - goal))[:SHOWN]


def _card(turn: Turn, trims: list[PricedTrim]) -> dict[str, Any]:
    model = trims[0].trim.model
    index = 1 if turn.language == "en" else 0
    facts = [
        {
            "label": turn.name_of(p.trim),
            "value": wording.price(p.price.amount, turn.language)
            if p.price
            else turn.either("价格待确认", "price not confirmed"),
        }
        for p in trims[:4]
    ]
    energies = "/".join(dict.fromkeys(ENERGY_NAMES[p.trim.energy][index] for p in trims))
    seats = "/".join(dict.fromkeys(str(p.trim.seats) for p in trims))
    about = turn.either(f"{seats} 座", f"{seats} seats")
    used = [p.price for p in trims if p.price]
    return {
        "title": turn.name_of(model),
        "subtitle": f"{BODY_NAMES[model.body][index]} · {energies} · {about} "
        + wording.provenance(turn, *used),
        "facts": facts,
        "buttons": [
            wording.button(
                turn.either("看配置", "Features"), f'/ask_config{{"model": "{model.code}"}}'
            ),
            wording.button(
                turn.either("约试驾", "Test drive"), f'/book_test_drive{{"model": "{model.code}"}}'
            ),
        ],
    }


def _starts(turn: Turn) -> list[dict[str, str]]:
    index = 1 if turn.language == "en" else 0
    return [
        wording.button(BODY_NAMES[body][index], f'/recommend_model{{"body": "{body}"}}')
        for body in ("suv", "sedan", "mpv")
    ]

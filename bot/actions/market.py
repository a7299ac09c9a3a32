"""What can be recommended today, and what of it the wishes of a customer look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.models import Feature
from bot.actions import wish_details, wish_words
from bot.actions.car_records import Record, labels_named, records
from bot.actions.car_wishes import Wishes
from bot.actions.context import Turn
from bot.actions.figures import LESS_IS_MORE
from bot.actions.instalment_limits import Lowest, lowest_instalments

LENGTH = "length"

FIGURES_OF_USE: Mapping[str, tuple[str, ...]] = {
    wish_words.FAMILY: ("trunk_volume",),
    wish_words.COMMUTE: ("fuel_consumption", "energy_consumption"),
    wish_words.TRIPS: ("range_total", "range_cltc", "fuel_consumption"),
    wish_words.OFF_ROAD: ("ground_clearance",),
    wish_words.BUSINESS: ("wheelbase",),
}
"""Codes of the figures that speak for a use; a catalogue without one of them leaves it out."""


@dataclass
class Market:
    """What can be recommended today, with what is known of it."""

    everything: list[PricedTrim]
    records: dict[int, Record]
    features: Mapping[str, Feature]
    instalments: Mapping[int, Lowest] = field(default_factory=dict)

    def fits(self, wishes: Wishes, known: PricedTrim) -> bool:
        if not wishes.fits(known, self.records[known.trim.id]):
            return False
        if wishes.monthly is None:
            return True
        lowest = self.instalments.get(known.trim.id)
        return lowest is not None and lowest.loan.monthly <= wishes.monthly

    def fitting(self, wishes: Wishes) -> list[PricedTrim]:
        return [known for known in self.everything if self.fits(wishes, known)]


async def market_for(turn: Turn, session: AsyncSession, wishes: Wishes) -> Market:
    """Everything on sale with what matters to these wishes, which take what this message adds by
    the catalogue's own words."""
    features = {feature.code: feature for feature in await catalogue.features(session)}
    if not turn.pressed and wish_details.frugal(turn.text):
        own = [code for code in FIGURES_OF_USE[wish_words.COMMUTE] if code in features]
        wishes.figures = list(dict.fromkeys((*wishes.figures, *own)))
    wishes.sort_out({code: feature.kind for code, feature in features.items()})
    everything = await catalogue.priced(session, turn.today, await catalogue.trims(session))
    of_use = [code for use in wishes.uses for code in FIGURES_OF_USE[use]]
    codes = {*wishes.features, *wishes.figures, *of_use, LENGTH}
    found = await records(session, turn, everything, codes)
    limits = {}
    if wishes.monthly is not None:
        limits = await lowest_instalments(turn, session, everything)
    _bounds(turn, wishes, features)
    market = Market(everything, found, features, limits)
    if not turn.pressed:
        wishes.take_labels(labels_named(turn, found))
        _words_of_brand(turn, wishes, market)
    return market


def _bounds(turn: Turn, wishes: Wishes, features: dict[str, Feature]) -> None:
    """Limits of figures that this message names: 续航600以上, "boot of at least 500 litres"."""
    named = [code for code in turn.found("feature") if code in wishes.figures]
    number = wish_words.lone_number(turn.text, turn.entities)
    if len(named) != 1 or number is None:
        return
    feature = features[named[0]]
    less = LESS_IS_MORE.search(f"{feature.name_zh} {feature.code}") is not None
    side = wish_words.side_of(turn.text) or ("most" if less else "least")
    wishes.bounds = [bound for bound in wishes.bounds if bound[0] != feature.code]
    wishes.bounds.append([feature.code, side, number])


def _words_of_brand(turn: Turn, wishes: Wishes, market: Market) -> None:
    """The maker or line that a customer names by a word of the brand, where no label has it but
    the catalogue's words on some models do: 进口大众."""
    for entity in turn.entities:
        start, end = wish_words.place(entity)
        word = turn.text[start:end]
        if entity.get("entity") != "brand" or not word or any(label[0] for label in wishes.labels):
            continue
        telling = [r for r in market.records.values() if r.says([word])]
        if 0 < len(telling) < len(market.records):
            wishes.labels = [label for label in wishes.labels if label[0]] + [["", word, word]]

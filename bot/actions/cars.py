"""Which car is meant: from the message's mentions, and from what was talked about before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk.events import SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import Model, Trim
from bot.actions.context import Turn
from bot.actions.pointing import (
    EARLIER,
    FIRST_OF_THEM,
    THE_OTHERS,
    by_price,
    dearer_or_cheaper,
    points_by_price,
)

MOST_MEANT = 3
"""Models that a trim's name alone may mean; of more it is asked which."""


def points_back(text: str) -> bool:
    """Whether the car before the one in question is meant."""
    return bool(EARLIER.search(text))


# "和云驰比呢" compares with what was talked about.
_COMPARES = re.compile(
    r"比|对比|相比|区别|差别|\b(?:compare[ds]?|versus|vs|difference|than)\b", re.I
)

# "低一档的差多少", "多了什么": both versions are meant.
_APART = re.compile(
    r"差|多(?:了|什么|啥|哪)|区别|\b(?:differ\w*|how much (?:more|less)|extra)\b", re.I
)

_IN_A_NAME = re.compile(r"(?<![\d.,])\d{3}(?![\d.,])")


@dataclass(frozen=True)
class Cars:
    """The cars a question is about. `trims` are those meant, all of the models' when none was
    singled out; `narrowed` tells which. `mentioned` is false when they come from memory."""

    models: tuple[Model, ...]
    trims: tuple[Trim, ...]
    narrowed: bool
    mentioned: bool

    @property
    def model(self) -> Model | None:
        """The model, when it is one."""
        return self.models[0] if len(self.models) == 1 else None

    def only(self, model: Model) -> "Cars":
        """The same with one of the models alone."""
        return Cars((model,), tuple(self.of(model)), self.narrowed, self.mentioned)

    def with_energies(self, *energies: str) -> "Cars":
        """Those of them that are driven so; the same where none is."""
        trims = tuple(trim for trim in self.trims if trim.energy in energies)
        models = tuple(m for m in self.models if any(t.model_id == m.id for t in trims))
        if not trims or trims == self.trims:
            return self
        return Cars(models, trims, True, self.mentioned)

    def of(self, model: Model) -> list[Trim]:
        """The meant trims of one model."""
        return [trim for trim in self.trims if trim.model_id == model.id]


def remember(turn: Turn, cars: Cars | None = None, **topic: Any) -> dict[str, Any]:
    """The event that keeps what this turn was about, for "那高配呢" in the next."""
    kept = dict(turn.slot("topic") or {})
    # An offer holds for the next message only.
    kept.pop("offer", None)
    if cars is not None and cars.models:
        codes = [model.code for model in cars.models]
        if kept.get("models") and kept["models"] != codes:
            kept["before"] = kept["models"]
        kept["models"] = codes
        kept["trims"] = [trim.code for trim in cars.trims] if cars.narrowed else []
    kept.update(topic)
    turn.slots["topic"] = kept
    event: dict[str, Any] = SlotSet("topic", kept)
    return event


def sets_side_by_side(turn: Turn, cars: Cars) -> bool:
    """ "第一个和第三个比比": several were named to be compared."""
    several = cars.mentioned and len(cars.models) > 1 and not turn.found("comparison")
    return several and not turn.pressed and bool(_COMPARES.search(turn.text))


def _candidates(turn: Turn, kind: str) -> list[list[str]]:
    """For each mention of `kind`, the codes that it may mean."""
    result = []
    for entity in turn.entities:
        if entity.get("entity") == kind:
            codes = [entity["value"], *(entity.get("alternatives") or [])]
            result.append(list(dict.fromkeys(codes)))
    return result


async def which(turn: Turn, session: AsyncSession) -> Cars:
    """Resolves the mentions; falls back on the topic of the conversation, else on nothing."""
    on_sale = {model.code: model for model in await catalogue.models(session)}
    topic = turn.slot("topic") or {}
    named = [code for codes in _candidates(turn, "model") for code in codes if code in on_sale]
    by_trim = {t.code: (m, t) for m in on_sale.values() for t in m.trims}
    trim_mentions = [
        [code for code in codes if code in by_trim] for codes in _candidates(turn, "trim")
    ]
    trim_mentions = [codes for codes in trim_mentions if codes]
    if not named:
        named = [code for code in _pointed_at(turn, topic) if code in on_sale]
    mentioned = bool(named or trim_mentions)
    if not named and trim_mentions:
        # A trim name alone: of the model under discussion when it has one of that name.
        recent = [code for code in topic.get("models") or [] if code in on_sale]
        fitting = [
            code
            for codes in trim_mentions
            for code in codes
            if not recent or by_trim[code][0].code in recent
        ]
        owners = [by_trim[code][0].code for code in fitting or trim_mentions[0]]
        named = list(dict.fromkeys(owners))
        if len(named) > MOST_MEANT:
            named, trim_mentions = [], []
    if not named:
        named = [code for code in topic.get("models") or [] if code in on_sale]
        named = _of_kind(turn, [on_sale[code] for code in named])
    against = _COMPARES.search(turn.text) and not turn.found("comparison")
    if mentioned and len(set(named)) == 1 and against:
        named += [code for code in topic.get("models") or [] if code in on_sale]
    models = tuple(on_sale[code] for code in dict.fromkeys(named))
    if not mentioned:
        models = tuple(await _dearer_of_them(turn, session, models))
    trims = [trim for model in models for trim in model.trims]
    chosen = await _narrow(turn, session, trims, trim_mentions, topic, mentioned)
    narrowed = bool(chosen) and len(chosen) < len(trims)
    return Cars(models, tuple(chosen or trims), narrowed, mentioned)


def _pointed_at(turn: Turn, topic: dict[str, Any]) -> list[str]:
    """The models that words like 第二个, 前面那款 or "the other one" point at."""
    listed = list(topic.get("listed") or [])
    first = FIRST_OF_THEM.search(turn.text)
    if first and listed:
        return listed[: 3 if first.group().lower().endswith(("三", "3", "three")) else 2]
    positions = [one for one in turn.found("ordinal") if isinstance(one, int)]
    if positions and listed:
        places = [one - 1 if one > 0 else one for one in positions]
        return [listed[one] for one in places if -len(listed) <= one < len(listed)]
    current = list(topic.get("models") or [])
    rest = [code for code in listed if code not in current]
    if THE_OTHERS.search(turn.text) and current and rest:
        return rest
    if EARLIER.search(turn.text):
        return list(topic.get("before") or [])
    return []


def _of_kind(turn: Turn, models: Sequence[Model]) -> list[str]:
    """Of several models under discussion those of the body or energy named: 那辆SUV."""
    bodies = set(turn.found("body"))
    energies = {energy for value in turn.found("energy") for energy in energies_of(value)}
    fitting = [
        model
        for model in models
        if (not bodies or model.body in bodies)
        and (not energies or any(trim.energy in energies for trim in model.trims))
    ]
    return [model.code for model in fitting or models]


async def _narrow(
    turn: Turn,
    session: AsyncSession,
    trims: Sequence[Trim],
    trim_mentions: Sequence[Sequence[str]],
    topic: dict[str, Any],
    mentioned: bool,
) -> list[Trim]:
    chosen: list[Trim] = list(trims)
    wanted = {code for codes in trim_mentions for code in codes}
    shared = set.intersection(*map(set, trim_mentions)) if trim_mentions else set()
    if shared & {trim.code for trim in trims}:
        # "280TSI 豪华型" is one trim by two parts of its name.
        wanted = shared
    if wanted:
        chosen = [trim for trim in trims if trim.code in wanted]
    else:
        # "X7 680": the range that stands in the name of a trim.
        said = set(_IN_A_NAME.findall(turn.text))
        chosen = [t for t in trims if said.intersection(_IN_A_NAME.findall(t.name_zh))] or chosen
    energies = {energy for value in turn.found("energy") for energy in energies_of(value)}
    if energies:
        fitting = [trim for trim in chosen if trim.energy in energies]
        chosen = fitting or chosen
    level = turn.first("trim_level")
    if level == "top" and "次顶" in turn.text:
        # Below the top. No word of the names: 云驰顶配 sounds like it.
        level = "mid"
    if level and chosen:
        chosen = await _by_level(turn, session, chosen, str(level))
    numbered = len(chosen) < len(trims)
    if not wanted and not energies and not level and not mentioned and not numbered:
        remembered = set(topic.get("trims") or [])
        kept = [trim for trim in chosen if trim.code in remembered]
        pointed = await _by_pointing(turn, session, trims, kept)
        chosen = pointed or kept or chosen
    return chosen


async def _ladder(turn: Turn, session: AsyncSession, trims: Sequence[Trim]) -> list[Trim]:
    """Those with a valid price, the least expensive first."""
    known = [p for p in await catalogue.priced(session, turn.today, trims) if p.price]
    known.sort(key=lambda p: (p.price.amount if p.price else 0, p.trim.position))
    return [p.trim for p in known]


async def _by_pointing(
    turn: Turn, session: AsyncSession, trims: Sequence[Trim], kept: Sequence[Trim]
) -> list[Trim]:
    """ "低一档的", "贵的那个", of one model: by list price, from the versions talked about."""
    if turn.pressed or not points_by_price(turn.text) or len({t.model_id for t in trims}) != 1:
        return []
    both = _APART.search(turn.text) is not None
    return by_price(turn.text, await _ladder(turn, session, trims), kept, both=both)


async def _dearer_of_them(
    turn: Turn, session: AsyncSession, models: Sequence[Model]
) -> list[Model]:
    """Of several models under discussion the one that "贵的那款" means, by what they start at."""
    wanted = 0 if turn.pressed else dearer_or_cheaper(turn.text)
    if not wanted or len(models) < 2:
        return list(models)
    trims = [trim for model in models for trim in model.trims]
    starts: dict[int, int] = {}
    for trim in await _ladder(turn, session, trims):
        starts.setdefault(trim.model_id, len(starts))
    known = sorted((m for m in models if m.id in starts), key=lambda m: starts[m.id])
    return [known[-1 if wanted > 0 else 0]] if len(known) > 1 else list(models)


ENERGY_WORDS = {
    "petrol": ("petrol",),
    "hybrid": ("hybrid", "plug_in_hybrid"),
    "plug_in_hybrid": ("plug_in_hybrid",),
    "electric": ("electric",),
    "new_energy": ("electric", "plug_in_hybrid"),
}


def energies_of(value: object) -> tuple[str, ...]:
    """The energies that a customer's word covers: "混动" may be either hybrid."""
    return ENERGY_WORDS.get(str(value), (str(value),))


async def _by_level(
    turn: Turn, session: AsyncSession, trims: Sequence[Trim], level: str
) -> list[Trim]:
    """ "高配", "低配", "中配": by list price within each model."""
    prices = {p.trim.id: p.price for p in await catalogue.priced(session, turn.today, trims)}
    picked = []
    for model_id in dict.fromkeys(trim.model_id for trim in trims):
        own = [t for t in trims if t.model_id == model_id and prices[t.id] is not None]
        own.sort(key=lambda t: (prices[t.id].amount, t.position))  # type: ignore[union-attr]
        if not own:
            continue
        index = {"base": 0, "mid": len(own) // 2}.get(level, len(own) - 1)
        picked.append(own[index])
    return picked

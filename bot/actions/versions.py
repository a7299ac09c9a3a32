"""What is asked of a model beyond its features: which versions by energy, how many seats."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import Model
from bot.actions import wish_words, wording
from bot.actions.base import Events
from bot.actions.cars import Cars, energies_of, remember
from bot.actions.context import Turn
from bot.actions.kinds import ENERGY_NAMES
from bot.actions.prices import named_seats

_SEATS = re.compile(
    r"几[个]?座|座位数|多少(?:个)?座|(?:能|可以)?坐(?:得下|下)?(?:几|多少)(?:个)?人|坐得下"
    r"|\bhow many (?:seats|people|passengers|persons)\b|\bseating capacity\b",
    re.I,
)
_WHICH_ENERGY = re.compile(
    r"有.{0,8}(?:版|的|车|动力|款)?(?:吗|么|没|没有)|有没有|是.{0,6}(?:吗|么|还是)|有.{0,6}版"
    r"|\b(?:is|does|do|has|come|comes|available|there|what about|how about|or)\b",
    re.I,
)


def wanted_energies(turn: Turn) -> list[str]:
    """The energies that the words of the message cover."""
    return list(dict.fromkeys(e for value in turn.found("energy") for e in energies_of(value)))


def lacking_energy(turn: Turn, cars: Cars) -> list[str]:
    """The energies asked for that the one model in question has no version of."""
    wanted = wanted_energies(turn)
    if cars.model is None or not wanted:
        return []
    has = {trim.energy for trim in cars.model.trims}
    return [] if has & set(wanted) else wanted


async def tell_lacking(turn: Turn, session: AsyncSession, cars: Cars, lacking: list[str]) -> Events:
    """No first, and which models there are instead."""
    index = 1 if turn.language == "en" else 0
    kind = ENERGY_NAMES[lacking[0]][index]
    name = turn.name_of(cars.models[0])
    others = [
        model
        for model in await catalogue.models(session)
        if any(trim.energy in lacking for trim in model.trims)
    ]
    text = turn.either(f"没有，{name}没有{kind}版本。", f"No, there is no {kind} {name}.")
    if others:
        names = wording.joined([turn.name_of(model) for model in others], turn)
        text += turn.either(f"{kind}的有{names}。", f" In {kind} there {_is(others)} the {names}.")
    turn.tell(text, buttons=[_look(turn, model) for model in others[:3]])
    listed = [model.code for model in others] or [model.code for model in cars.models]
    return [remember(turn, listed=listed)]


def _is(models: list[Model]) -> str:
    return "are" if len(models) > 1 else "is"


def _look(turn: Turn, model: Model) -> dict[str, str]:
    return wording.button(turn.name_of(model), f'/ask_config{{"model": "{model.code}"}}')


async def energy_versions(turn: Turn, session: AsyncSession, cars: Cars) -> Events | None:
    """The answer to "有混动版吗" of one model; None if the message asks something else."""
    wanted = wanted_energies(turn)
    if cars.model is None or not wanted or not _WHICH_ENERGY.search(turn.text):
        return None
    lacking = lacking_energy(turn, cars)
    if lacking:
        return await tell_lacking(turn, session, cars, lacking)
    index = 1 if turn.language == "en" else 0
    own = [trim for trim in cars.model.trims if trim.energy in wanted]
    name = turn.name_of(cars.model)
    kinds = "/".join(dict.fromkeys(ENERGY_NAMES[trim.energy][index] for trim in own))
    known = await catalogue.priced(session, turn.today, own)
    lines = [
        turn.name_of(p.trim)
        + turn.either("：", ": ")
        + (
            wording.price(p.price.amount, turn.language)
            if p.price
            else turn.either("价格待确认", "price not confirmed")
        )
        for p in known
    ]
    every = len(own) == len(cars.model.trims)
    text = turn.either(
        f"是的，{name}全系都是{kinds}：" if every else f"有，{name}的{kinds}版本：",
        f"Yes, every {name} is {kinds}:" if every else f"Yes, the {name} comes as {kinds}:",
    )
    used = [p.price for p in known if p.price]
    source = wording.provenance(turn, *used)
    turn.tell(text + "\n" + wording.bullets(lines) + (f"\n{source}" if source else ""))
    picked = Cars(cars.models, tuple(own), not every, cars.mentioned)
    return [remember(turn, picked, ask="ask_config", features=[])]


def asks_seats(turn: Turn) -> bool:
    """几座的, 有七座的吗, "does it seat six"."""
    return bool(_SEATS.search(turn.text) or named_seats(turn.text) or _people(turn))


def _people(turn: Turn) -> int | None:
    asks = re.search(r"坐得下|能坐|够坐|\b(?:fit|seat|carry)\b", turn.text, re.I)
    return wish_words.people(turn.text) if asks else None


def seats(turn: Turn, cars: Cars) -> Events:
    """The seats of the cars meant; yes or no first where a number was named."""
    wanted = named_seats(turn.text)
    least = None if wanted else _people(turn)
    lines = []
    fits = []
    for model in cars.models:
        own = cars.of(model)
        counts = sorted({trim.seats for trim in own})
        name = turn.name_of(model)
        if cars.narrowed and len(own) == 1:
            name = f"{name} {turn.name_of(own[0])}"
        fits += [count == wanted if wanted else count >= (least or 0) for count in counts]
        told = "/".join(map(str, counts))
        lines.append(turn.either(f"{name}是 {told} 座", f"the {name} has {told} seats"))
    head = ""
    if wanted or least:
        head = turn.either("有，", "Yes, ") if all(fits) else turn.either("没有，", "No, ")
        if least:
            head = (
                turn.either("坐得下，", "Yes, ") if all(fits) else turn.either("坐不下，", "No, ")
            )
        if any(fits) and not all(fits):
            head = turn.either("部分有，", "Some do: ")
    text = head + turn.either("；", "; ").join(lines) + turn.either("。", ".")
    turn.tell(text[:1].upper() + text[1:])
    return [remember(turn, cars, ask="ask_config", features=[])]

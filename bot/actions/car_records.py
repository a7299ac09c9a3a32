"""What the records say of each trim that customers choose by: equipment, gearbox, driven wheels,
size, and the words of its texts. Only approved and valid records count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import FeatureValue, PricedTrim
from backend.models import Feature, Trim
from bot.actions import wish_words
from bot.actions.context import Turn
from bot.actions.figures import number_of

MANUAL = ("手动", "manual")
GEARBOX = "transmission"
"""The code of the feature that tells an automatic from a manual."""

_DRIVE_NAMES = ("驱动", "四驱", "drivetrain", "drive type", "driven wheels", "wheel drive")
_NO_DRIVE_NAMES = ("电机", "motor")
_SIZE_NAMES = frozenset(
    (
        "级别", "车型级别", "车身级别", "车辆级别", "尺寸", "大小", "车身大小", "车型大小",
        "尺寸级别", "size", "size class", "class", "segment", "vehicle class", "vehicle size",
        "car size",
    )
)  # fmt: skip
_NO_LABELS = frozenset(
    (
        "none", "without", "standard", "optional", "normal", "available", "manual", "automatic",
        "electric", "petrol", "hybrid",
    )
)  # fmt: skip
"""Values that are ordinary words of every conversation, or chosen by otherwise."""

LONGEST_LABEL = 24
"""Characters of a text that may be a label to choose by, such as a maker or a class."""


_LEAST_LETTERS = 3


@dataclass
class Record:
    """One trim. `values` holds the valid records behind it, by code of the feature."""

    trim: Trim
    has: set[str] = field(default_factory=set)
    """Codes of the equipment it has, as standard or as an option."""
    gearbox: str | None = None
    drive: str | None = None
    sizes: list[str] = field(default_factory=list)
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Short texts in both languages, by code of the feature."""
    values: dict[str, FeatureValue] = field(default_factory=dict)

    def number(self, code: str) -> Decimal | None:
        known = self.values.get(code)
        return number_of(known) if known else None

    def says(self, words: Sequence[str]) -> bool:
        """Whether one of its labels, or the catalogue's words on the model, has one of these."""
        texts = [*(text for pair in self.labels.values() for text in pair), *_summary(self.trim)]
        return any(told(word, text) for word in words for text in texts)


def _summary(trim: Trim) -> tuple[str, ...]:
    model = trim.model
    return (model.name_zh, model.name_en, model.summary_zh, model.summary_en)


def _squeezed(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def told(label: str, text: str) -> bool:
    """Whether a text names what a label says: every word of it, endings aside."""
    if not label.isascii():
        return len(label) > 1 and _squeezed(label) in _squeezed(text)
    words = [word for word in _words(label) if len(word) > 1]
    said = _words(text)
    return bool(words) and all(any(one.startswith(word) for one in said) for word in words)


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text.casefold()).split()


async def records(
    session: AsyncSession, turn: Turn, everything: Sequence[PricedTrim], codes: Iterable[str] = ()
) -> dict[int, Record]:
    """Trim id → its record; of equipment and figures only those of `codes` are read."""
    wanted = set(codes)
    chosen = [
        feature
        for feature in await catalogue.features(session)
        if feature.kind == "text" or feature.code in wanted or tells_drive(feature)
    ]
    found = {known.trim.id: Record(known.trim) for known in everything}
    trims = [known.trim for known in everything]
    for value in await catalogue.feature_values(session, turn.today, trims, chosen):
        if value.fact is not None:
            _take(found[value.trim.id], value)
    for record in found.values():
        _from_words(record)
    return found


def tells_drive(feature: Feature) -> bool:
    """Whether it tells the driven wheels."""
    name = f"{feature.name_zh} {feature.name_en.casefold()}"
    if any(word in name for word in _NO_DRIVE_NAMES):
        return False
    return feature.name_en.casefold() == "drive" or any(word in name for word in _DRIVE_NAMES)


def tells_size(feature: Feature) -> bool:
    """Whether it tells the class by size: 级别, "Size class"."""
    names = {feature.name_zh, feature.name_en.casefold()}
    return feature.kind == "text" and bool(names & _SIZE_NAMES)


def _take(record: Record, value: FeatureValue) -> None:
    fact, feature = value.fact, value.feature
    assert fact is not None  # noqa: S101 (the caller has looked)
    record.values[feature.code] = value
    if feature.kind == "flag":
        if fact.value != "none":
            record.has.add(feature.code)
        if tells_drive(feature) and fact.value == "standard":
            record.drive = record.drive or wish_words.FOUR
        return
    if feature.kind != "text":
        return
    both = f"{fact.value} {fact.value_en or ''}"
    if feature.code == GEARBOX or feature.name_zh.startswith(("变速箱", "变速器")):
        manual = any(word in both.casefold() for word in MANUAL)
        record.gearbox = "manual" if manual else "automatic"
    elif tells_drive(feature):
        record.drive = wish_words.drive(both) or record.drive
    elif tells_size(feature):
        record.sizes = wish_words.sizes(fact.value) or wish_words.sizes(both)
    if len(fact.value) <= LONGEST_LABEL:
        record.labels[feature.code] = (fact.value, fact.value_en or fact.value)


def _from_words(record: Record) -> None:
    """Where no feature tells it, the names and the summary may."""
    trim = record.trim
    if record.drive is None:
        record.drive = wish_words.drive(f"{trim.name_zh} {trim.name_en}")
    if not record.sizes:
        record.sizes = wish_words.sizes(trim.model.summary_zh)


@dataclass(frozen=True)
class Label:
    """A text of the catalogue that a customer chooses by: 一汽大众 as the maker."""

    code: str
    zh: str
    en: str


def labels_named(turn: Turn, found: dict[int, Record]) -> list[Label]:
    """The labels in a message that set some cars apart from others."""
    known: dict[tuple[str, str, str], int] = {}
    for record in found.values():
        for code, (zh, en) in record.labels.items():
            known[code, zh, en] = known.get((code, zh, en), 0) + 1
    named = []
    for (code, zh, en), count in known.items():
        sets_apart = count < len(found)
        chosen_else = wish_words.sizes(zh) or wish_words.drive(f"{zh} {en}")
        if sets_apart and not chosen_else and (_named(zh, turn.text) or _named(en, turn.text)):
            named.append(Label(code, zh, en))
    return named


def _named(label: str, text: str) -> bool:
    if label.isascii():
        words = [word for word in _words(label) if word.isalpha() and word not in _NO_LABELS]
        if not any(len(word) >= _LEAST_LETTERS for word in words):
            return False
    return told(label, text)

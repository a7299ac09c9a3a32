"""Feature values as written → one value for each trim.

Sixty features for each of many trims are bearable to write only with inheritance: a trim has
its own values, then those of the trim that it is `like`, then those of its model.
"""

from dataclasses import dataclass
from decimal import Decimal

from backend.catalogue.checks import no_overlap
from backend.catalogue.fields import number
from backend.catalogue.rows import RawTables
from backend.catalogue.schema import FLAGS, Fact, FeatureRow, FeatureValueRow, ModelRow, TrimRow
from backend.catalogue.typed import Placed

Values = dict[str, list["_Value"]]


@dataclass(frozen=True)
class TrimFeatureFact:
    """One feature of one trim, inheritance resolved; `fact` has its provenance."""

    trim: str
    feature: str
    value: str
    value_en: str
    fact: Fact


@dataclass(frozen=True)
class _Value:
    value: str
    value_en: str
    fact: Fact


def resolve(
    raw: RawTables,
    features: list[Placed[FeatureRow]],
    models: list[Placed[ModelRow]],
    trims: list[Placed[TrimRow]],
    values: list[Placed[FeatureValueRow]],
) -> list[TrimFeatureFact]:
    """The features of all trims, in the order of trims and features.

    Leaves a problem in `raw` for a value that does not fit its feature, for two values of
    one feature on the same day and for a `like` that names no earlier trim.
    """
    owners = {p.row.code for p in models} | {p.row.code for p in trims}
    kinds = {placed.row.code: placed.row.kind for placed in features}
    written: dict[str, Values] = {}
    no_overlap(raw, values, lambda row: (row.scope, row.feature), "value")
    for placed in values:
        row = placed.row
        if row.scope not in owners and not raw.unread("models"):
            raw.refuse(placed.raw.at("scope"), f"{row.scope!r} is neither a model nor a trim")
        elif row.feature in kinds:
            try:
                value, value_en = fit(kinds[row.feature], row)
            except ValueError as error:
                raw.refuse(placed.raw.at("value"), f"{row.feature}: {error}")
            else:
                own = written.setdefault(row.scope, {})
                own.setdefault(row.feature, []).append(_Value(value, value_en, row))
    of_trim: dict[str, Values] = {}
    for trim in trims:
        like = trim.row.like
        if like is not None and like not in of_trim:
            raw.refuse(trim.raw.at("like"), f"{like!r} is not a trim listed before this one")
        base = of_trim.get(like, {}) if like else written.get(trim.row.model, {})
        of_trim[trim.row.code] = {**base, **written.get(trim.row.code, {})}
    return [
        TrimFeatureFact(trim, feature, one.value, one.value_en, one.fact)
        for trim, own in of_trim.items()
        for feature in kinds
        for one in own.get(feature, [])
    ]


def fit(kind: str, row: FeatureValueRow) -> tuple[str, str]:
    """The value as the store keeps it (`TrimFeature`). Raises `ValueError` if it cannot be."""
    if kind == "text":
        chinese, bar, english = row.value.partition(" | ")
        value_en = row.value_en or english
        if bar and row.value_en:
            raise ValueError("the English wording is given twice")
        if not chinese.strip() or not value_en.strip():
            raise ValueError("a text needs both languages: 中文 | English, or value_en beside it")
        return chinese.strip(), value_en.strip()
    if row.value_en:
        raise ValueError("only a text has an English wording beside it")
    if kind == "flag":
        flag = FLAGS.get(row.value.lower())
        if flag is None:
            raise ValueError(f"{row.value!r} must be standard, optional or none (标配, 选装, 无)")
        return flag, ""
    value = number(row.value)
    if not 0 <= value < Decimal(10) ** 9:
        raise ValueError(f"{row.value!r} is not a number between 0 and 1,000,000,000")
    return f"{value.normalize():f}", ""

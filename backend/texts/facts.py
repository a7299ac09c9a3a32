"""How certified facts are worded for customers, in both languages.

The assistant says them with these functions, and the console previews them with the same ones.
Pure: `language` is `zh` or `en`; amounts in fen, rates in basis points.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from backend.site.texts import UNITS_EN
from backend.texts import moments

WAN = 10_000 * 100
FLAGS = {
    "standard": ("标配", "standard"),
    "optional": ("选装", "optional"),
    "none": ("无", "not available"),
}


class Sourced(Protocol):
    """Where a fact comes from and until when it holds."""

    @property
    def source_en(self) -> str: ...
    @property
    def valid_until(self) -> date | None: ...


def either(language: str, zh: str, en: str) -> str:
    return en if language == "en" else zh


def yuan(fen: int, language: str) -> str:
    """An exact amount: `129,800 元`, `CNY 2,606.27`."""
    text = f"{fen // 100:,}" if fen % 100 == 0 else f"{Decimal(fen) / 100:,.2f}"
    return f"CNY {text}" if language == "en" else f"{text} 元"


def price(fen: int, language: str) -> str:
    """The price of a car: `12.98 万元`, `CNY 129,800`; exact, in 万 only where that is short."""
    if language != "en" and fen >= WAN and fen % 10_000 == 0:
        return f"{(Decimal(fen) / WAN).normalize():f} 万元"
    return yuan(fen, language)


def rate(basis_points: int) -> str:
    """`3.5%`"""
    return f"{(Decimal(basis_points) / 100).normalize():f}%"


def source(fact: Sourced, language: str) -> str:
    """The document a fact comes from, by its English name where it has one."""
    named: str = getattr(fact, "source", None) or ""
    return either(language, named, fact.source_en or named)


def provenance(language: str, facts: Sequence[Sourced]) -> str:
    """Where the stated figures come from and until when they hold, as one short line."""
    sources = list(dict.fromkeys(source(fact, language) for fact in facts))
    if not sources:
        return ""
    ends = [fact.valid_until for fact in facts if fact.valid_until is not None]
    text = either(language, "、", ", ").join(sources)
    if ends:
        last = min(ends)
        until = either(language, f"{last.year}年{last.month}月{last.day}日", last.isoformat())
        return either(
            language, f"（依据：{text}，有效期至{until}）", f"(Source: {text}; valid until {until})"
        )
    return either(language, f"（依据：{text}）", f"(Source: {text})")


def inline(language: str, facts: Sequence[Sourced]) -> str:
    """The same, to be put behind a sentence."""
    return either(language, "", " ") + provenance(language, facts)


def list_price(car: str, fen: int, language: str) -> str:
    """`山屿 2 型的官方指导价是 16.88 万元（168,800 元）。`"""
    amount, exact = price(fen, language), yuan(fen, language)
    note = "" if amount == exact else f"（{exact}）"
    return either(
        language,
        f"{car}的官方指导价是 {amount}{note}。",
        f"The list price of the {car} is {amount}.",
    )


def promotion(title: str, text: str, until: date | None, language: str, today: date) -> str:
    """An offer in one line, with its last day."""
    note = ""
    if until:
        last = moments.day(until, language, today)
        note = either(language, f"（至 {last}）", f" (until {last})")
    return f"{title}{note}{either(language, '：', ': ')}{text}"


def plan(
    name: str, min_down_bp: int, months: Sequence[int], annual_rate_bp: int, language: str
) -> str:
    """A finance plan in one line."""
    terms = "/".join(str(month) for month in months)
    return either(
        language,
        f"{name}：首付 {rate(min_down_bp)} 起，{terms} 期，年利率 {rate(annual_rate_bp)}",
        f"{name}: from {rate(min_down_bp)} down, {terms} months, {rate(annual_rate_bp)} a year",
    )


def service_price(item: str, parts: int, labour: int, language: str) -> str:
    """`小保养：398 元（配件 248 元，工时 150 元）`"""
    total, of_parts, of_labour = (yuan(fen, language) for fen in (parts + labour, parts, labour))
    return f"{item}{either(language, '：', ': ')}" + either(
        language,
        f"{total}（配件 {of_parts}，工时 {of_labour}）",
        f"{total} (parts {of_parts}, labour {of_labour})",
    )


def fee(name: str, fen: int, language: str) -> str:
    """One line of the on-road price."""
    return f"{name}{either(language, '：', ': ')}{yuan(fen, language)}"


def unit(written: str, language: str) -> str:
    """As the language writes it: `英寸` is `in`, a count has none in English."""
    return either(language, written, UNITS_EN.get(written, written))


def feature_value(kind: str, value: str, value_en: str, written_unit: str, language: str) -> str:
    """A value with its unit; `kind` is that of the feature."""
    if kind == "flag":
        return either(language, *FLAGS[value])
    if kind == "text":
        return either(language, value, value_en or value)
    return f"{value} {unit(written_unit, language)}".strip()


def in_sentence(name: str, language: str) -> str:
    """A name inside an English sentence: `heated front seats`, but `Apple CarPlay`."""
    proper = any(letter.isupper() for letter in name[1:])
    return name if language != "en" or proper else name[:1].lower() + name[1:]


def be(name: str) -> str:
    """The verb that goes with an English name: the seats are, the sunroof is."""
    return "are" if name.endswith("s") and not name.endswith("ss") else "is"


def has_feature(car: str, name: str, flag: str, language: str, *, single: bool = True) -> str:
    """Whether a car has a feature, yes or no first; `single`: one trim, not all of a model."""
    inside = in_sentence(name, language)
    verb, one = be(inside), "the" if single else "every"
    if flag == "standard":
        return either(
            language,
            f"有，{car}{'' if single else '全系'}标配{name}。",
            f"Yes, {inside} {verb} standard on {one} {car}.",
        )
    if flag == "none":
        return either(
            language,
            f"没有，{car}{'' if single else '各版本都'}没有配备{name}。",
            f"No, {inside} {verb} not available on {'the' if single else 'any'} {car}.",
        )
    return either(
        language,
        f"可以选装，{car}{'' if single else '全系'}可选{name}。",
        f"Yes, as an option: {inside} can be ordered on {one} {car}.",
    )


def feature(car: str, name: str, value: str, language: str) -> str:
    """A figure or a text of a car; `value` is that of `feature_value`."""
    return either(language, f"{car}的{name}：{value}。", f"{car}, {name}: {value}.")

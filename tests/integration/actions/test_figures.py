"""Every figure that is said can be traced: over all models and trims, in both languages.

From each answer the approved wordings are taken out (names, titles, sources, last days); every
number that is left must be a value of a valid approved record, what a named rule computes from
such values, or what the customer wrote.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import (
    Certified,
    Feature,
    FeeRule,
    FinancePlan,
    Price,
    Promotion,
    ServicePrice,
    Trim,
    TrimFeature,
)
from backend.services import Services
from tests.integration.actions import demo, reckon
from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import Dialogue, Said, mention

TODAY = date(2026, 11, 25)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MODELS = [row["code"] for row in demo.models()]
CERTIFIED: tuple[type[Certified], ...] = (
    Price, TrimFeature, Promotion, FinancePlan, FeeRule, ServicePrice,
)  # fmt: skip


def numbers(text: str) -> set[Fraction]:
    """The numbers of a text by value: `1,000.50` and `1000.5` are the same."""
    return {Fraction(found.rstrip(",").replace(",", "")) for found in NUMBER.findall(text)}


def untraced(text: str, wordings: Iterable[str], allowed: set[Fraction]) -> set[Fraction]:
    """The numbers of `text`, outside of approved wordings, that nothing accounts for."""
    for wording in sorted(wordings, key=len, reverse=True):
        text = text.replace(wording, " ")
    return numbers(text) - allowed


def test_an_invented_figure_would_be_found() -> None:
    text = "山屿 1.5T 豪华版的官方指导价是 13.98 万元（139,801 元）。（依据：2026 年价目表）"
    wordings = ["山屿", "1.5T 豪华版", "2026 年价目表"]
    allowed = amounts([13_980_000])
    assert untraced(text, wordings, allowed) == {Fraction(139_801)}
    assert untraced(text, wordings, allowed | amounts([13_980_100])) == set()


def amounts(fen: Iterable[int]) -> set[Fraction]:
    """Amounts as they are written: in yuan, and in 万."""
    return {Fraction(amount, unit) for amount in fen for unit in (100, 1_000_000)}


async def wordings(session: AsyncSession) -> set[str]:
    """Names and approved wordings; they may hold digits that are no claim of ours."""
    found: set[str] = set()
    for model in demo.models():
        found |= {model["name_zh"], model["name_en"]}
        for trim in model["trims"]:
            found |= {trim["name_zh"], trim["name_en"]}
    for row in (*demo.read("catalogue")["features"], *demo.read("service")["service_items"]):
        found |= {row["name_zh"], row["name_en"]}
    for row in demo.read("fees")["fees"]:
        found |= {row["name_zh"], row["name_en"]}
    for row in demo.read("finance")["finance_plans"]:
        found |= {row["name_zh"], row["name_en"]}
    for kind in CERTIFIED:
        table: Any = kind
        for fact in await session.scalars(select(table).where(*valid(table))):
            found |= {fact.source, fact.source_en}
            if fact.valid_until:
                day = fact.valid_until
                found |= {
                    f"有效期至{day.year}年{day.month}月{day.day}日", f"valid until {day}",
                    f"至 {day.month}月{day.day}日", f"{day.day} {day:%b}",
                }  # fmt: skip
            if isinstance(fact, Promotion):
                found |= {fact.title_zh, fact.title_en, fact.text_zh, fact.text_en}
    return found - {""}


def valid(table: Any) -> tuple[Any, ...]:
    return (
        table.approved_by.is_not(None),
        table.valid_from <= TODAY,
        or_(table.valid_until.is_(None), table.valid_until >= TODAY),
    )


async def feature_numbers(session: AsyncSession, trims: list[str]) -> set[Fraction]:
    """What the valid records of these trims say, with their units (L/100km)."""
    found = await session.execute(
        select(TrimFeature.value, TrimFeature.value_en, Feature.unit)
        .join(Trim, TrimFeature.trim_id == Trim.id)
        .join(Feature, TrimFeature.feature_id == Feature.id)
        .where(Trim.code.in_(trims), *valid(TrimFeature))
    )
    return {number for row in found.all() for text in row for number in numbers(text)}


def list_prices(trims: list[str]) -> set[Fraction]:
    return amounts(demo.prices()[code] for code in trims if code in demo.prices())


def bill_figures(trim: str) -> set[Fraction]:
    off = reckon.discount(trim)
    lines = reckon.bill(trim, off).values()
    price = demo.prices()[trim]
    must = sum(amount for row, amount in lines if not row.get("optional"))
    every = sum(amount for _, amount in lines)
    offers = [
        row["amount"] * 100
        for row in demo.read("promotions")["promotions"]
        if row["kind"] == "cash" and "valid_until" not in row
    ]
    return amounts(
        [price, off, price - off + must, price - off + every, *offers, *(a for _, a in lines)]
    )


def loan_figures(trim: str, model: str, months: int | None, percent: int | None) -> set[Fraction]:
    """All figures of the plans for that model: the smallest shares, and that one."""
    off = reckon.discount(trim)
    price = demo.prices()[trim] - off
    found = amounts([demo.prices()[trim], off])
    plans = [
        row for row in demo.read("finance")["finance_plans"] if model in row.get("models", [model])
    ]
    share = percent or max(row["min_down_percent"] for row in plans)
    down = price * share // 100
    found |= amounts([down]) | {Fraction(share)}
    for row in plans:
        if row["min_down_percent"] > share:
            continue
        terms = [months] if months else [36 if 36 in row["months"] else max(row["months"])]
        for term in terms:
            principal, rate = price - down, row["annual_rate_percent"]
            each = reckon.monthly(principal, term, rate)
            interest = reckon.interest(principal, term, rate)
            last = principal + interest - each * (term - 1)
            yearly = reckon.effective(principal - row["fee"] * 100, each, last, term)
            found |= amounts([each, interest, row["fee"] * 100])
            found |= {Fraction(term), Fraction(f"{yearly:.2f}")}
        # The other terms stand on buttons.
        found |= {Fraction(term) for term in row["months"]}
    return found


class Checker:
    """Asks in one language and collects what cannot be traced."""

    def __init__(self, chat: Dialogue, wordings: set[str]) -> None:
        self.chat = chat
        self.wordings = wordings
        self.wrong: list[str] = []
        self.checked = 0

    async def ask(self, intent: str, allowed: set[Fraction], *entities: Any) -> list[Said]:
        self.chat.slots["topic"] = None
        said = await self.chat.says("?", intent, *entities)
        text = "\n".join(one.shown(self.chat.language) for one in said)
        self.checked += len(numbers(text))
        for number in sorted(untraced(text, self.wordings, allowed)):
            self.wrong.append(
                f"{intent} {[e['value'] for e in entities]}: {float(number):f}\n{text}"
            )
        return said


@pytest.fixture
async def checkers(services: Services, start: Opening) -> list[Checker]:
    async with services.database.reading() as session:
        known = await wordings(session)
    return [
        Checker(await start(), known),
        Checker(await start(language="en", id="e" * 32), known),
    ]


def each(checkers: list[Checker]) -> Iterator[tuple[Checker, str, list[str]]]:
    for checker in checkers:
        for model in MODELS:
            yield checker, model, demo.trims_of(model)


def assert_traced(checkers: list[Checker], least: int) -> None:
    for checker in checkers:
        assert checker.wrong == []
        # The answers did hold figures.
        assert checker.checked >= least


async def test_prices_offers_and_the_range(checkers: list[Checker]) -> None:
    for checker, model, trims in each(checkers):
        one = mention("model", model)
        await checker.ask("ask_price", list_prices(trims), one)
        await checker.ask("ask_promotion", set(), one)
        for trim in trims:
            await checker.ask("ask_price", list_prices([trim]), one, mention("trim", trim))
    for checker in checkers:
        await checker.ask("ask_models", list_prices(list(demo.prices())))
        await checker.ask("ask_promotion", set())
    assert_traced(checkers, 2 * len(demo.prices()))


async def test_bills(checkers: list[Checker]) -> None:
    for checker, model, trims in each(checkers):
        for trim in trims:
            figures = bill_figures(trim) if trim in demo.prices() else set()
            await checker.ask(
                "ask_onroad_price", figures, mention("model", model), mention("trim", trim)
            )
    assert_traced(checkers, 6 * len(demo.prices()))


@pytest.mark.parametrize(("percent", "months"), [(None, None), (30, 24), (50, 12)])
async def test_loans(checkers: list[Checker], percent: int | None, months: int | None) -> None:
    wishes = []
    if percent and months:
        wishes = [mention("ratio", {"percent": percent}), mention("months", {"months": months})]
    for checker, model, trims in each(checkers):
        for trim in trims:
            priced = trim in demo.prices()
            figures = loan_figures(trim, model, months, percent) if priced else set()
            await checker.ask(
                "ask_finance", figures, mention("model", model), mention("trim", trim), *wishes
            )
    assert_traced(checkers, 6 * len(demo.prices()))


async def test_features(checkers: list[Checker], services: Services) -> None:
    features = [row["code"] for row in demo.read("catalogue")["features"]]
    for checker, model, trims in each(checkers):
        async with services.database.reading() as session:
            known = await feature_numbers(session, trims)
        one = mention("model", model)
        await checker.ask("ask_config", known | list_prices(trims), one)
        await checker.ask("ask_config", known, one, *(mention("feature", f) for f in features))
    assert_traced(checkers, 50 * len(MODELS))


async def test_features_of_single_trims(checkers: list[Checker], services: Services) -> None:
    """Only the figures of that very trim may be said of it."""
    wanted = ("engine_power", "curb_weight", "range_cltc", "fuel_consumption", "battery_capacity")
    for checker, model, trims in each(checkers):
        for trim in trims:
            async with services.database.reading() as session:
                known = await feature_numbers(session, [trim])
            await checker.ask(
                "ask_config", known, mention("model", model), mention("trim", trim),
                *(mention("feature", f) for f in wanted),
            )  # fmt: skip
    assert_traced(checkers, 2 * len(demo.prices()))


async def test_recommendations(checkers: list[Checker]) -> None:
    seats = {Fraction(trim["seats"]) for trim in demo.trims().values()}
    known = list_prices(list(demo.prices())) | seats
    for checker in checkers:
        for limit in (80_000, 150_000, 200_000, 300_000):
            for body in ("suv", "sedan", "mpv", "hatchback", "pickup"):
                budget = {"amount": None, "min": None, "max": limit * 100, "role": "budget"}
                # The budget itself is the customer's own figure.
                await checker.ask(
                    "recommend_model", known | amounts([limit * 100]), mention("money", budget),
                    mention("body", body),
                )  # fmt: skip
    assert_traced(checkers, 100)


async def test_service_prices(checkers: list[Checker]) -> None:
    items = demo.read("service")["service_items"]
    for checker, model, _ in each(checkers):
        for km in (10_000, 20_000, 60_000):
            each_cost = [demo.service_price(row["code"], model) for row in items]
            single = {amount for cost in each_cost for amount in (*cost, sum(cost))}
            known = amounts(single | sums(checker.chat, km, model)) | {Fraction(km)}
            said = await checker.ask(
                "ask_maintenance_price", known | intervals(items, model) | marks(items, model, km),
                mention("model", model), mention("mileage", {"km": km}),
            )  # fmt: skip
            assert said
    assert_traced(checkers, 100)


def sums(chat: Dialogue, km: int, model: str) -> set[int]:
    """The totals of what the schedule asks for at `km`, by each kind of drive of the model."""
    energies = {demo.trims()[trim]["energy"] for trim in demo.trims_of(model)}
    found = set()
    for energy in energies | {"petrol"}:
        due = {
            row["code"]: row
            for row in demo.read("service")["service_items"]
            if (every := every_km(row, model))
            and abs(km - max(1, round(km / every)) * every) <= min(every // 10, 2000)
            and energy in row.get("energies", [energy])
        }
        # Where nothing is due, what comes next is priced.
        due = due or {
            row["code"]: row
            for row in demo.read("service")["service_items"]
            if every_km(row, model) and energy in row.get("energies", [energy])
        }
        covered = {code for row in due.values() for code in row.get("covers", ())}
        found.add(sum(sum(demo.service_price(c, model)) for c in due if c not in covered))
    return found


def every_km(row: dict[str, Any], model: str) -> int | None:
    """The interval of an item for a model: its own, else the general one."""
    own = [one for one in row.get("intervals", ()) if model in one["models"]]
    every: int | None = (own[0] if own else row).get("interval_km")
    return every


def intervals(items: list[dict[str, Any]], model: str) -> set[Fraction]:
    months = {row["interval_months"] for row in items if row.get("interval_months")}
    return {Fraction(n) for n in months | {every_km(row, model) or 0 for row in items} if n}


def marks(items: list[dict[str, Any]], model: str, km: int) -> set[Fraction]:
    """The marks of the schedule after `km`."""
    every = {n for row in items if (n := every_km(row, model))}
    return {Fraction((km // n + ahead) * n) for n in every for ahead in (1, 2)}

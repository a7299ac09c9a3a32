"""How figures and moments are written, exactly and in both languages."""

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from backend.clock import FixedClock
from backend.database import Database
from backend.models import Price
from backend.services import Services
from backend.settings import Settings
from bot.actions import wording
from bot.actions.context import Turn
from tests.conftest import NOW


def turn(language: str = "zh", now: datetime = NOW) -> Turn:
    settings = Settings(_env_file=None, channel_secret="c" * 40, session_secret="s" * 40)  # type: ignore[call-arg,arg-type]
    services = Services(Database("sqlite+aiosqlite://"), FixedClock(now), settings)
    tracker = Tracker("c", {"language": language}, {}, [], False, None, {}, None)
    return Turn.of(tracker, CollectingDispatcher(), services, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0 元", "CNY 0"),
        (100, "1 元", "CNY 1"),
        (12_980_000, "129,800 元", "CNY 129,800"),
        (260_627, "2,606.27 元", "CNY 2,606.27"),
        (5, "0.05 元", "CNY 0.05"),
        (110, "1.10 元", "CNY 1.10"),
    ],
)
def test_amounts(fen: int, zh: str, en: str) -> None:
    assert (wording.yuan(fen, "zh"), wording.yuan(fen, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (12_980_000, "12.98 万元"),
        (20_000_000, "20 万元"),
        (100_000_000, "100 万元"),
        (12_980_100, "129,801 元"),  # no short form in 万
        (1_000_000, "1 万元"),
        (999_900, "9,999 元"),
    ],
)
def test_prices_of_cars(fen: int, text: str) -> None:
    assert wording.price(fen, "zh") == text


@given(st.integers(0, 10**11))
def test_no_amount_is_rounded(fen: int) -> None:
    number = Decimal(wording.yuan(fen, "en").removeprefix("CNY ").replace(",", ""))
    assert number * 100 == fen
    text = wording.price(fen, "zh").removesuffix("元").strip()
    unit = 1_000_000 if text.endswith("万") else 100
    assert Decimal(text.removesuffix("万").strip().replace(",", "")) * unit == fen


@pytest.mark.parametrize(
    ("points", "text"), [(350, "3.5%"), (299, "2.99%"), (0, "0%"), (3000, "30%"), (10_000, "100%")]
)
def test_rates(points: int, text: str) -> None:
    assert wording.rate(points) == text


def test_days_name_the_year_only_when_it_is_another() -> None:
    assert wording.day(date(2026, 11, 28), turn()) == "11月28日（周六）"
    assert wording.day(date(2027, 1, 1), turn()) == "2027年1月1日（周五）"
    assert wording.day(date(2026, 11, 28), turn("en")) == "Sat 28 Nov"
    assert wording.day(date(2027, 1, 1), turn("en")) == "Fri 1 Jan 2027"


def test_moments_are_on_the_dealerships_wall() -> None:
    when = datetime(2026, 11, 27, 17, 30, tzinfo=timezone.utc)
    assert wording.moment(when, turn()) == "11月28日（周六）01:30"
    assert wording.moment(when, turn("en")) == "Sat 28 Nov, 01:30"


def test_buttons_say_today_and_tomorrow() -> None:
    today = datetime(2026, 11, 25, 7, tzinfo=timezone.utc)
    assert wording.near(today, turn()) == "今天 15:00"
    tomorrow = datetime(2026, 11, 26, 1, tzinfo=timezone.utc)
    assert wording.near(tomorrow, turn("en")) == "Tomorrow 09:00"
    later = datetime(2026, 11, 28, 1, tzinfo=timezone.utc)
    assert wording.near(later, turn()) == "11月28日周六 09:00"
    # Late in the evening in UTC it is tomorrow in Shanghai already.
    late = turn(now=datetime(2026, 11, 25, 17, tzinfo=timezone.utc))
    assert wording.near(tomorrow, late) == "今天 09:00"


def fact(source: str, until: date | None, source_en: str = "") -> Price:
    return Price(source=source, source_en=source_en, valid_until=until)


def test_the_provenance_names_each_source_once_and_the_first_end() -> None:
    facts = [
        fact("价目表", date(2026, 12, 31), "price list"),
        fact("价目表", None, "price list"),
        fact("促销方案", date(2026, 11, 30)),
    ]
    assert (
        wording.provenance(turn(), *facts) == "（依据：价目表、促销方案，有效期至2026年11月30日）"
    )
    english = wording.provenance(turn("en"), *facts).strip()
    assert english == "(Source: price list, 促销方案; valid until 2026-11-30)"
    assert wording.provenance(turn(), fact("价目表", None)) == "（依据：价目表）"
    assert wording.provenance(turn()) == ""


@pytest.mark.parametrize(
    ("names", "zh", "en"),
    [([], "", ""), (["A"], "A", "A"), (["A", "B"], "A和B", "A and B"),
     (["A", "B", "C"], "A、B和C", "A, B and C")],
)  # fmt: skip
def test_lists(names: list[str], zh: str, en: str) -> None:
    assert (wording.joined(names, turn()), wording.joined(names, turn("en"))) == (zh, en)

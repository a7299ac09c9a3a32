"""What each kind of rule charges, and when a bill must not be made."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.migrations.migrate import migrate
from backend.models import FeeRule, Promotion, Trim
from backend.sales.onroad import fee, on_road_price
from tests.conftest import NOW

TODAY = date(2026, 11, 25)


def rule(kind: str, **params: Any) -> FeeRule:
    return FeeRule(rule=kind, params=params)


def car(*, seats: int = 5, displacement_ml: int = 1498, energy: str = "petrol") -> Trim:
    return Trim(seats=seats, displacement_ml=displacement_ml, energy=energy)


def test_a_fixed_fee_is_what_it_is() -> None:
    assert fee(rule("fixed", amount=50_000), car(), 1) == 50_000


@pytest.mark.parametrize(("seats", "amount"), [(2, 950), (5, 950), (6, 1100), (7, 1100), (9, 1100)])
def test_compulsory_insurance_goes_by_seats(seats: int, amount: int) -> None:
    steps = rule("by_seats", up_to=[[5, 95_000], [9, 110_000]])
    assert fee(steps, car(seats=seats), 1) == amount * 100


@pytest.mark.parametrize(
    ("ml", "amount"),
    [(999, 180), (1000, 180), (1001, 300), (1598, 300), (1600, 300), (1998, 360), (5000, 4500)],
)
def test_vehicle_tax_goes_by_displacement(ml: int, amount: int) -> None:
    steps = rule(
        "by_displacement", up_to=[[1000, 18_000], [1600, 30_000], [2000, 36_000], [4000, 450_000]]
    )
    assert fee(steps, car(displacement_ml=ml), 1) == amount * 100


def test_a_share_of_the_price_with_a_base() -> None:
    insurance = rule("percent_of_price", rate_bp=220, base=120_000)
    assert fee(insurance, car(), 10_000_000) == 220_000 + 120_000
    # Half a fen is rounded up: 2.5 → 3.
    assert fee(rule("percent_of_price", rate_bp=5000), car(), 5) == 3


def test_purchase_tax_is_on_the_price_without_vat() -> None:
    tax = rule("purchase_tax", rate_bp=1000, vat_bp=1300)
    # 113,000 with 13 % VAT is 100,000 without, and a tenth of that is 10,000.
    assert fee(tax, car(), 11_300_000) == 1_000_000
    # 139,800 / 1.13 / 10 = 12,371.681…
    assert fee(tax, car(), 13_980_000) == 1_237_168


HALVED = rule("purchase_tax", rate_bp=1000, vat_bp=1300, share_bp=5000, relief_max=1_500_000)


@pytest.mark.parametrize(
    ("price", "tax"),
    [
        (11_300_000, 500_000),  # relief 5,000, below the cap
        (33_900_000, 1_500_000),  # relief exactly 15,000
        (33_900_113, 1_500_010),  # above it every further fen of tax is paid
        (56_500_000, 5_000_000 - 1_500_000),  # full 50,000, relief capped at 15,000
    ],
)
def test_the_relief_for_new_energy_is_capped(price: int, tax: int) -> None:
    assert fee(HALVED, car(energy="electric"), price) == tax


@given(st.integers(1, 100_000_000))
def test_the_relief_never_passes_its_cap_nor_the_tax_its_full_amount(price: int) -> None:
    full = fee(rule("purchase_tax", rate_bp=1000, vat_bp=1300), car(), price)
    halved = fee(HALVED, car(), price)
    assert 0 <= halved <= full
    assert full - halved <= 1_500_000
    assert halved >= full // 2


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such rule"):
        fee(rule("by_colour"), car(), 1)


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[AsyncSession]:
    store = Database(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}")
    await migrate(store)
    async with store.transaction() as opened:
        yield opened
    await store.dispose()


def row(code: str, line: str, position: int, **changes: Any) -> FeeRule:
    given: dict[str, Any] = {
        "rule": "fixed", "params": {"amount": 10_000}, "energies": [], "optional": False,
        "source": "tariff", "approved_by": "office", "approved_at": NOW,
        "valid_from": date(2026, 1, 1), "valid_until": None, **changes,
    }  # fmt: skip
    return FeeRule(code=code, line=line, name_zh=code, name_en=code, position=position, **given)


async def test_the_sum_is_of_all_lines_and_the_required_ones_apart(session: AsyncSession) -> None:
    session.add_all(
        [
            row("tax", "tax", 1, rule="percent_of_price", params={"rate_bp": 1000}),
            row("plates", "plates", 2),
            row("insurance", "insurance", 3, params={"amount": 30_000}, optional=True),
        ]
    )
    offer = Promotion(amount=1_000_000)
    bill = await on_road_price(session, TODAY, car(), 11_000_000, [offer])
    assert bill is not None
    assert (bill.list_price, bill.discount, bill.car) == (11_000_000, 1_000_000, 10_000_000)
    # The tax is on what is paid, not on the list price.
    assert [line.amount for line in bill.lines] == [1_000_000, 10_000, 30_000]
    assert bill.required == 10_000_000 + 1_010_000
    assert bill.total == bill.required + 30_000


async def test_a_discount_never_pays_the_customer(session: AsyncSession) -> None:
    session.add(row("plates", "plates", 1))
    bill = await on_road_price(session, TODAY, car(), 100, [Promotion(amount=500)])
    assert bill is not None
    assert (bill.discount, bill.car) == (100, 0)


async def test_the_first_rule_of_a_line_that_applies_is_used(session: AsyncSession) -> None:
    session.add_all(
        [
            row("green", "tax", 1, energies=["electric"], params={"amount": 0}),
            row("old", "tax", 2, valid_until=date(2026, 11, 24), params={"amount": 1}),
            row("now", "tax", 3, params={"amount": 2}),
            row("later", "tax", 4, params={"amount": 3}),
        ]
    )
    petrol = await on_road_price(session, TODAY, car(), 1_000)
    electric = await on_road_price(session, TODAY, car(energy="electric"), 1_000)
    assert petrol is not None
    assert electric is not None
    assert [line.amount for line in petrol.lines] == [2]
    assert [line.amount for line in electric.lines] == [0]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"approved_by": None, "approved_at": None},
        {"valid_until": date(2026, 11, 24)},
        {"valid_from": date(2026, 11, 26)},
    ],
)
async def test_a_line_without_a_valid_rule_leaves_no_bill(
    session: AsyncSession, spoilt: dict[str, Any]
) -> None:
    session.add_all([row("plates", "plates", 1), row("tax", "tax", 2, **spoilt)])
    assert await on_road_price(session, TODAY, car(), 1_000) is None


async def test_a_line_for_another_kind_of_car_is_not_missed(session: AsyncSession) -> None:
    session.add_all([row("plates", "plates", 1), row("tax", "tax", 2, energies=["petrol"])])
    bill = await on_road_price(session, TODAY, car(energy="electric"), 1_000)
    assert bill is not None
    assert [line.code for line in bill.lines] == ["plates"]


async def test_without_rules_there_is_no_bill(session: AsyncSession) -> None:
    assert await on_road_price(session, TODAY, car(), 1_000) is None

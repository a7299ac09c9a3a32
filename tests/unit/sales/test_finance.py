"""Instalments against values reckoned in other ways."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.sales.finance import (
    HUNDRED_YUAN,
    Instalments,
    borrowable,
    instalments,
    least_down,
)

HALF = Fraction(1, 2)


def annuity(principal: int, months: int, rate_bp: int) -> Fraction:
    """The exact instalment: what makes the sum of the discounted instalments the principal."""
    rate = Fraction(rate_bp, 120_000)
    return principal / sum((1 / (1 + rate) ** m for m in range(1, months + 1)), Fraction(0))


def owed_at_the_end(loan: Instalments, rate_bp: int) -> Fraction:
    """What is left after every instalment was paid, month by month."""
    owed = Fraction(loan.principal)
    for month in range(1, loan.months + 1):
        owed = owed * (1 + Fraction(rate_bp, 120_000))
        owed -= loan.last if month == loan.months else loan.monthly
    return owed


@pytest.mark.parametrize(
    ("price", "down", "months", "rate_bp", "monthly", "interest"),
    [
        # From published loan tables: 100,000 yuan at 6 % over 12 months, 4.5 % over 36.
        (15_000_000, 5_000_000, 12, 600, 860_664, 327_972),
        (15_000_000, 5_000_000, 36, 450, 297_469, 708_890),
    ],
)
def test_known_loans(
    price: int, down: int, months: int, rate_bp: int, monthly: int, interest: int
) -> None:
    loan = instalments(price=price, down=down, months=months, annual_rate_bp=rate_bp)
    assert loan.monthly == monthly
    # The table rounds each instalment up to the fen and ignores the last one.
    assert abs(loan.interest - interest) <= months


def test_without_interest_the_principal_is_divided() -> None:
    loan = instalments(price=10_000_000, down=0, months=24, annual_rate_bp=0)
    assert loan.monthly == 416_667
    assert loan.last == 10_000_000 - 23 * 416_667
    assert (loan.interest, loan.yearly_rate_bp) == (0, 0)


def test_a_fee_raises_the_effective_rate_and_nothing_else() -> None:
    plain = instalments(price=12_000_000, down=2_000_000, months=12, annual_rate_bp=0)
    charged = instalments(
        price=12_000_000, down=2_000_000, months=12, annual_rate_bp=0, fee=150_000
    )
    assert (charged.monthly, charged.last, charged.interest) == (
        plain.monthly, plain.last, plain.interest,
    )  # fmt: skip
    assert charged.fee == 150_000
    assert plain.yearly_rate_bp == 0
    assert 250 < charged.yearly_rate_bp < 320


def test_the_effective_rate_compounds_the_nominal_one() -> None:
    for rate_bp in (199, 450, 1200):
        loan = instalments(price=20_000_000, down=0, months=36, annual_rate_bp=rate_bp)
        compounded = ((1 + Fraction(rate_bp, 120_000)) ** 12 - 1) * 10_000
        assert abs(loan.yearly_rate_bp - compounded) <= 1


def test_one_month_is_paid_at_once_with_its_interest() -> None:
    loan = instalments(price=1_200_000, down=0, months=1, annual_rate_bp=1200)
    assert (loan.monthly, loan.last, loan.interest) == (1_212_000, 1_212_000, 12_000)


@pytest.mark.parametrize(
    ("price", "down", "months"),
    [(100, 100, 12), (100, 101, 12), (100, -1, 12), (100, 0, 0), (0, 0, 12), (100, 0, -3)],
)
def test_what_is_no_loan_is_refused(price: int, down: int, months: int) -> None:
    with pytest.raises(ValueError, match=r"down payment|month"):
        instalments(price=price, down=down, months=months, annual_rate_bp=450)


PRICES = st.integers(5_000_000, 80_000_000)
SHARES = st.integers(0, 90)
MONTHS = st.integers(1, 60)
RATES = st.integers(0, 3600)
FEES = st.integers(0, 500_000)


@given(PRICES, SHARES, MONTHS, RATES, FEES)
def test_every_loan_is_paid_off_to_the_fen(
    price: int, share: int, months: int, rate_bp: int, fee: int
) -> None:
    down = price * share // 100
    loan = instalments(price=price, down=down, months=months, annual_rate_bp=rate_bp, fee=fee)
    assert (loan.price, loan.down, loan.months, loan.fee) == (price, down, months, fee)
    assert loan.principal == price - down
    # Nothing is left but the rounding of the very last instalment.
    assert abs(owed_at_the_end(loan, rate_bp)) <= HALF
    assert loan.monthly * (months - 1) + loan.last == loan.principal + loan.interest
    assert abs(loan.monthly - annuity(loan.principal, months, rate_bp)) <= HALF


@given(PRICES, SHARES, MONTHS, RATES, FEES)
def test_interest_and_effective_rate_have_their_bounds(
    price: int, share: int, months: int, rate_bp: int, fee: int
) -> None:
    loan = instalments(
        price=price, down=price * share // 100, months=months, annual_rate_bp=rate_bp, fee=fee
    )
    assert loan.interest >= 0
    assert (loan.interest > 0) == (rate_bp > 0)
    assert loan.last > 0
    # A fen more or less, of a small loan, is less than three basis points.
    assert loan.yearly_rate_bp >= rate_bp - 3
    free = instalments(price=price, down=loan.down, months=months, annual_rate_bp=rate_bp)
    assert loan.yearly_rate_bp >= free.yearly_rate_bp


@given(PRICES, MONTHS, RATES)
def test_more_down_is_never_dearer(price: int, months: int, rate_bp: int) -> None:
    little, much = (
        instalments(price=price, down=price * share // 100, months=months, annual_rate_bp=rate_bp)
        for share in (20, 50)
    )
    assert much.monthly < little.monthly
    assert much.interest <= little.interest


@given(
    monthly=st.integers(10_000, 2_000_000),
    months=st.integers(1, 84),
    rate=st.integers(0, 2_400),
)
def test_what_can_be_borrowed_is_the_most_that_keeps_the_instalment(
    monthly: int, months: int, rate: int
) -> None:
    most = borrowable(monthly=monthly, months=months, annual_rate_bp=rate)

    def instalment(principal: int) -> int:
        return instalments(price=principal, down=0, months=months, annual_rate_bp=rate).monthly

    assert instalment(most) <= monthly
    # A fen more a month needs, at the least, that much more principal.
    assert instalment(most + months + 1) > monthly


@given(
    price=st.integers(5_000_000, 50_000_000),
    monthly=st.integers(10_000, 2_000_000),
    months=st.sampled_from([12, 24, 36, 48, 60]),
    rate=st.integers(0, 1_200),
    share=st.integers(0, 6_000),
)
def test_the_least_down_payment_keeps_instalment_and_share(
    price: int, monthly: int, months: int, rate: int, share: int
) -> None:
    down = least_down(
        price=price, monthly=monthly, months=months, annual_rate_bp=rate, min_down_bp=share
    )
    if down is None:
        return
    assert down % HUNDRED_YUAN == 0
    assert price * share <= down * 10_000 < price * 10_000
    loan = instalments(price=price, down=down, months=months, annual_rate_bp=rate)
    assert loan.monthly <= monthly
    less = down - HUNDRED_YUAN
    if less >= 0 and less * 10_000 >= price * share:
        before = instalments(price=price, down=less, months=months, annual_rate_bp=rate)
        assert before.monthly >= monthly


@pytest.mark.parametrize("wrong", [{"monthly": 0}, {"months": 0}])
def test_no_instalment_and_no_term_borrow_nothing(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a loan runs"):
        borrowable(**{"monthly": 100, "months": 12, "annual_rate_bp": 100, **wrong})

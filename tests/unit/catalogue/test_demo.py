"""The demo dealership: complete, consistent in itself, and evidently fictional."""

from collections import Counter, defaultdict
from datetime import date
from unicodedata import normalize

import pytest

from backend.catalogue.reading import read_folder, read_staff
from backend.catalogue.schema import FeatureRow, ModelRow, ServiceItemRow, TrimRow
from backend.catalogue.validate import Catalogue, validate
from backend.settings import ROOT

DEMO = ROOT / "demo"
TODAY = date(2026, 11, 25)
LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


Named = FeatureRow | ServiceItemRow | ModelRow


def named(demo: Catalogue) -> list[Named]:
    return [*demo.features, *demo.service_items, *demo.models]


@pytest.fixture(scope="module")
def demo() -> Catalogue:
    return validate(read_folder(DEMO))


@pytest.fixture(scope="module")
def sheets(demo: Catalogue) -> dict[str, dict[str, str]]:
    """The features of each trim by code."""
    result: dict[str, dict[str, str]] = defaultdict(dict)
    for one in demo.trim_features:
        result[one.trim][one.feature] = one.value
    return result


def test_it_is_large_enough(demo: Catalogue, sheets: dict[str, dict[str, str]]) -> None:
    assert len(demo.models) >= 9
    assert len(demo.trims) >= 20
    assert {trim.energy for trim in demo.trims} == {
        "petrol", "hybrid", "plug_in_hybrid", "electric"
    }  # fmt: skip
    assert min(len(sheets[trim.code]) for trim in demo.trims) >= 65
    assert {trim.model for trim in demo.trims} == {model.code for model in demo.models}
    assert len(demo.finance_plans) == 4
    assert len(demo.demo_cars) == 10
    assert {row.role for row in read_staff(DEMO)} == {
        "admin", "manager", "consultant", "service_advisor"
    }  # fmt: skip


def test_there_is_something_of_each_kind_that_must_not_be_stated(demo: Catalogue) -> None:
    priced = {row.trim for row in demo.prices}
    assert len([trim for trim in demo.trims if trim.code not in priced]) == 1
    ended = [row for row in demo.promotions if row.valid_until and row.valid_until < TODAY]
    to_come = [row for row in demo.promotions if row.valid_from and row.valid_from > TODAY]
    assert (len(ended), len(to_come)) == (1, 1)
    assert len(demo.promotions) >= 7
    assert [(one.trim, one.feature) for one in demo.trim_features if not one.fact.approved] == [
        ("xinghe-x7-620-awd", "towing_capacity")
    ]


def test_prices_rise_with_the_trims_and_stay_realistic(demo: Catalogue) -> None:
    price = {row.trim: row.price for row in demo.prices}
    assert (min(price.values()), max(price.values())) == (8_980_000, 32_980_000)
    for model in demo.models:
        trims = [trim for trim in demo.trims if trim.model == model.code and trim.code in price]
        for energy in {trim.energy for trim in trims}:
            prices = [price[trim.code] for trim in trims if trim.energy == energy]
            assert prices == sorted(set(prices))


def test_figures_fit_each_other(demo: Catalogue, sheets: dict[str, dict[str, str]]) -> None:
    for trim in demo.trims:
        has = sheets[trim.code]
        number = {
            key: float(value) for key, value in has.items() if value.replace(".", "").isdigit()
        }
        assert number["wheelbase"] < number["length"] < 2 * number["wheelbase"]
        assert number["height"] < number["length"]
        assert number["width"] < number["length"]
        assert 4 <= number["acceleration_0_100"] <= 15
        assert ("fuel_consumption" in has) == (trim.energy != "electric")
        assert ("fuel_tank" in has) == (trim.energy != "electric")
        assert ("motor_power" in has) == (trim.energy != "petrol")
        assert ("range_cltc" in has) == (trim.energy in ("plug_in_hybrid", "electric"))
        assert ("battery_warranty" in has) == (trim.energy != "petrol")
        if "range_cltc" in has:
            # Energy taken from the grid over the range: the battery's content and some loss.
            used = number["range_cltc"] * number["energy_consumption"] / 100
            assert 0.95 <= used / number["battery_capacity"] <= 1.25, trim.code
            hours = number["battery_capacity"] / number["slow_charge_hours"]
            assert 5 <= hours <= 11
            # 30-80 %: half of the content, never faster than the power allows.
            half_hours = number["fast_charge_minutes"] / 60
            assert number["battery_capacity"] / 2 / half_hours <= number["fast_charge_power"] * 1.05
        if has["panoramic_roof"] == "standard":
            assert has["sunroof"] == "standard", trim.code
        if has["camera_360"] == "standard":
            assert has["rear_camera"] == "standard"


def test_vins_have_their_check_digit(demo: Catalogue) -> None:
    for car in demo.demo_cars:
        total = sum(
            int(LETTERS.get(letter, letter)) * weight
            for letter, weight in zip(car.vin, WEIGHTS, strict=True)
        )
        assert car.vin[8] == "0123456789X"[total % 11], car.vin


def test_demo_cars_of_new_energy_have_new_energy_plates(demo: Catalogue) -> None:
    energy = {trim.code: trim.energy for trim in demo.trims}
    for car in demo.demo_cars:
        assert (len(car.plate) == 8) == (energy[car.trim] in ("plug_in_hybrid", "electric"))


def test_people_find_what_they_ask_for(demo: Catalogue) -> None:
    names: dict[str, set[str]] = defaultdict(set)
    for row in named(demo):
        for name in (row.name_zh, row.name_en, *row.aliases):
            names[normalize("NFKC", name).casefold()].add(row.code)
    for said, code in {
        "天窗": "sunroof", "全景天窗": "panoramic_roof", "座椅加热": "heated_front_seats",
        "后备箱": "trunk_volume", "续航": "range_cltc", "油耗": "fuel_consumption",
        "百公里加速": "acceleration_0_100", "零百": "acceleration_0_100",
        "倒车影像": "rear_camera", "carplay": "carplay", "sunroof": "sunroof",
        "heated seats": "heated_front_seats", "trunk": "trunk_volume", "boot": "trunk_volume",
        "range": "range_cltc", "fuel consumption": "fuel_consumption",
        "0-100": "acceleration_0_100", "刹车油": "brake_fluid", "oil change": "minor_service",
        "shanyu": "shanyu", "e5": "xinghe-e5",
    }.items():  # fmt: skip
        assert names[said] == {code}, said


def test_no_name_but_a_trim_s_means_two_things(demo: Catalogue) -> None:
    said = Counter(
        normalize("NFKC", name).casefold()
        for row in named(demo)
        for name in {row.name_zh, row.name_en, *row.aliases}
    )
    assert [name for name, times in said.items() if times > 1] == []


def test_no_name_is_a_bare_number(demo: Catalogue) -> None:
    rows: list[Named | TrimRow] = [*named(demo), *demo.trims]
    assert [name for row in rows for name in row.aliases if name.isdecimal()] == []


def test_every_fact_is_certified(demo: Catalogue) -> None:
    facts = [
        *demo.prices, *demo.promotions, *demo.finance_plans, *demo.fees, *demo.statements,
        *demo.service_prices, *(one.fact for one in demo.trim_features),
    ]  # fmt: skip
    assert all(fact.source and fact.valid_from for fact in facts)
    assert sum(not fact.approved for fact in facts) == 1


def test_every_model_has_a_price_for_every_service_that_suits_it(demo: Catalogue) -> None:
    energies = defaultdict(set)
    for trim in demo.trims:
        energies[trim.model].add(trim.energy)
    for item in demo.service_items:
        models = [row.models for row in demo.service_prices if row.item == item.code]
        assert [] in models, f"{item.code} has no price for all other models"
        for named in {code for group in models for code in group}:
            suits = not item.energies or energies[named] & set(item.energies)
            assert suits, f"{item.code} is not for {named}"

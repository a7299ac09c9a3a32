"""Folders of YAML: what is read, and what each mistake is called and where."""

from datetime import date, datetime
from pathlib import Path

import pytest

from backend.catalogue.reading import MAX_BYTES, read_folder, read_staff
from backend.catalogue.rows import CatalogueError
from backend.catalogue.validate import Catalogue, validate
from tests.unit.catalogue.folders import line_of, write


def catalogue(folder: Path) -> Catalogue:
    return validate(read_folder(folder))


def problems(folder: Path) -> list[str]:
    with pytest.raises(CatalogueError) as refused:
        catalogue(folder)
    return [str(problem) for problem in refused.value.problems]


def test_inheritance_goes_from_trim_to_like_to_model(tmp_path: Path) -> None:
    read = catalogue(write(tmp_path))
    values = {(one.trim, one.feature): (one.value, one.value_en) for one in read.trim_features}
    assert values == {
        ("alpha-base", "length"): ("4670", ""),
        ("alpha-base", "sunroof"): ("none", ""),
        ("alpha-base", "colours"): ("白、黑", "White, black"),
        ("alpha-high", "length"): ("4680.5", ""),
        ("alpha-high", "sunroof"): ("standard", ""),
        ("alpha-high", "colours"): ("白、黑", "White, black"),
    }


def test_facts_take_their_provenance_from_the_defaults_unless_they_have_their_own(
    tmp_path: Path,
) -> None:
    read = catalogue(write(tmp_path))
    first, second, third = read.prices
    assert (first.price, first.valid_from, first.valid_until) == (
        8980000, date(2026, 10, 1), date(2026, 12, 31)
    )  # fmt: skip
    assert (second.price, second.valid_from, second.valid_until) == (
        8780050, date(2027, 1, 1), None
    )  # fmt: skip
    assert (third.source, third.approved_by) == ("prices Q4", "周岚")
    assert third.approved_at == datetime(2026, 9, 30, 10)
    preview = next(
        one.fact
        for one in read.trim_features
        if (one.trim, one.feature) == ("alpha-high", "length")
    )
    assert (preview.approved, preview.source) == (False, "preview")


def test_times_of_day_are_not_taken_for_numbers(tmp_path: Path) -> None:
    hours = catalogue(write(tmp_path)).opening_hours[1]
    assert (hours.opens, hours.closes) == ("08:30", "12:00")


def test_staff_are_read_without_the_rest(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "prices.yaml").unlink()
    assert [(row.username, row.role, row.language) for row in read_staff(folder)] == [
        ("boss", "manager", "zh")
    ]


def test_staff_with_a_password_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, dealership=("role: manager", "role: manager, password: abc"))
    with pytest.raises(CatalogueError, match="password is unknown here"):
        read_staff(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("prices", "price: 119800", "price: 119800.555", "price: 119800.555 has more than two"),
        ("prices", "trim: beta-base", "trim: gamma", "trim 'gamma' is not in trims"),
        ("prices", "price: 119800", "prise: 119800", "prise is unknown here"),
        ("prices", "price: 119800", "price: 0", "price: should be greater than 0"),
        ("prices", "price: 119800", "price: 1, valid_until: 2026-09-01", "valid_until lies before"),
        ("promotions", "kind: cash", "kind: discount", "kind must be one of cash"),
        ("promotions", ", amount: 5000", "", "amount is missing"),
        ("promotions", "trim: beta-base", "trim: beta-base, model: alpha", "is not one of 'alpha'"),
        ("finance", "[12, 36]", "[12, 500]", "months: terms are months"),
        ("finance", "percent: 4.5", "percent: 40", "annual_rate_percent: should be less than"),
        ("finance", "models: [alpha]", "models: [alfa]", "models 'alfa' is not in models"),
        ("fees", "vat_percent: 13", "amount: 13", "vat_percent is missing"),
        ("fees", "vat_percent: 13", "vat_percent: 13, base: 1", "base has no meaning"),
        ("service", "minutes: 60", "minutes: soon", "minutes: 'soon' is not a number"),
        ("service", "energies: [petrol, hybrid]", "energies: [diesel]", "must be one of petrol"),
        ("service", "models: [beta]", "models: [gamma]", "models 'gamma' is not in models"),
        ("service", "      - {models: [beta], p", "      - {p", "begins before the one at"),
        ("demo_cars", "vin: LYCDEMY10TL000002", "vin: LYCDEMC1XTL000001", "stands already at"),
        ("demo_cars", "浙Y10002", "浙Y10001", "plate '浙Y10001' stands already at"),
        ("demo_cars", "LYCDEMY10TL000002", "LYCDEMO10TL000002", "without I, O and Q"),
        ("statements", "code: warranty", "code: Warranty", "is not a code"),
        ("dealership", "Asia/Shanghai", "Asia/Linlan", "is not a time zone"),
        ("dealership", "closes: 12:00", "closes: 8:00", "closes must be later than opens"),
        ("dealership", "department: service, weekdays: mon-fri", "department: sales, weekdays: mon",
         "these hours overlap"),
        ("catalogue", "code: beta\n", "code: alpha\n", "code 'alpha' stands already at"),
        ("catalogue", "code: alpha-high", "code: beta", "is the code of a model already"),
        ("catalogue", "like: alpha-base", "like: beta-base", "is not a trim listed before"),
        ("catalogue", "length: 4670", "length: long", "length: 'long' is not a number"),
        ("catalogue", "sunroof: none", "sunroof: perhaps", "must be standard, optional or none"),
        ("catalogue", "白、黑 | White, black", "白、黑", "a text needs both languages"),
        ("catalogue", "length: 4670", "lenght: 4670", "feature 'lenght' is not in features"),
        ("catalogue", "aliases: [阿法]", "aliases: [阿]", "is a single character"),
        ("catalogue", "aliases: [阿法]", "aliases: [汽车]", "is an ordinary word"),
        ("catalogue", "aliases: [阿法]", "aliases: [Ａb, ab]", "stands here twice"),
        ("catalogue", "_ml: 1498\n", "_ml: 0\n", "displacement_ml is 0 for"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    folder = write(tmp_path, **{file: (old, new)})
    found = problems(folder)
    assert any(message in problem for problem in found), found
    said = next(problem for problem in found if message in problem)
    line = line_of(f"{file}.yaml", old)
    # A rule about a whole row is named at the row's beginning, some lines above.
    number = int(said.split(": ")[0].removeprefix(f"{file}.yaml line "))
    assert line - 6 <= number <= line + 1


def test_a_price_that_overlaps_names_both_lines(tmp_path: Path) -> None:
    folder = write(tmp_path, prices=("valid_until: 2026-12-31", "valid_until: 2027-01-01"))
    assert problems(folder) == [
        "prices.yaml line 4: this price begins before the one at prices.yaml line 3 has ended"
    ]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        prices=("price: 119800", "price: much"),
        statements=("text_en: Three years", "text_de: Drei Jahre"),
        fees=("rule: by_seats", "rule: by_weight"),
    )
    assert problems(folder) == [
        "prices.yaml line 5: price: 'much' is not a number",
        "fees.yaml line 4: rule must be one of purchase_tax, fixed, by_seats, "
        "by_displacement or percent_of_price",
        "statements.yaml line 3: text_en is missing",
        "statements.yaml line 3: text_de is unknown here",
    ]


def test_a_mistake_in_the_defaults_is_told_once(tmp_path: Path) -> None:
    folder = write(tmp_path, prices=("valid_from: 2026-10-01", "valid_from: autumn"))
    assert problems(folder) == [
        "prices.yaml line 1: valid_from: 'autumn' is not a day such as 2026-11-25"
    ]


@pytest.mark.parametrize("field", ["source", "approved_by", "valid_from"])
def test_a_fact_without_provenance_is_refused(tmp_path: Path, field: str) -> None:
    folder = write(tmp_path, statements=(f"{field}: ", f"#{field}: "))
    text = (folder / "statements.yaml").read_text()
    (folder / "statements.yaml").write_text(
        "\n".join(["defaults: {}", *text.splitlines()[1:]]).replace(
            "{code: warranty,",
            "{code: warranty, "
            + ", ".join(
                f"{name}: {value}"
                for name, value in {
                    "source": "notes", "approved_by": "苏恒",
                    "approved_at": "2026-10-20", "valid_from": "2026-11-01",
                }.items() if name != field
            )
            + ",",
        )
    )  # fmt: skip
    (only,) = problems(folder)
    assert only.startswith("statements.yaml line 3: ")
    assert field in only


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("prices: [", "prices.yaml line 1: is not YAML"),
        ("prices: &a []\nother: *a", "anchors and aliases"),
        ("prices: []\nprices: []", "prices.yaml line 2: the key 'prices' stands here twice"),
        ("rates: []", "the key 'rates' is unknown in this file"),
        ("prices: {a: 1}", "prices.yaml line 1: must be a list"),
        ("- 1", "must be keys with values"),
        ("", "prices.yaml: is empty"),
        ("prices:\n  - {trim: {a: 1}, price: 1}", "prices.yaml line 2: must be a value or a list"),
        ("[" * 5000, "prices.yaml: is nested too deeply"),
        ("prices: !!python/object:os.system []\n", "trim"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    folder = write(tmp_path)
    (folder / "prices.yaml").write_text(content)
    if message == "trim":
        # An unknown tag is not obeyed: the list is read as the list that it is.
        assert catalogue(folder).prices == []
    else:
        assert any(message in problem for problem in problems(folder))


def test_a_missing_an_unreadable_and_a_huge_file_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "prices.yaml").unlink()
    (folder / "fees.yaml").write_bytes("费".encode("gb18030"))
    (folder / "finance.yaml").write_text("#" * (MAX_BYTES + 1))
    found = problems(folder)
    assert any("prices.yaml: is missing" in problem for problem in found)
    assert "fees.yaml: is not UTF-8 text" in found
    assert f"finance.yaml: is larger than {MAX_BYTES} bytes" in found


def test_a_file_that_cannot_be_read_is_one_mistake_and_not_many(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "catalogue.yaml").write_text("features: {")
    (only,) = problems(folder)
    assert only.startswith("catalogue.yaml line 1: is not YAML")

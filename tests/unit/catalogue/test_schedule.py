"""The maker's schedule and the technicians: what is read, and what contradicts itself."""

from pathlib import Path

import pytest

from backend.catalogue.reading import read_folder
from backend.catalogue.validate import Catalogue, validate
from tests.unit.catalogue.folders import write
from tests.unit.catalogue.test_reading import catalogue, problems

ALIASES = "    aliases: [基础保养]\n"
LAST = "      - {models: [beta], parts: 380, labour: 120}\n"


def lines(read: Catalogue) -> list[tuple[list[str], int | None, int | None, str | None]]:
    return [
        (row.models, row.interval_km, row.interval_months, row.source)
        for row in read.service_intervals
    ]


def test_the_interval_on_an_item_is_the_general_one(tmp_path: Path) -> None:
    (row,) = catalogue(write(tmp_path)).service_intervals
    assert (row.item, row.models, row.interval_km) == ("minor_service", [], 10_000)
    assert (row.source, row.approved_by) == ("menu", "吴桐")


def test_a_model_has_its_own_beside_it(tmp_path: Path) -> None:
    own = "    intervals:\n      - {models: [beta], interval_km: 8000, source: book}\n"
    read = catalogue(write(tmp_path, service=(ALIASES, ALIASES + own)))
    assert lines(read) == [(["beta"], 8_000, None, "book"), ([], 10_000, None, "menu")]


def test_without_defaults_the_general_price_stands_for_it(tmp_path: Path) -> None:
    raw = read_folder(write(tmp_path))
    # As a workbook says it: provenance for the prices alone.
    raw.tables["defaults"] = [
        row for row in raw.tables["defaults"] if row.values["table"] != "service_intervals"
    ]
    assert lines(validate(raw)) == [([], 10_000, None, "menu")]


def test_with_prices_of_models_alone_the_first_of_them_does(tmp_path: Path) -> None:
    raw = read_folder(write(tmp_path, service=("      - {parts: 320, labour: 100}\n", "")))
    raw.tables["defaults"] = [
        row for row in raw.tables["defaults"] if row.values["table"] != "service_intervals"
    ]
    assert lines(validate(raw)) == [([], 10_000, None, "menu")]


def test_an_interval_for_which_nobody_stands_is_no_fact(tmp_path: Path) -> None:
    raw = read_folder(write(tmp_path))
    raw.tables["service_prices"] = []
    raw.tables["defaults"] = [
        row for row in raw.tables["defaults"] if row.values["table"] != "service_intervals"
    ]
    assert validate(raw).service_intervals == []


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("{interval_km: 9000}", "this interval is none of those in service_intervals"),
        ("{models: [beta]}", "interval_km or interval_months is missing"),
        ("{models: [gamma], interval_km: 1}", "models 'gamma' is not in models"),
        (
            "{models: [beta], interval_km: 1}\n      - {models: [beta], interval_km: 2}",
            "this interval begins before the one at",
        ),
        ("{models: [beta], interval_km: 0}", "interval_km"),
    ],
)
def test_what_cannot_be(tmp_path: Path, own: str, message: str) -> None:
    own = f"    intervals:\n      - {own}\n"
    assert message in "\n".join(problems(write(tmp_path, service=(ALIASES, ALIASES + own))))


def test_technicians_and_their_skills(tmp_path: Path) -> None:
    people = "technicians:\n  - {code: t1, name: 甲, skills: [engine]}\n"
    folder = write(tmp_path, service=(LAST, LAST + people))
    (one,) = catalogue(folder).technicians
    assert (one.code, one.skills, one.active) == ("t1", ["engine"], True)
    wanted = ALIASES + "    skill: high_voltage\n"
    text = (folder / "service.yaml").read_text("utf-8").replace(ALIASES, wanted)
    (folder / "service.yaml").write_text(text, "utf-8")
    assert "no active technician has the skill 'high_voltage'" in "\n".join(problems(folder))


def test_neither_is_needed(tmp_path: Path) -> None:
    assert catalogue(write(tmp_path)).technicians == []

"""Excel workbooks: the same catalogue as the folder, and mistakes named by their cells."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from backend.catalogue import workbook
from backend.catalogue.__main__ import main
from backend.catalogue.reading import read_folder
from backend.catalogue.rows import CatalogueError
from backend.catalogue.schema import TABLES
from backend.catalogue.validate import Catalogue, validate
from backend.catalogue.workbook import read_workbook
from backend.catalogue.workbook_writing import write_workbook
from backend.settings import ROOT
from tests.unit.catalogue.folders import write

DEMO = ROOT / "demo"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    write_workbook(read_folder(write(tmp_path / "small")), path)
    return path


def edit(path: Path, change: Callable[[Workbook], object]) -> None:
    opened = load_workbook(path)
    change(opened)
    opened.save(path)


def cell_of(path: Path, sheet: str, column: str, row: int = 3) -> str:
    page = sheet_of(load_workbook(path), sheet)
    (letter,) = [
        cell.column_letter for cell in page[1] if cell.value == column and hasattr(cell, "value")
    ]
    return f"{letter}{row}"


def sheet_of(opened: Workbook, name: str) -> Worksheet:
    page = opened[name]
    assert isinstance(page, Worksheet)
    return page


def put(path: Path, sheet: str, column: str, value: object, *, row: int = 3) -> str:
    """Writes one cell and returns its place as a problem would name it."""
    address = cell_of(path, sheet, column, row)

    def change(opened: Workbook) -> None:
        sheet_of(opened, sheet)[address].value = value

    edit(path, change)
    return f"{sheet}!{address}"


def catalogue(path: Path) -> Catalogue:
    return validate(read_workbook(path))


def problems(path: Path) -> list[str]:
    with pytest.raises(CatalogueError) as refused:
        catalogue(path)
    return [str(problem) for problem in refused.value.problems]


def test_the_demo_dealership_survives_the_way_through_excel(tmp_path: Path) -> None:
    path = tmp_path / "demo.xlsx"
    write_workbook(read_folder(DEMO), path)
    assert catalogue(path) == validate(read_folder(DEMO))


def test_every_table_has_a_sheet_with_headings_in_both_languages(book: Path) -> None:
    opened = load_workbook(book)
    assert opened.sheetnames == ["readme", *TABLES]
    for table, kind in TABLES.items():
        page = sheet_of(opened, table)
        assert [cell.value for cell in page[1]] == list(kind.model_fields)
        labels = [str(cell.value) for cell in page[2]]
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in label) for label in labels)
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("sheet", "column", "value", "message"),
    [
        ("prices", "price", "12.98万", "price: '12.98万' is not a number"),
        ("prices", "price", None, "price is missing"),
        ("prices", "price", True, "price: must be a number"),
        ("prices", "trim", "gamma", "trim 'gamma' is not in trims"),
        ("prices", "valid_from", "soon", "valid_from: 'soon' is not a day"),
        ("prices", "valid_from", datetime(2026, 10, 1, 9), "must be a day without a time"),
        ("prices", "price", "=1+1", "is a formula without a stored result"),
        ("prices", "price", "#REF!", "holds the error #REF!"),
        ("finance_plans", "months", 1224, "months: terms are months"),
        ("fees", "up_to", "9: 1100 | 5: 950", "the bounds must rise"),
        ("feature_values", "value", "lang", "length: 'lang' is not a number"),
        ("feature_values", "scope", "gamma", "is neither a model nor a trim"),
        ("opening_hours", "weekdays", "周一", "is no weekday"),
        ("service_prices", "item", "wash", "item 'wash' is not in service_items"),
        ("trims", "seats", 12, "seats: should be less than or equal to 9"),
        ("defaults", "table", "staff", "'staff' takes no defaults"),
    ],
)
def test_a_mistake_is_named_with_its_cell(
    book: Path, sheet: str, column: str, value: object, message: str
) -> None:
    row = 4 if (sheet, column) == ("fees", "up_to") else 3
    place = put(book, sheet, column, value, row=row)
    assert any(
        problem.startswith(f"{place}: ") and message in problem for problem in problems(book)
    ), problems(book)


@pytest.mark.parametrize(
    ("sheet", "column", "value"),
    [
        ("prices", "price", "89,800.00 "),
        ("prices", "price", 89800.00000000001),
        ("prices", "valid_until", "2026/12/31"),
        ("prices", "valid_until", date(2026, 12, 31)),
        ("prices", "valid_until", datetime(2026, 12, 31)),
        ("prices", "trim", "  alpha-base\u3000"),
        ("opening_hours", "opens", time(9, 0)),
        ("opening_hours", "opens", "9:00"),
        ("finance_plans", "months", "12、36"),
        ("finance_plans", "annual_rate_percent", "4.5"),
        ("fees", "optional", "否"),
        ("trims", "displacement_ml", "1498"),
        ("models", "aliases", "阿法\n"),
    ],
)
def test_other_ways_to_write_the_same(book: Path, sheet: str, column: str, value: object) -> None:
    before = catalogue(book)
    put(book, sheet, column, value)
    assert catalogue(book) == before


def test_a_cell_shown_as_a_percentage_means_what_it_shows(book: Path) -> None:
    before = catalogue(book)
    address = cell_of(book, "finance_plans", "annual_rate_percent")

    def change(opened: Workbook) -> None:
        cell = sheet_of(opened, "finance_plans")[address]
        cell.value = 0.045
        cell.number_format = "0.00%"

    edit(book, change)
    assert catalogue(book) == before


def test_a_formula_counts_by_its_stored_result(book: Path) -> None:
    before = catalogue(book)
    address = cell_of(book, "prices", "price")
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = f"xl/worksheets/sheet{load_workbook(book).sheetnames.index('prices') + 1}.xml"
    stored = f'<c r="{address}" t="n"><v>89800</v></c>'.encode()
    assert stored in parts[sheet]
    formula = f'<c r="{address}"><f>44900*2</f><v>89800</v></c>'.encode()
    parts[sheet] = parts[sheet].replace(stored, formula)
    with zipfile.ZipFile(book, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert load_workbook(book)["prices"][address].value == "=44900*2"
    assert catalogue(book) == before


def test_blank_rows_moved_columns_chinese_headings_and_notes_do_not_matter(book: Path) -> None:
    before = catalogue(book)

    def change(opened: Workbook) -> None:
        page = sheet_of(opened, "prices")
        page.insert_rows(4, amount=3)
        page.cell(20, 1, "  ")
        page.delete_rows(2)
        page.insert_cols(1)
        for cell in page[1]:
            if cell.value == "price":
                cell.value = "指导价(元)"
        opened.create_sheet("_notes").append(["call the bank"])
        opened.move_sheet("prices", offset=-5)

    edit(book, change)
    assert catalogue(book) == before


def test_text_is_never_written_as_a_formula(tmp_path: Path) -> None:
    folder = write(tmp_path / "small", statements=("text_zh: 三年", 'text_zh: "=1+1"'))
    path = tmp_path / "book.xlsx"
    write_workbook(read_folder(folder), path)
    address = cell_of(path, "statements", "text_zh")
    assert sheet_of(load_workbook(path), "statements")[address].data_type == "s"
    assert catalogue(path).statements[0].text_zh == "=1+1"


def test_unknown_headings_sheets_and_stray_cells_are_named(book: Path) -> None:
    def change(opened: Workbook) -> None:
        sheet_of(opened, "prices")["A1"].value = "tirm"
        sheet_of(opened, "models")["C1"].value = "code"
        sheet_of(opened, "demo_cars")["Z3"].value = "?"
        opened["statements"].title = "statement"

    edit(book, change)
    found = problems(book)
    assert any(problem.startswith("prices!A1: 'tirm' is no heading here") for problem in found)
    assert "models!C1: the heading 'code' stands here twice" in found
    assert "demo_cars!Z3: stands under no heading" in found
    assert any(problem.startswith("statement: is no known sheet") for problem in found)
    assert any(problem.startswith("statements: this sheet is missing") for problem in found)


def test_a_sheet_without_headings_is_named(book: Path) -> None:
    def change(opened: Workbook) -> None:
        page = sheet_of(opened, "statements")
        page.delete_rows(1, 10)

    edit(book, change)
    assert "statements!A1: row 1 must hold the headings" in problems(book)


def test_too_many_rows_are_refused(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 4)
    assert "prices!A5: a sheet has at most 4 rows" in problems(book)


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    assert problems(path) == ["book.xlsx: does not exist"]
    path.write_bytes(b"\xd0\xcf\x11\xe0 an old .xls")
    assert problems(path)[0] == "book.xlsx: is not an Excel workbook (.xlsx)"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert problems(path)[0].startswith("book.xlsx: is not a readable Excel workbook")


def test_a_file_that_unpacks_to_too_much_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(11):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", b"0" * 10_000_000)
    assert path.stat().st_size < 200_000
    assert problems(path)[0].startswith("bomb.xlsx: unpacks to more than")


def test_a_file_that_is_too_large_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(workbook.MAX_BYTES + 1)
    assert problems(path)[0].startswith("large.xlsx: is larger than")


def test_entities_in_the_xml_do_not_expand(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    sheet = f"xl/worksheets/sheet{load_workbook(book).sheetnames.index('prices') + 1}.xml"
    assert b"<v>89800</v>" in parts[sheet]
    declared = f"<!DOCTYPE worksheet [<!ENTITY l0 'lol'>{lol}]>".encode()
    parts[sheet] = declared + parts[sheet].replace(b"<v>89800</v>", b"<v>&l9;</v>", 1)
    with zipfile.ZipFile(book, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    # Entities are refused with the whole book, before anything of it is expanded.
    assert problems(book) == ["book.xlsx: is not a readable Excel workbook: ValueError"]


def test_the_command_writes_a_workbook_and_lists_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "book.xlsx"
    assert main(["export", str(path), "--folder", str(write(tmp_path / "good"))]) == 0
    assert catalogue(path).dealership.code == "test-dealer"
    capsys.readouterr()
    path.unlink()
    spoilt = write(tmp_path / "bad", prices=("price: 119800", "price: -1"))
    assert main(["export", str(path), "--folder", str(spoilt)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "prices.yaml line 5: price: an amount is between 0 and 20000000 yuan, not -1",
        "1 mistake; nothing was changed.",
    ]
    assert not path.exists()

"""Reads an Excel workbook into raw tables, with the cell of every value.

One sheet for each table of `schema.TABLES`. Row 1 has the headings, by key or in Chinese;
row 2 may repeat them in the other language. Sheets whose names begin with `_`, and `readme`,
are for people only.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from backend.catalogue.rows import RawRow, RawTables
from backend.catalogue.schema import OPTIONAL, TABLES, Row

MAX_BYTES = 10_000_000
MAX_UNPACKED = 100_000_000
MAX_MEMBERS = 500
MAX_ROWS = 20_000
MAX_COLUMNS = 60
NOTES = ("readme", "说明")

Cells = Iterator[tuple[int, list[tuple[Any, Any]]]]


def read_workbook(path: Path) -> RawTables:
    """The tables of the workbook at `path`; what is wrong is in `problems`, nothing raises.

    A formula counts by the result that Excel stored with it.
    """
    raw = RawTables()
    if not _acceptable(path, raw):
        return raw
    try:
        # Twice: once for stored results, once to tell an empty cell from a formula without.
        values = load_workbook(path, read_only=True, data_only=True)
        formulas = load_workbook(path, read_only=True, data_only=False)
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raw.refuse(path.name, f"is not a readable Excel workbook: {type(error).__name__}")
        return raw
    try:
        names = {sheet.title.strip().lower(): sheet.title for sheet in values.worksheets}
        for name, title in names.items():
            if name in TABLES:
                try:
                    _read_sheet(raw, name, _cells(values[title], formulas[title]))
                except Exception as error:
                    raw.refuse(title, f"is not a readable sheet: {type(error).__name__}")
            elif not name.startswith("_") and name not in NOTES:
                raw.refuse(title, "is no known sheet; begin the names of sheets for notes with _")
        for name in TABLES:
            if name not in names and name not in OPTIONAL:
                raw.refuse(name, "this sheet is missing; leave it empty below the headings")
    finally:
        values.close()
        formulas.close()
    return raw


def _acceptable(path: Path, raw: RawTables) -> bool:
    """Bounds of the file before anything unpacks it: a small one may unpack to gigabytes."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raw.refuse(path.name, f"is larger than {MAX_BYTES} bytes")
            return False
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except FileNotFoundError:
        raw.refuse(path.name, "does not exist")
        return False
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        raw.refuse(path.name, "is not an Excel workbook (.xlsx)")
        return False
    if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
        raw.refuse(path.name, f"unpacks to more than {MAX_UNPACKED} bytes or {MAX_MEMBERS} parts")
        return False
    return True


def _cells(values: Any, formulas: Any) -> Cells:
    """Rows by number, each cell as (with its result, with its formula)."""
    # What the file says about its own size may be wrong by a million rows.
    values.reset_dimensions()
    formulas.reset_dimensions()
    pairs = zip(
        values.iter_rows(max_col=MAX_COLUMNS), formulas.iter_rows(max_col=MAX_COLUMNS), strict=True
    )
    for number, (results, sources) in enumerate(pairs, start=1):
        yield number, list(zip(results, sources, strict=True))


def _read_sheet(raw: RawTables, table: str, cells: Cells) -> None:
    raw.tables.setdefault(table, [])
    headings: dict[int, str] = {}
    for number, row in cells:
        filled = [
            (index, result, source)
            for index, (result, source) in enumerate(row)
            if _written(result) is not None or _written(source) is not None
        ]
        if not filled:
            continue
        if number > MAX_ROWS:
            raw.refuse(f"{table}!A{number}", f"a sheet has at most {MAX_ROWS} rows")
            return
        if number == 1:
            headings = _headings(raw, table, filled)
        elif number == 2 and _repeats(table, headings, filled):
            continue
        elif headings:
            raw.add(table, _row(raw, table, number, headings, filled))
    if not headings:
        raw.refuse(f"{table}!A1", "row 1 must hold the headings")


def _headings(raw: RawTables, table: str, filled: list[tuple[int, Any, Any]]) -> dict[int, str]:
    known = _known(TABLES[table])
    headings: dict[int, str] = {}
    for index, result, _ in filled:
        place = f"{table}!{get_column_letter(index + 1)}1"
        name = known.get(str(result.value).strip().lower())
        if name is None:
            raw.refuse(
                place, f"{result.value!r} is no heading here; they are {', '.join(_keys(table))}"
            )
        elif name in headings.values():
            raw.refuse(place, f"the heading {name!r} stands here twice")
        else:
            headings[index] = name
    return headings


def _keys(table: str) -> list[str]:
    return list(TABLES[table].model_fields)


def _known(kind: type[Row]) -> dict[str, str]:
    """Key and Chinese heading → key."""
    known = {name: name for name in kind.model_fields}
    known |= {(field.title or name).lower(): name for name, field in kind.model_fields.items()}
    return known


def _repeats(table: str, headings: dict[int, str], filled: list[tuple[int, Any, Any]]) -> bool:
    known = _known(TABLES[table])
    return all(
        headings.get(index) is not None
        and known.get(str(result.value).strip().lower()) == headings[index]
        for index, result, _ in filled
    )


def _row(
    raw: RawTables,
    table: str,
    number: int,
    headings: dict[int, str],
    filled: list[tuple[int, Any, Any]],
) -> RawRow:
    row = RawRow(f"{table} row {number}")
    # An empty cell has a place too: that is where the missing value belongs.
    row.places = {
        name: f"{table}!{get_column_letter(index + 1)}{number}" for index, name in headings.items()
    }
    for index, result, _ in filled:
        place = f"{table}!{get_column_letter(index + 1)}{number}"
        name = headings.get(index)
        if name is None:
            raw.refuse(place, "stands under no heading")
            continue
        value = _written(result)
        if value is None:
            raw.refuse(
                place, "is a formula without a stored result; open and save the file in Excel"
            )
        elif getattr(result, "data_type", "") == "e":
            raw.refuse(place, f"holds the error {value}")
        elif isinstance(value, (str, int, float, date, datetime, time)):
            row.put(name, _scaled(name, value, result), place)
        else:
            raw.refuse(place, f"holds a {type(value).__name__}, which is not read here")
    return row


def _written(cell: Any) -> object:
    """What a cell holds, without blanks around text; None for an empty one."""
    value: object = cell.value
    if isinstance(value, str):
        value = value.strip()
    return None if value == "" else value


def _scaled(name: str, value: object, cell: Any) -> object:
    """Excel keeps 3.5 % as 0.035 when the cell is shown as a percentage."""
    shown_as_percentage = "%" in str(getattr(cell, "number_format", ""))
    if name.endswith("_percent") and shown_as_percentage and isinstance(value, (int, float)):
        return value * 100
    return value

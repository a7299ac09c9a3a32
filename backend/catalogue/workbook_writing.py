"""Writes the tables of a catalogue as an Excel workbook that can be filled in and imported."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from backend.catalogue import fields
from backend.catalogue.rows import RawTables
from backend.catalogue.schema import TABLES
from backend.catalogue.validate import validate
from backend.catalogue.workbook import MAX_ROWS

Reader = Callable[..., object]

HEADING = PatternFill("solid", fgColor="2F4858")
README = (
    ("车服 Chefu 车型目录", "Chefu catalogue"),
    ("每张表一页；第 1 行是字段名，第 2 行是中文名称，从第 3 行开始填写。",
     "One sheet for each table; row 1 has the keys, row 2 their Chinese names, data from row 3."),
    ("金额以元为单位，最多两位小数；百分比写 3.5 表示 3.5%。",
     "Amounts are in yuan with at most two decimals; 3.5 means 3.5 %."),
    ("同一格多个值用 | 分开，例如 12 | 24 | 36。",
     "Several values in one cell are separated by |, such as 12 | 24 | 36."),
    ("defaults 页为每张表填写共同的来源、批准人、批准时间和有效期。",
     "The sheet defaults holds the source, approver, approval time and validity of each table."),
    ("feature_values 的 scope 填车型或版本代码；版本未写的配置取 like 版本，再取车型。",
     "The scope of feature_values is a model or a trim; a trim without a value takes that of the "
     "trim it is like, then that of its model."),
)  # fmt: skip


def write_workbook(raw: RawTables, path: Path) -> None:
    """Writes `raw` to `path`. Raises `CatalogueError` if it is not a valid catalogue.

    Importing the workbook leaves the store as importing what `raw` was read from.
    """
    written = {table: [dict(row.values) for row in rows] for table, rows in raw.tables.items()}
    validate(raw)
    book = Workbook()
    readme = book.active
    assert isinstance(readme, Worksheet)  # noqa: S101 (a new workbook has one)
    readme.title = "readme"
    readme.column_dimensions["A"].width = readme.column_dimensions["B"].width = 80
    for line in README:
        readme.append(line)
    for table in TABLES:
        _write_sheet(book.create_sheet(table), table, written.get(table, []))
    book.save(path)


def _write_sheet(sheet: Worksheet, table: str, rows: list[dict[str, object]]) -> None:
    kinds = TABLES[table].model_fields
    for column, (name, field) in enumerate(kinds.items(), start=1):
        letter = get_column_letter(column)
        for number, text in enumerate((name, field.title or name), start=1):
            cell = sheet.cell(number, column, text)
            cell.fill = HEADING
            cell.font = Font(bold=number == 1, color="FFFFFF")
            cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[letter].width = _width(name)
        if choices := _choices(field):
            rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            rule.add(f"{letter}3:{letter}{MAX_ROWS}")
            sheet.add_data_validation(rule)
        reader = _reader(field)
        for number, row in enumerate(rows, start=3):
            if name in row:
                value = _cell_value(reader, row[name])
                filled = sheet.cell(number, column, value)
                if isinstance(value, str):
                    filled.data_type = "s"  # never a formula, whatever it begins with
    sheet.freeze_panes = "B3"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(kinds))}{len(rows) + 2}"


def _width(name: str) -> int:
    if name.startswith("text_") or name in ("aliases", "summary_zh", "summary_en", "value"):
        return 48
    return 28 if name.startswith(("name", "title", "code", "source")) else 18


def _reader(field: FieldInfo) -> Reader | None:
    """The function of `fields` that reads this field, if it has one."""

    def search(part: Any) -> Reader | None:
        for one in getattr(part, "__metadata__", ()):
            if isinstance(one, BeforeValidator):
                return one.func
        return next((found for one in get_args(part) if (found := search(one))), None)

    for one in field.metadata:
        if isinstance(one, BeforeValidator):
            return one.func
    return search(field.annotation)


def _choices(field: FieldInfo) -> list[str]:
    if field.annotation is bool:
        return ["yes", "no"]
    return list(get_args(field.annotation)) if get_origin(field.annotation) is Literal else []


def _cell_value(reader: Reader | None, value: object) -> Any:
    """The cell for `value`: dates and numbers as Excel's own, so that they sort and add up."""
    if reader in (fields.day, fields.last_day):
        return fields.last_day(value) or "none"
    if reader in (fields.moment,):
        at = fields.moment(value)
        return at if at.tzinfo is None else at.isoformat()
    if reader in (fields.fen, fields.basis_points, fields.whole):
        number = fields.number(value)
        return int(number) if number == int(number) else float(number)
    if isinstance(value, list):
        return " | ".join(
            ": ".join(str(part) for part in one) if isinstance(one, list) else str(one)
            for one in value
        )
    return value if isinstance(value, (str, int, float, datetime)) else str(value)

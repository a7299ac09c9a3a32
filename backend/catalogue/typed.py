"""Raw rows → typed rows, one by one, with the place of each problem."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from backend.catalogue.rows import RawRow, RawTables
from backend.catalogue.schema import Row

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Placed(Generic[R]):
    """A row that reads well, and where it stands."""

    row: R
    raw: RawRow


def typed_rows(raw: RawTables, table: str, kind: type[R]) -> list[Placed[R]]:
    """The rows of `table` that read well; the others leave their problems in `raw`."""
    result = []
    for row in raw.tables.get(table, []):
        try:
            result.append(Placed(kind.model_validate(row.values), row))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                field = str(detail["loc"][0]) if detail["loc"] else None
                raw.refuse(row.at(field), _message(field, detail))
    return result


def _message(field: str | None, detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return f"{field} is missing"
    if kind == "extra_forbidden":
        return f"{field} is unknown here"
    if kind == "literal_error":
        return f"{field} must be one of {context['expected']}".replace("'", "")
    if kind == "string_pattern_mismatch":
        return f"{field} is not written as it must be ({context['pattern']})"
    if kind == "none_required":
        return f"{field} must be left empty"
    text = detail["msg"].removeprefix("Value error, ").replace("Input should", "should")
    return f"{field}: {text}" if field else text

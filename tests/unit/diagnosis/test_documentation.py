"""docs/diagnosis.md names what the schema has."""

from typing import Any, get_args

from backend.catalogue.schema import Fact
from backend.diagnosis.schema import TABLES, Drive, Visit
from backend.settings import ROOT

TEXT = (ROOT / "docs" / "diagnosis.md").read_text("utf-8")


def test_every_field_is_explained() -> None:
    tables: dict[str, Any] = TABLES
    missing = {
        f"{table}.{name}"
        for table, row in tables.items()
        for name in set(row.model_fields) - set(Fact.model_fields) - {"question"}
        if f"`{name}`" not in TEXT
    }
    assert missing == set()


def test_every_level_is_explained() -> None:
    assert [
        level for level in (*get_args(Drive), *get_args(Visit)) if f"`{level}`" not in TEXT
    ] == []

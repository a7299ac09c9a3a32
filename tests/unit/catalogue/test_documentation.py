"""docs/catalogue-format.md names what the schema has."""

import re

import pytest

from backend.catalogue.reading import FILES
from backend.catalogue.schema import FACTS, TABLES, Fact
from backend.settings import ROOT

TEXT = (ROOT / "docs" / "catalogue-format.md").read_text("utf-8")


@pytest.mark.parametrize("table", [name for name in TABLES if name != "defaults"])
def test_every_field_of_a_table_is_explained_in_its_section(table: str) -> None:
    headings = list(re.finditer(r"^### .*$", TEXT, re.MULTILINE))
    begin = next(one for one in headings if re.search(rf"\b{table}\b", one.group()))
    end = TEXT.find("\n##", begin.end())
    section = TEXT[begin.end() : end]
    own = set(TABLES[table].model_fields) - set(Fact.model_fields)
    missing = {name for name in own if f"`{name}`" not in section}
    assert missing == set()
    assert ("fields of a fact" in section) == (table in FACTS or table == "service_items")


def test_files_and_fields_of_facts_are_explained() -> None:
    assert [name for name in FILES if f"`{name}`" not in TEXT] == []
    assert [name for name in Fact.model_fields if f"`{name}`" not in TEXT] == []

"""Reads a dealership's folder of YAML files into raw tables, with the line of every cell."""

import re
from pathlib import Path
from typing import Any

import yaml

from backend.catalogue.rows import CatalogueError, RawRow, RawTables
from backend.catalogue.schema import FACTS, OPTIONAL, StaffRow
from backend.catalogue.typed import typed_rows

MAX_BYTES = 4_000_000
FILES: dict[str, tuple[str, ...]] = {
    "dealership.yaml": ("dealership", "opening_hours", "special_days", "staff"),
    "catalogue.yaml": ("features", "models"),
    "prices.yaml": ("prices",),
    "promotions.yaml": ("promotions",),
    "finance.yaml": ("finance_plans",),
    "fees.yaml": ("fees",),
    "service.yaml": ("service_items", "technicians"),
    "demo_cars.yaml": ("demo_cars",),
    "statements.yaml": ("statements",),
    "complaints.yaml": ("complaint_rules",),
    "trade_in.yaml": ("trade_in_ranges",),
}
"""The files of a folder, all of them needed, and the keys in each beside `defaults`; those of
`OPTIONAL` may be left out."""

NESTED_FACTS = {
    "catalogue.yaml": ("feature_values",),
    "service.yaml": ("service_prices", "service_intervals"),
}
"""Facts that stand inside other rows; the file's defaults are theirs."""


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: `no` and `12:30` stay text, a repeated key is an error.

    Anchors and aliases are refused: expanded they can be far larger than the file.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="anchors and aliases (& and *) are not used here",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"^(?:~|null)?$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^[-+]?(?:0|[1-9][0-9_]*)$", list("-+0123456789")),
    ("float", r"^[-+]?(?:0|[1-9][0-9_]*)\.[0-9]+$", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


class SourceFile:
    """One file on its way into the tables."""

    def __init__(self, name: str, raw: RawTables) -> None:
        self.name = name
        self.raw = raw

    def line(self, node: yaml.Node) -> str:
        return f"{self.name} line {node.start_mark.line + 1}"

    def mapping(self, node: yaml.Node) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self.raw.refuse(self.line(node), "must be keys with values")
            return {}
        result: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.raw.refuse(self.line(key), "a key must be a word")
            elif key.value in result:
                self.raw.refuse(self.line(key), f"the key {key.value!r} stands here twice")
            else:
                result[key.value] = value
        return result

    def sequence(self, node: yaml.Node) -> list[yaml.Node]:
        if isinstance(node, yaml.ScalarNode) and self.plain(node) is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.raw.refuse(self.line(node), "must be a list")
            return []
        return list(node.value)

    def plain(self, node: yaml.Node) -> Any:
        """The value of a cell: a scalar, or lists of them."""
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(part) for part in node.value]
        if isinstance(node, yaml.MappingNode):
            self.raw.refuse(self.line(node), "must be a value or a list, not keys with values")
            return None
        kind = node.tag.rpartition(":")[2]
        if kind == "null":
            return None
        if kind == "bool":
            return node.value == "true"
        if kind == "int":
            return int(node.value)
        # A decimal stays text: its digits are what was written, a float's are not.
        return node.value

    def row(self, node: yaml.Node, *, without: tuple[str, ...] = ()) -> RawRow:
        row = RawRow(self.line(node))
        for key, value in self.mapping(node).items():
            if key in without:
                continue
            plain = self.plain(value)
            if plain is not None:
                row.put(key, plain, self.line(value))
        return row


def read_folder(folder: Path) -> RawTables:
    """The tables of `folder`; what is wrong with the files is in `problems`, nothing raises."""
    raw = RawTables()
    for name, tables in FILES.items():
        if OPTIONAL.issuperset(tables) and not (folder / name).exists():
            continue
        root = compose(folder / name, raw)
        if root is not None:
            _read_file(SourceFile(name, raw), root)
    for table in OPTIONAL:
        raw.tables.setdefault(table, [])
    return raw


def read_staff(folder: Path) -> list[StaffRow]:
    """The first accounts of the dealership in `folder`; they carry no passwords.

    Raises `CatalogueError` where the file does not hold them properly.
    """
    raw = RawTables()
    root = compose(folder / "dealership.yaml", raw)
    if root is not None:
        _read_file(SourceFile("dealership.yaml", raw), root)
    rows = typed_rows(raw, "staff", StaffRow)
    if raw.problems:
        raise CatalogueError(raw.problems)
    return [placed.row for placed in rows]


def compose(path: Path, raw: RawTables) -> yaml.Node | None:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raw.refuse(path.name, f"is larger than {MAX_BYTES} bytes")
            return None
        node: yaml.Node | None = yaml.compose(path.read_text("utf-8-sig"), Loader=_Loader)
    except FileNotFoundError:
        raw.refuse(path.name, "is missing; every file of a dealership's folder is needed")
        return None
    except UnicodeDecodeError:
        raw.refuse(path.name, "is not UTF-8 text")
        return None
    except OSError as error:
        raw.refuse(path.name, f"cannot be read: {error.strerror}")
        return None
    except RecursionError:
        raw.refuse(path.name, "is nested too deeply")
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path.name} line {mark.line + 1}" if mark else path.name
        raw.refuse(place, f"is not YAML: {error.problem or error.context}")
        return None
    except yaml.YAMLError as error:
        raw.refuse(path.name, f"is not YAML: {error}")
        return None
    if node is None:
        raw.refuse(path.name, "is empty")
    return node


def _read_file(file: SourceFile, root: yaml.Node) -> None:
    tables = FILES[file.name]
    content = file.mapping(root)
    for key, node in content.items():
        if key == "defaults":
            _defaults(file, node)
        elif key == "dealership" and key in tables:
            file.raw.add("dealership", file.row(node))
        elif key in tables:
            for part in file.sequence(node):
                _row(file, key, part)
        else:
            file.raw.refuse(file.line(node), f"the key {key!r} is unknown in this file")
    for key in tables:
        if key not in content and key not in OPTIONAL:
            file.raw.refuse(file.name, f"the key {key!r} is missing")


def _defaults(file: SourceFile, node: yaml.Node) -> None:
    tables = [*FILES[file.name], *NESTED_FACTS.get(file.name, ())]
    facts = [table for table in tables if table in FACTS]
    if not facts:
        file.raw.refuse(file.line(node), "this file holds no facts, so it takes no defaults")
    for table in facts:
        row = file.row(node)
        row.put("table", table, row.place)
        file.raw.add("defaults", row)


def _row(file: SourceFile, table: str, node: yaml.Node) -> None:
    if table == "models":
        _model(file, node)
    elif table == "service_items":
        nested = {"prices": "service_prices", "intervals": "service_intervals"}
        row = file.row(node, without=tuple(nested))
        file.raw.add(table, row)
        content = file.mapping(node)
        for key, facts in nested.items():
            for part in file.sequence(content[key]) if key in content else []:
                fact = file.row(part)
                fact.put("item", row.values.get("code"), row.at("code"))
                file.raw.add(facts, fact)
    else:
        file.raw.add(table, file.row(node))


def _model(file: SourceFile, node: yaml.Node) -> None:
    row = file.row(node, without=("features", "trims"))
    file.raw.add("models", row)
    content = file.mapping(node)
    if "features" in content:
        _features(file, row, content["features"])
    for part in file.sequence(content["trims"]) if "trims" in content else []:
        trim = file.row(part, without=("features",))
        trim.put("model", row.values.get("code"), row.at("code"))
        file.raw.add("trims", trim)
        own = file.mapping(part)
        if "features" in own:
            _features(file, trim, own["features"])


def _features(file: SourceFile, owner: RawRow, node: yaml.Node) -> None:
    """`feature: value`, `feature: {value: …, source: …}` or a list of the latter."""
    for feature, value in file.mapping(node).items():
        several = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for one in several:
            if isinstance(one, yaml.MappingNode):
                row = file.row(one)
            else:
                row = RawRow(file.line(one))
                plain = file.plain(one)
                if plain is not None:
                    row.put("value", plain, row.place)
            row.put("scope", owner.values.get("code"), owner.at("code"))
            row.put("feature", feature, row.place)
            file.raw.add("feature_values", row)

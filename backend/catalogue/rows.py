"""What every format of the catalogue is read into first: named cells, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.errors import InvalidError


@dataclass(frozen=True)
class Problem:
    """One thing to mend, and where: `prices.yaml line 12` or `prices!C12`."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class CatalogueError(InvalidError):
    """A catalogue that was refused as a whole; `problems` has all of them, in reading order."""

    code = "invalid_catalogue"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class RawRow:
    """One row as it was written, nothing checked; empty cells are absent from `values`."""

    place: str
    values: dict[str, object] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: object, place: str) -> None:
        self.values[name] = value
        self.places[name] = place

    def at(self, name: str | None) -> str:
        """The place of one cell; of the row where the cell has none."""
        return self.places.get(name, self.place) if name else self.place


@dataclass
class RawTables:
    """All tables of a document by name (the names of `schema.TABLES`)."""

    tables: dict[str, list[RawRow]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    """Found while reading; the tables then hold what could be read."""

    def add(self, table: str, row: RawRow) -> None:
        self.tables.setdefault(table, []).append(row)

    def unread(self, table: str) -> bool:
        """Whether `table` is empty because its file or sheet could not be read."""
        return table not in self.tables and bool(self.problems)

    def refuse(self, place: str, message: str) -> None:
        self.problems.append(Problem(place, message))

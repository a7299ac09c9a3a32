"""What all tables share: types, naming of constraints, provenance of facts."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    MetaData,
    String,
    TypeDecorator,
    literal_column,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC on every database.

    SQLite keeps no zone; without this it would hand back naive values. Refuses naive input.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are stored with their zone; this one has none")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        datetime: UtcDateTime,
        date: Date,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        str: String,
    }

    signal: ClassVar[str | None] = None
    """The attribute with the id of the conversation that a change of the row is news of."""
    topics: ClassVar[tuple[str, ...]] = ("conversation",)
    """Who is told of it."""


class Certified:
    """Provenance of a fact: no row of these may be stated outside its validity.

    `valid_from` and `valid_until` are days in the dealership's zone, both inclusive;
    an empty `valid_until` means until replaced. `approved_by` empty means: not approved,
    never stated.
    """

    source: Mapped[str]
    source_en: Mapped[str] = mapped_column(default="")
    """The same for English readers; empty where the document has no English name."""
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


def literals(*values: str) -> tuple[ColumnElement[str], ...]:
    """For `in_`, written out in the statement as in the condition of a partial index: of values
    that are only bound SQLite does not see that the index holds them, and reads all rows."""
    return tuple(literal_column(repr(value), String) for value in values)


def one_of(column: str, *values: str) -> str:
    """The text of a check constraint: `column` holds one of `values`."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"

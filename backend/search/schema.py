"""The index over the tokens, and what keeps it: made by a migration, in each database's own way.

None of it is described by the models; names beginning with `search_index` are left alone when
models and store are compared. A migration that lets Alembic copy `messages`, `notes` or one of
the tables of `ENDS` on SQLite loses what stands on it here: it has to `drop` before and `create`
after.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.engine import Connection

OWN = "search_index"
SOURCES = {"messages": "message_id", "notes": "note_id"}
"""Tables with a `text` that is searched, and the column of `search_entries` that names a row."""

ENDS = {
    # Suffixes: of phones the last four digits, of plates all behind the province.
    "search_index_customers_phone_end": "customers (substr(phone, length(phone) - 3))",
    "search_index_complaints_phone": "complaints (contact_phone)",
    "search_index_complaints_phone_end": (
        "complaints (substr(contact_phone, length(contact_phone) - 3))"
    ),
    "search_index_vehicles_plate_end": "vehicles (substr(plate, 2))",
    "search_index_service_bookings_plate": "service_bookings (plate)",
    "search_index_service_bookings_plate_end": "service_bookings (substr(plate, 2))",
}

# The tokens are divided already: `ascii` splits at spaces only, since they hold nothing but
# letters and digits. Positions and sizes are not kept, nobody asks for them. Prefixes of one
# character serve single Chinese characters, of three the beginnings of words.
_SQLITE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
        tokens, content='search_entries', content_rowid='id',
        tokenize='ascii', detail='none', columnsize=0, prefix='1 3')""",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
    """CREATE TRIGGER search_index_written AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_index(rowid, tokens) VALUES (new.id, new.tokens); END""",
    """CREATE TRIGGER search_index_deleted AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, tokens)
        VALUES ('delete', old.id, old.tokens); END""",
    """CREATE TRIGGER search_index_changed AFTER UPDATE OF tokens ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, tokens)
        VALUES ('delete', old.id, old.tokens);
        INSERT INTO search_index(rowid, tokens) VALUES (new.id, new.tokens); END""",
)
_SQLITE_SOURCE = (
    """CREATE TRIGGER search_index_TABLE_emptied AFTER UPDATE OF text ON TABLE
        WHEN new.text IS NOT old.text BEGIN
        UPDATE search_entries SET tokens = '' WHERE COLUMN = new.id; END""",
)
_SQLITE_DROP = (
    "DROP TRIGGER search_index_written",
    "DROP TRIGGER search_index_deleted",
    "DROP TRIGGER search_index_changed",
    "DROP TABLE search_index",
)
_SQLITE_SOURCE_DROP = ("DROP TRIGGER search_index_TABLE_emptied",)

_POSTGRESQL = (
    # Only for this transaction; the usual 64 MB make the next statement take far longer.
    "SET LOCAL maintenance_work_mem = '256MB'",
    # Without a list of pending entries: it would be read in every search.
    "CREATE INDEX search_index_tokens ON search_entries USING gin (tokens) WITH (fastupdate = off)",
)
_POSTGRESQL_SOURCE = (
    """CREATE FUNCTION search_index_TABLE_empty() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE search_entries SET tokens = ''::tsvector WHERE COLUMN = new.id;
            RETURN NULL;
        END $$""",
    """CREATE TRIGGER search_index_TABLE_emptied AFTER UPDATE OF text ON TABLE
        FOR EACH ROW WHEN (new.text IS DISTINCT FROM old.text)
        EXECUTE FUNCTION search_index_TABLE_empty()""",
)
_POSTGRESQL_DROP = ("DROP INDEX search_index_tokens",)
_POSTGRESQL_SOURCE_DROP = (
    "DROP TRIGGER search_index_TABLE_emptied ON TABLE",
    "DROP FUNCTION search_index_TABLE_empty()",
)


def create(connection: Connection) -> None:
    """Builds the index over what `search_entries` holds, and what keeps both together."""
    sqlite = connection.dialect.name == "sqlite"
    _run(connection, _SQLITE if sqlite else _POSTGRESQL)
    _run_by_source(connection, _SQLITE_SOURCE if sqlite else _POSTGRESQL_SOURCE)
    _run(connection, (f"CREATE INDEX {name} ON {columns}" for name, columns in ENDS.items()))


def drop(connection: Connection) -> None:
    """Removes what `create` made."""
    sqlite = connection.dialect.name == "sqlite"
    _run(connection, (f"DROP INDEX {name}" for name in ENDS))
    _run_by_source(connection, _SQLITE_SOURCE_DROP if sqlite else _POSTGRESQL_SOURCE_DROP)
    _run(connection, _SQLITE_DROP if sqlite else _POSTGRESQL_DROP)


def _run(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(text(statement))


def _run_by_source(connection: Connection, statements: Iterable[str]) -> None:
    for table, column in SOURCES.items():
        _run(
            connection,
            (one.replace("TABLE", table).replace("COLUMN", column) for one in statements),
        )

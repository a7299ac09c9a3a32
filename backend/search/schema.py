"""The index over the tokens, and what keeps it: made by a migration, in each database's own way.

None of it is described by the models; names beginning with `search_index` are left alone when
models and store are compared. A migration that lets Alembic copy `messages`, `notes` or one of
the tables of `ENDS` on SQLite loses what stands on it here: it has to `drop` before and `create`
after.
"""

from sqlalchemy import text
from sqlalchemy.engine import Connection

OWN = "search_index"
SOURCES = {"messages": "message_id", "notes": "note_id"}
"""Tables with a `text` that is searched, and the column of `search_entries` that names a row."""

ENDS = {
    # Suffixes: of phones the last four digits, of plates all behind the province.
    f"{OWN}_customers_phone_end": "customers (substr(phone, length(phone) - 3))",
    f"{OWN}_complaints_phone": "complaints (contact_phone)",
    f"{OWN}_complaints_phone_end": "complaints (substr(contact_phone, length(contact_phone) - 3))",
    f"{OWN}_vehicles_plate_end": "vehicles (substr(plate, 2))",
    f"{OWN}_service_bookings_plate": "service_bookings (plate)",
    f"{OWN}_service_bookings_plate_end": "service_bookings (substr(plate, 2))",
}

_SQLITE_TABLE = f"""
CREATE VIRTUAL TABLE {OWN} USING fts5(
    tokens, content='search_entries', content_rowid='id',
    tokenize='ascii', detail='none', columnsize=0, prefix='1 3'
)
"""
"""The tokens are divided already: `ascii` splits at spaces only, since they hold nothing but
letters and digits. Positions and sizes are not kept, nobody asks for them. Prefixes of one
character serve single Chinese characters, of three the beginnings of words."""

_SQLITE_TRIGGERS = {
    "written": f"""AFTER INSERT ON search_entries BEGIN
        INSERT INTO {OWN}(rowid, tokens) VALUES (new.id, new.tokens); END""",
    "deleted": f"""AFTER DELETE ON search_entries BEGIN
        INSERT INTO {OWN}({OWN}, rowid, tokens) VALUES ('delete', old.id, old.tokens); END""",
    "changed": f"""AFTER UPDATE OF tokens ON search_entries BEGIN
        INSERT INTO {OWN}({OWN}, rowid, tokens) VALUES ('delete', old.id, old.tokens);
        INSERT INTO {OWN}(rowid, tokens) VALUES (new.id, new.tokens); END""",
    **{
        f"{table}_emptied": f"""AFTER UPDATE OF text ON {table} WHEN new.text IS NOT old.text BEGIN
        UPDATE search_entries SET tokens = '' WHERE {column} = new.id; END"""
        for table, column in SOURCES.items()
    },
}

_POSTGRESQL = (
    # Without a list of pending entries: it would be read in every search.
    f"CREATE INDEX {OWN}_tokens ON search_entries USING gin (tokens) WITH (fastupdate = off)",
    # Tokens of a million messages in one go need more than the usual statistics.
    "ALTER TABLE search_entries ALTER COLUMN tokens SET STATISTICS 500",
    *(
        f"""CREATE FUNCTION {OWN}_{table}_empty() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE search_entries SET tokens = ''::tsvector WHERE {column} = new.id;
            RETURN NULL;
        END $$"""
        for table, column in SOURCES.items()
    ),
    *(
        f"""CREATE TRIGGER {OWN}_{table}_emptied AFTER UPDATE OF text ON {table}
        FOR EACH ROW WHEN (new.text IS DISTINCT FROM old.text)
        EXECUTE FUNCTION {OWN}_{table}_empty()"""
        for table in SOURCES
    ),
)


def create(connection: Connection) -> None:
    """Builds the index over what `search_entries` holds, and what keeps both together."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(_SQLITE_TABLE))
        connection.execute(text(f"INSERT INTO {OWN}({OWN}) VALUES ('rebuild')"))
        for name, trigger in _SQLITE_TRIGGERS.items():
            connection.execute(text(f"CREATE TRIGGER {OWN}_{name} {trigger}"))
    else:
        # Only for this transaction; the usual 64 MB take three times as long.
        connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        for statement in _POSTGRESQL:
            connection.execute(text(statement))
    for name, columns in ENDS.items():
        connection.execute(text(f"CREATE INDEX {name} ON {columns}"))


def drop(connection: Connection) -> None:
    """Removes what `create` made."""
    for name in ENDS:
        connection.execute(text(f"DROP INDEX {name}"))
    if connection.dialect.name == "sqlite":
        for name in _SQLITE_TRIGGERS:
            connection.execute(text(f"DROP TRIGGER {OWN}_{name}"))
        connection.execute(text(f"DROP TABLE {OWN}"))
    else:
        for table in SOURCES:
            connection.execute(text(f"DROP TRIGGER {OWN}_{table}_emptied ON {table}"))
            connection.execute(text(f"DROP FUNCTION {OWN}_{table}_empty()"))
        connection.execute(text(f"DROP INDEX {OWN}_tokens"))

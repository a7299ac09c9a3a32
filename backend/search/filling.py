"""Writing the searchable forms of messages and notes that are already there."""

from sqlalchemy import text
from sqlalchemy.engine import Connection

from backend.search import schema
from backend.search.terms import entries

BATCH = 5000
"""Texts at a time."""

_ORDER = """
INSERT INTO search_order (message_id, note_id)
SELECT message_id, note_id FROM (
    SELECT id AS message_id, NULL AS note_id, sent_at AS at, conversation_id, seq FROM messages
    UNION ALL
    SELECT NULL, id, created_at, conversation_id, after_seq FROM notes
) AS said ORDER BY at, conversation_id, seq
"""
_SECOND = {
    "sqlite": "CAST(strftime('%s', coalesce(m.sent_at, t.created_at)) AS INTEGER)",
    "postgresql": "CAST(floor(extract(epoch FROM coalesce(m.sent_at, t.created_at))) AS BIGINT)",
}
_READ = """
SELECT o.message_id, o.note_id, {second} AS second, coalesce(m.text, t.text) AS text
FROM search_order AS o
LEFT JOIN messages AS m ON m.id = o.message_id
LEFT JOIN notes AS t ON t.id = o.note_id
WHERE o.n > :after AND o.n <= :last ORDER BY o.n
"""
_WRITE = """
INSERT INTO search_entries (message_id, note_id, second, tokens)
VALUES (:message_id, :note_id, :second, {tokens})
"""


def fill(connection: Connection) -> int:
    """Writes the entries of all texts in the order of time; how many texts there are.

    `search_entries` must be empty. The order is made first, once, in a table of its own:
    sorting a million messages for every batch would take hours.
    """
    sqlite = connection.dialect.name == "sqlite"
    key = "INTEGER" if sqlite else "SERIAL"
    connection.execute(
        text(
            f"CREATE TEMPORARY TABLE search_order "
            f"(n {key} PRIMARY KEY, message_id TEXT, note_id INTEGER)"
        )
    )
    # The union takes an untyped NULL for text.
    order = _ORDER if sqlite else _ORDER.replace("NULL AS note_id", "NULL::integer AS note_id")
    connection.execute(text(order))
    read = text(_READ.format(second=_SECOND[connection.dialect.name]))
    write = text(_WRITE.format(tokens=":tokens" if sqlite else "CAST(:tokens AS tsvector)"))
    last = int(connection.execute(text("SELECT max(n) FROM search_order")).scalar() or 0)
    for after in range(0, last, BATCH):
        found = []
        for row in connection.execute(read, {"after": after, "last": after + BATCH}).mappings():
            if tokens := " ".join(entries(row["text"])):
                found.append({**row, "tokens": tokens})
        if found:
            connection.execute(write, found)
    connection.execute(text("DROP TABLE search_order"))
    return last


def rebuild(connection: Connection) -> int:
    """Writes all entries and the index again; how many texts.

    For when the way in which texts are cut has changed, or texts were written by another
    program. Nothing is found until the transaction commits, and on SQLite nobody else writes.
    """
    schema.drop(connection)
    connection.execute(text("DELETE FROM search_entries"))
    texts = fill(connection)
    schema.create(connection)
    return texts

"""Writing the searchable forms of messages that are already there."""

from sqlalchemy import text
from sqlalchemy.engine import Connection

from backend.search import schema
from backend.search.terms import entries

BATCH = 5000
"""Messages at a time."""

_SECOND = {
    "sqlite": "CAST(strftime('%s', m.sent_at) AS INTEGER)",
    "postgresql": "CAST(floor(extract(epoch FROM m.sent_at)) AS BIGINT)",
}


def fill(connection: Connection) -> int:
    """Writes the entries of all messages in the order of time; how many.

    `search_entries` must be empty. The order is made first, once, in a table of its own:
    sorting a million messages for every batch would take hours.
    """
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(
        text(
            "CREATE TEMPORARY TABLE search_order (n INTEGER PRIMARY KEY, message_id TEXT)"
            if sqlite
            else "CREATE TEMPORARY TABLE search_order (n SERIAL PRIMARY KEY, message_id TEXT)"
        )
    )
    connection.execute(
        text(
            "INSERT INTO search_order (message_id) "
            "SELECT id FROM messages ORDER BY sent_at, conversation_id, seq"
        )
    )
    read = text(
        f"SELECT o.n, m.id AS message_id, {_SECOND[connection.dialect.name]} AS second, m.text "
        "FROM search_order AS o JOIN messages AS m ON m.id = o.message_id "
        "WHERE o.n > :after AND o.n <= :last ORDER BY o.n"
    )
    write = text(
        "INSERT INTO search_entries (message_id, second, tokens) "
        f"VALUES (:message_id, :second, {':tokens' if sqlite else 'CAST(:tokens AS tsvector)'})"
    )
    last = int(connection.execute(text("SELECT max(n) FROM search_order")).scalar() or 0)
    for after in range(0, last, BATCH):
        rows = connection.execute(read, {"after": after, "last": after + BATCH}).mappings()
        found = [
            {"message_id": row["message_id"], "second": row["second"],
             "tokens": " ".join(entries(row["text"]))}
            for row in rows
        ]  # fmt: skip
        connection.execute(write, found)
    connection.execute(text("DROP TABLE search_order"))
    return last


def rebuild(connection: Connection) -> int:
    """Writes all entries and the index again; how many messages.

    For when the way in which texts are cut has changed, or messages were written by another
    program. Nothing is found until the transaction commits, and on SQLite nobody else writes.
    """
    schema.drop(connection)
    connection.execute(text("DELETE FROM search_entries"))
    messages = fill(connection)
    schema.create(connection)
    return messages

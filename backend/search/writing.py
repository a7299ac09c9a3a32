"""Every message and note becomes findable in the transaction that writes it, whoever writes it.

Those that are deleted take their entry with them, and a changed text empties it, by the
database itself (`backend.search.schema`).
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, attributes

from backend.models import Message, Note, SearchEntry
from backend.search.terms import entries


def listen(session_class: type[Session]) -> None:
    """From now on sessions of this class index what is said in them."""
    event.listen(session_class, "after_flush", _flushed)
    event.listen(session_class, "do_orm_execute", _executed)


def _flushed(session: Session, _context: UOWTransaction) -> None:
    written = [one for one in session.new if isinstance(one, Message | Note)]
    written += [
        one for one in session.dirty
        if isinstance(one, Message | Note) and attributes.get_history(one, "text").has_changes()
    ]  # fmt: skip
    messages = [one for one in written if isinstance(one, Message)]
    notes = [one for one in written if isinstance(one, Note)]
    _write(session, "message_id", ((one.id, one.sent_at, one.text) for one in messages))
    _write(session, "note_id", ((one.id, one.created_at, one.text) for one in notes))


def _executed(state: ORMExecuteState) -> Any:
    """Rows that are inserted many at a time pass the flush by.

    Raises InvalidRequestError where it cannot know them.
    """
    mapper = state.bind_mapper
    if not state.is_insert or mapper is None or mapper.class_ not in (Message, Note):
        return None
    given = state.parameters
    rows: list[Any] = given if isinstance(given, list) else [given] if given else []
    if mapper.class_ is Note or not rows:
        raise InvalidRequestError(
            "to be found, notes are added one by one, messages so or by a list of their rows"
        )
    result = state.invoke_statement()
    said = ((row["id"], row["sent_at"], row["text"]) for row in rows)
    _write(state.session, "message_id", said)
    return result


def _write(session: Session, column: str, said: Iterable[tuple[str | int, datetime, str]]) -> None:
    rows = [
        {column: key, "second": int(at.timestamp()), "tokens": tokens}
        for key, at, text in said
        if (tokens := " ".join(entries(text)))
    ]
    if not rows:
        return
    connection = session.connection()
    connection.execute(_entering(connection.dialect.name, column), rows)


@cache
def _entering(dialect: str, column: str) -> Insert:
    """Enters what a row of `column` is found by, or changes it. Made once: making it takes longer
    than running it."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(SearchEntry)
    named = getattr(SearchEntry, column)
    entering: Insert = statement.on_conflict_do_update(
        index_elements=[named],
        index_where=named.is_not(None) if column == "note_id" else None,
        set_={"tokens": statement.excluded.tokens},
    )
    return entering

"""Every message becomes findable in the transaction that writes it, whoever writes it.

Messages that are deleted take their entry with them, and a changed text empties it, by the
database itself (`backend.search.schema`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.session import UOWTransaction

from backend.models import Message, SearchEntry
from backend.search.terms import entries


def listen(session_class: type[Session]) -> None:
    """From now on sessions of this class index the messages that they write."""
    event.listen(session_class, "after_flush", _flushed)
    event.listen(session_class, "do_orm_execute", _executed)


def _row(message_id: str, sent_at: datetime, text: str) -> dict[str, Any]:
    tokens = " ".join(entries(text))
    return {"message_id": message_id, "second": int(sent_at.timestamp()), "tokens": tokens}


def _flushed(session: Session, _context: UOWTransaction) -> None:
    written = [one for one in session.new if isinstance(one, Message)]
    written += [
        one for one in session.dirty
        if isinstance(one, Message) and inspect(one).attrs.text.history.has_changes()
    ]  # fmt: skip
    _write(session, (_row(one.id, one.sent_at, one.text) for one in written))


def _executed(state: ORMExecuteState) -> Any:
    """Rows that are inserted many at a time pass the flush by."""
    mapper = state.bind_mapper
    if not state.is_insert or mapper is None or mapper.class_ is not Message:
        return None
    given = state.parameters
    rows: Iterable[Any] = given if isinstance(given, list) else [given] if given else []
    if not rows:
        raise InvalidRequestError("messages are inserted by their rows, so that they are indexed")
    result = state.invoke_statement()
    _write(state.session, (_row(row["id"], row["sent_at"], row["text"]) for row in rows))
    return result


def _write(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    if not found:
        return
    connection = session.connection(bind_arguments={"mapper": inspect(Message)})
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(SearchEntry)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[SearchEntry.message_id], set_={"tokens": statement.excluded.tokens}
        ),
        found,
    )

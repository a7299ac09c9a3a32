"""Rasa's tracker store, with a cost of a turn that does not grow with the conversation.

Rasa's own reads and rebuilds every event of the conversation at each turn, counts them once more
before it writes, and takes a connection for each of the three. Here a turn costs one look at an
index and one row:

- the table ``tracker_turns`` holds a row for each turn, with the events that it added;
- a long conversation is shortened now and then (`bot.engine.shortening`): a row with all that is
  still needed takes the place of those before it. The transcript is the backend's, not this;
- the latest conversations stay in the process, and are used again if the store holds nothing newer:
  several processes of Rasa may share one database;
- a turn is written under the number that follows the one it began with. If another process was
  there first, saving fails and the turn with it, instead of one of the two being lost.

Conversations that Rasa's own store began are read from its table ``events`` and go on here.
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.engine.shortening import shortened

logger = logging.getLogger(__name__)

MOST_EVENTS = 120
"""Above so many events a conversation is shortened; eight turns or so."""
REMEMBERED = 256
"""Conversations that stay in the process: about 150 KB each."""

_STORED = "_chefu_stored"

metadata = sa.MetaData()
turns = sa.Table(
    "tracker_turns",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("events", sa.Text, nullable=False),
)
_newest = sa.select([sa.func.max(turns.c.number)]).where(
    turns.c.sender_id == sa.bindparam("sender")
)
_rows = (
    sa.select([turns.c.number, turns.c.events])
    .where(turns.c.sender_id == sa.bindparam("sender"))
    .order_by(turns.c.number)
)
_insert = turns.insert()
_before = turns.delete().where(
    turns.c.sender_id == sa.bindparam("sender"), turns.c.number < sa.bindparam("place")
)
_all = turns.delete().where(turns.c.sender_id == sa.bindparam("sender"))


class TurnConflict(RasaException):
    """Another process has written a turn of the conversation since this one was read."""


@dataclass(frozen=True)
class _Stored:
    """How much of a tracker is in the store."""

    number: int
    """Of its newest row, 0 without one."""
    events: int
    due: int
    """With more events than this it is shortened."""


class TurnTrackerStore(SQLTrackerStore):
    """For the endpoints file: ``type: bot.engine.tracker_store.TurnTrackerStore``, ``url: …``.

    SQLite or PostgreSQL. ``look_back``: states that the model's policies look back,
    see `bot.engine.policies`; None keeps every event.
    """

    engine: Any

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        self.engine: Any
        super().__init__(domain, host=host, event_broker=event_broker, **kwargs)
        self.look_back: int | None = None
        self._recent: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        if self.engine.dialect.name == "sqlite":
            self._keep_one_connection()
        # Every statement for itself, without BEGIN and ROLLBACK around a single one.
        self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._make_table()
        with self._single.connect() as connection:
            table = self.SQLEvent.__table__
            self._has_older = connection.execute(sa.select([table.c.id]).limit(1)).first()

    def _make_table(self) -> None:
        try:
            metadata.create_all(self.engine)
        except sa.exc.DBAPIError:
            # Another process was at it. Whatever else it was shows now.
            metadata.create_all(self.engine)

    def _keep_one_connection(self) -> None:
        """SQLite: Rasa opens the file anew for each session, and closing it each time makes SQLite
        move its log into the file, which waits for the disk."""
        self.engine.dispose()
        self.engine = sa.create_engine(
            self.engine.url,
            poolclass=sa.pool.StaticPool,
            connect_args={"check_same_thread": False},
        )
        with self.engine.connect() as connection:
            # Readers do not block a turn; the property stays with the file.
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            # After a power cut the last turns may be gone, the file stays whole. The backend asks
            # again for a turn that was not answered.
            connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)

    async def keys(self) -> Iterable[str]:
        """Every sender of whom anything is stored."""
        with self._single.connect() as connection:
            found = connection.execute(sa.select([turns.c.sender_id]).distinct()).scalars().all()
        return {*found, *(await super().keys())}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it was saved last; None when nothing of it is stored."""
        tracker = self._recent.get(sender_id)
        if tracker is not None:
            stored: _Stored = getattr(tracker, _STORED)
            # More events than were saved: a turn failed and left its own behind.
            whole = stored.events == len(tracker.events)
            if whole and stored.number == self._newest(sender_id):
                self._recent.move_to_end(sender_id)
                return tracker
            del self._recent[sender_id]
        return self._read(sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The same: what was before has been left out."""
        return await self.retrieve(conversation_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes what is new. Raises `TurnConflict` when the store is ahead of `tracker`."""
        stored: _Stored | None = getattr(tracker, _STORED, None)
        if stored is None:
            stored = self._stored_of(tracker.sender_id)
        new = list(tracker.events)[stored.events :]
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        shorter, due = self._shortened(tracker, stored.due)
        number = stored.number + (shorter is not None or bool(new))
        try:
            if shorter is not None:
                self._replace(tracker.sender_id, number, shorter)
                tracker.events.clear()
                tracker.events.extend(shorter)
            elif new:
                self._append(tracker.sender_id, number, new)
        except sa.exc.IntegrityError as error:
            self.forget(tracker.sender_id)
            raise TurnConflict("another process wrote a turn of this conversation") from error
        self._remember(tracker, number, due)

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """A new conversation, of which the store holds nothing."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        setattr(tracker, _STORED, _Stored(0, 0, MOST_EVENTS))
        await self.save(tracker)
        return tracker

    async def delete(self, sender_id: str) -> None:
        """Removes everything of a sender, here and in Rasa's own table."""
        self.forget(sender_id)
        events = self.SQLEvent.__table__
        with self.engine.begin() as connection:
            connection.execute(_all, {"sender": sender_id})
            connection.execute(events.delete().where(events.c.sender_id == sender_id))

    def forget(self, sender_id: str) -> None:
        """Removes it from the memory of this process alone."""
        self._recent.pop(sender_id, None)

    def _newest(self, sender_id: str) -> int:
        with self._single.connect() as connection:
            return connection.execute(_newest, {"sender": sender_id}).scalar() or 0

    def _read(self, sender_id: str) -> DialogueStateTracker | None:
        with self._single.connect() as connection:
            rows = connection.execute(_rows, {"sender": sender_id}).all()
        if not rows:
            return self._read_older(sender_id)
        events = [event for row in rows for event in json.loads(row.events)]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        self._remember(tracker, rows[-1].number)
        return tracker

    def _read_older(self, sender_id: str) -> DialogueStateTracker | None:
        """A conversation that began before this store was used."""
        if not self._has_older:
            return None
        with self.session_scope() as session:
            rows = self._event_query(session, sender_id, fetch_events_from_all_sessions=False)
            events = [json.loads(row.data) for row in rows]
        if not events:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        # All of it is still to be written here.
        setattr(tracker, _STORED, _Stored(0, 0, MOST_EVENTS))
        return tracker

    def _stored_of(self, sender_id: str) -> _Stored:
        """For a tracker that did not come from here: as in Rasa's store, its first events are taken
        for the ones that are stored."""
        known = self._read(sender_id)
        return getattr(known, _STORED, _Stored(0, 0, MOST_EVENTS))

    def _shortened(self, tracker: DialogueStateTracker, due: int) -> tuple[list[Event] | None, int]:
        """What takes the place of all its events if it is time, and when it is time again."""
        if self.look_back is None or len(tracker.events) <= due:
            return None, due
        shorter = shortened(tracker, self.look_back)
        left = len(tracker.events if shorter is None else shorter)
        # Not at each turn of a form that never ends, say.
        return shorter, max(MOST_EVENTS, left + MOST_EVENTS // 2)

    def _remember(self, tracker: DialogueStateTracker, number: int, due: int = MOST_EVENTS) -> None:
        setattr(tracker, _STORED, _Stored(number, len(tracker.events), due))
        self._recent[tracker.sender_id] = tracker
        self._recent.move_to_end(tracker.sender_id)
        while len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)

    def _append(self, sender_id: str, number: int, new: Sequence[Event]) -> None:
        with self._single.connect() as connection:
            connection.execute(_insert, _row(sender_id, number, new))

    def _replace(self, sender_id: str, number: int, events: Sequence[Event]) -> None:
        with self.engine.begin() as connection:
            connection.execute(_insert, _row(sender_id, number, events))
            connection.execute(_before, {"sender": sender_id, "place": number})


def _row(sender_id: str, number: int, events: Iterable[Event]) -> dict[str, Any]:
    data = [event.as_dict() for event in events]
    # In ASCII: no character of a customer's can be one that a database refuses.
    text = json.dumps(data, separators=(",", ":"))
    return {"sender_id": sender_id, "number": number, "events": text}

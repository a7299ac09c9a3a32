"""What the store and Rasa's tracker hold after a run, whichever database they are in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from tests.e2e.customer import NUMBER, Customer, Office
from tests.system import RunningSystem
from tests.torture.stubborn import Stubborn

ENDED = {"done", "failed", "none"}

_SAID = sa.text(
    "SELECT id, client_message_id, turn, seq FROM messages "
    "WHERE conversation_id = :id AND sender = 'customer' ORDER BY seq"
)
_ANSWERS = sa.text(
    "SELECT seq, reply_to FROM messages "
    "WHERE conversation_id = :id AND reply_to IS NOT NULL ORDER BY seq"
)
_TRACKED = sa.text("SELECT events FROM tracker_turns WHERE sender_id = :id ORDER BY number")
_DRIVES = sa.text(
    "SELECT demo_car_id, starts_at, ends_at FROM test_drive_bookings WHERE state = 'booked' "
    "ORDER BY demo_car_id, starts_at"
)


class Records:
    """Read behind the back of the system."""

    def __init__(self, system: RunningSystem, office: Office) -> None:
        self._store = sa.create_engine(system.store_url)
        self._tracker = sa.create_engine(system.tracker_url)
        self._office = office

    def close(self) -> None:
        self._store.dispose()
        self._tracker.dispose()

    def clear(self) -> None:
        """Earlier runs leave the times free again."""
        with self._store.begin() as store:
            store.execute(sa.text("DELETE FROM occupancy"))
            store.execute(sa.text("UPDATE test_drive_bookings SET state = 'cancelled'"))

    def check(self, customer: Stubborn) -> None:
        """Nothing that was acknowledged is lost; each turn has ended, in order and once; what was
        told stands in the records."""
        shown = self._office.conversation(self._who(customer))
        said = self._rows(self._store, _SAID, customer.id)
        assert [row.client_message_id for row in said] == [one.key for one in customer.said]
        assert {row.turn for row in said} <= ENDED
        if any(row.turn == "failed" for row in said):
            assert shown["owner"] == "waiting"
        self._check_order(customer, said)
        self._check_once(customer, {row.id for row in said})
        self._check_booking(customer, shown, {row.turn for row in said} == {"done"})

    def _check_order(self, customer: Stubborn, said: list[Any]) -> None:
        answers = self._rows(self._store, _ANSWERS, customer.id)
        place = {row.id: row.seq for row in said}
        answered = [place[row.reply_to] for row in answers]
        assert answered == sorted(answered), "answers out of order"
        assert set(answered) >= {row.seq for row in said if row.turn in ("done", "failed")}

    def _check_once(self, customer: Stubborn, said: set[str]) -> None:
        rows = self._rows(self._tracker, _TRACKED, customer.id)
        events = [event for row in rows for event in json.loads(row.events)]
        heard = [event["message_id"] for event in events if event["event"] == "user"]
        assert len(heard) == len(set(heard)), "a turn was run twice"
        assert set(heard) <= said

    def _check_booking(self, customer: Stubborn, shown: dict[str, Any], all_done: bool) -> None:
        drives = self._office.of("test-drives", self._who(customer))
        booked = [one for one in drives if one["state"] == "booked"]
        assert len(booked) <= 1
        told = {found for one in shown["messages"] for found in NUMBER.findall(one["text"])}
        if customer.called_off:
            assert booked == []
        elif customer.confirmed and all_done and not customer.lively:
            assert len(booked) == 1
        assert told <= {one["number"] for one in drives}
        if booked:
            assert not all_done or booked[0]["number"] in told

    def check_cars(self) -> int:
        """No car is promised to two at a time. How many drives are booked."""
        with self._store.connect() as store:
            drives = store.execute(_DRIVES).all()
        for one, next_one in pairwise(drives):
            if one.demo_car_id == next_one.demo_car_id:
                assert str(one.ends_at) <= str(next_one.starts_at), "a car is booked twice"
        return len(drives)

    def _who(self, customer: Stubborn) -> Customer:
        return Customer(self._office.client, customer.id, customer.token)

    def _rows(self, engine: sa.Engine, query: sa.TextClause, conversation_id: str) -> list[Any]:
        with engine.connect() as connection:
            return list(connection.execute(query, {"id": conversation_id}).all())


@contextmanager
def records_of(system: RunningSystem, office: Office) -> Iterator[Records]:
    records = Records(system, office)
    try:
        yield records
    finally:
        records.close()

"""Complaints of a store from before they had threads come to the same state by one."""

from sqlalchemy import text

from backend.complaints.thread import standing
from backend.database import Database
from backend.migrations.migrate import migrate
from tests.conftest import NOW
from tests.integration.test_upgrade import _back_to

COMPLAINT = (
    "INSERT INTO complaints (number, category, severity, state, text, due_at, created_at,"
    " source_message_id, source_action) VALUES (:number, 'other', 'normal', :state, 'x', :now,"
    " :now, :number, 'x')"
)


async def test_their_state_stays(database: Database) -> None:
    await _back_to(database, "0003")
    states = ("open", "in_progress", "resolved", "closed")
    async with database.transaction() as session:
        for count, state in enumerate(states):
            values = {"number": f"CP{count}", "state": state, "now": NOW}
            await session.execute(text(COMPLAINT), values)
    await migrate(database)
    async with database.reading() as session:
        rows = await session.execute(
            text(
                "SELECT c.state, e.kind FROM complaints c JOIN complaint_events e ON"
                " e.complaint_id = c.id ORDER BY e.id"
            )
        )
        kinds: dict[str, list[str]] = {}
        for state, kind in rows:
            kinds.setdefault(state, []).append(kind)
        assert set(kinds) == set(states)
        assert all(standing(found).state == state for state, found in kinds.items())
        cases = await session.execute(text("SELECT count(*) FROM complaint_cases"))
        assert cases.scalar() == len(states)

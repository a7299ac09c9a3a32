"""Pictures that customers sent, shown to staff and to nobody else."""

from pathlib import Path

from sqlalchemy import select

from backend.database import Database
from backend.models import Attachment, Message
from tests.conftest import NOW
from tests.integration.console.browser import Browser


async def attachment(database: Database) -> Attachment:
    """A picture beside the first message of a customer."""
    async with database.transaction() as session:
        message = (
            await session.scalars(select(Message).where(Message.sender == "customer").limit(1))
        ).one()
        row = Attachment(
            id="0f" * 16,
            conversation_id=message.conversation_id,
            content_type="image/png",
            size=7,
            created_at=NOW,
        )
        session.add(row)
        await session.flush()
        message.attachment_id = row.id
    return row


async def test_staff_open_a_picture(office: Browser, database: Database, tmp_path: Path) -> None:
    row = await attachment(database)
    settings = office.client._transport.app.state.services.settings  # type: ignore[attr-defined]
    folder = settings.var / "attachments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / row.id).write_bytes(b"picture")

    page = await office.client.get(f"/console/conversations/{row.conversation_id}")
    assert f'href="/console/attachments/{row.id}"' in page.text
    answer = await office.client.get(f"/console/attachments/{row.id}")
    assert (answer.status_code, answer.content) == (200, b"picture")
    assert answer.headers["content-type"] == row.content_type
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_nothing_else_is_served(office: Browser) -> None:
    for name in ("unknown", "..%2Fchefu.db", "%00"):
        assert (await office.client.get(f"/console/attachments/{name}")).status_code == 404


async def test_strangers_see_no_picture(visitor: Browser) -> None:
    answer = await visitor.client.get("/console/attachments/abc")
    assert answer.status_code in (302, 303, 401)

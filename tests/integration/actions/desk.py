"""A conversation whose messages stand in the store too, and the person who takes it over.

`Dialogue` alone is what Rasa sees; this is what the backend keeps beside it, with the real
services: a message awaits its turn, its turn ends, staff take over, reply and hand back.
"""

from dataclasses import dataclass

from backend.conversations import inbox, ownership, service, takeover, turn_store
from backend.conversations.transcript import Reply, Understanding
from backend.models import Conversation, Message, Staff
from backend.services import Services
from tests.integration.actions.dialogue import Dialogue, Entity, Said

LIMIT = 2000
HOLDER = "process"


@dataclass
class Desk:
    """One conversation, its dialogue, and the only member of staff."""

    services: Services
    chat: Dialogue
    token: str
    staff_id: int

    @classmethod
    async def open(cls, services: Services, language: str = "zh") -> "Desk":
        async with services.database.transaction() as session:
            now = services.clock.now()
            conversation, token = await service.start(session, now, channel="web", locale=language)
            person = Staff(
                username="li", name="李", role="consultant", password_hash="-", created_at=now
            )
            session.add(person)
            await session.flush()
        chat = Dialogue(services, id=conversation.id, language=language)
        return cls(services, chat, token, person.id)

    async def writes(self, text: str) -> str:
        """The customer's message is stored; its id."""
        async with self.services.database.transaction() as session:
            received = await inbox.receive(
                session,
                self.services.clock.now(),
                token=self.token,
                client_message_id=f"m{self.chat.count}-{len(text)}-{hash(text)}",
                text=text,
            )
        return received.message_id

    async def says(self, text: str, intent: str, *entities: Entity, **more: object) -> list[Said]:
        """A message and its turn, from the store into the store."""
        message_id = await self.writes(text)
        await self.begins()
        said = await self.chat.says(text, intent, *entities, message_id=message_id, **more)
        await self.ends(message_id, said)
        return said

    async def begins(self) -> None:
        async with self.services.database.transaction() as session:
            claimed = await turn_store.claim_turn(
                session, self.services.clock.now(), self.chat.id, HOLDER
            )
            assert claimed is not None, "nothing awaits its turn"

    async def ends(self, message_id: str, said: list[Said]) -> None:
        replies = [
            Reply(one.worded(self.chat.language), one.offered(self.chat.language)) for one in said
        ]
        async with self.services.database.transaction() as session:
            await turn_store.finish_turn(
                session, self.services.clock.now(), message_id, HOLDER, Understanding(), replies
            )

    async def person_says(self, text: str, *, hands_back: bool = True) -> None:
        """Staff take over with a reply and, unless told otherwise, hand back."""
        async with self.services.database.transaction() as session:
            now = self.services.clock.now()
            message = await takeover.reply(
                session, now, self.chat.id, staff_id=self.staff_id, text=text, limit=LIMIT
            )
        if hands_back:
            await self.hands_back(message.seq)

    async def hands_back(self, seen: int) -> None:
        async with self.services.database.transaction() as session:
            await takeover.hand_back(
                session,
                self.services.clock.now(),
                self.chat.id,
                staff_id=self.staff_id,
                seen=seen,
            )

    async def owner(self) -> str:
        async with self.services.database.reading() as session:
            return (await session.get_one(Conversation, self.chat.id)).owner

    async def place(self) -> int:
        async with self.services.database.reading() as session:
            conversation = await session.get_one(Conversation, self.chat.id)
            return await ownership.place_in_line(session, conversation)

    async def messages(self) -> list[Message]:
        from backend.conversations.transcript import messages_after

        async with self.services.database.reading() as session:
            return (await messages_after(session, self.chat.id, 0))[0]

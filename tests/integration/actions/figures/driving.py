"""Asks everything that the assistant answers, and keeps what could not be traced."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.actions.answers import ANSWERS
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, Entity, Said, executor, mention
from tests.integration.actions.figures.checking import Checker, blocks
from tests.integration.actions.figures.reading import Figure, days, figures
from tests.integration.actions.figures.records import Records, read


def intents() -> list[str]:
    """Every question that has an answer; none can be forgotten here."""
    executor()
    return sorted(ANSWERS)


async def records(chat: Dialogue, today: date | None = None) -> Records:
    """What the store may be quoted for, on the day of its clock."""
    day = today or chat.services.clock.now().astimezone(SHANGHAI).date()
    async with chat.services.database.reading() as session:
        found = await read(session, day)
        session.expunge_all()
        return found


@dataclass
class Driver:
    """One customer who asks on and on; each question is one of a conversation of its own."""

    chat: Dialogue
    checker: Checker
    booking: bool = False
    wrong: list[str] = field(default_factory=list)
    said: int = 0
    """Figures that were checked."""
    replies: int = 0

    @classmethod
    async def of(cls, chat: Dialogue) -> "Driver":
        return cls(chat, Checker(await records(chat)))

    async def ask(
        self, text: str, intent: str, *entities: Entity, more: Iterable[Figure] = (), **kept: Any
    ) -> list[Said]:
        """A question without a past, or with `topic` of the turn before."""
        self.chat.slots["topic"] = kept.get("topic")
        self.chat.loop = None
        self.chat.slots["requested_slot"] = None
        del self.chat.events[:]
        return await self.go_on(text, intent, *entities, more=more)

    async def go_on(
        self, text: str, intent: str, *entities: Entity, more: Iterable[Figure] = ()
    ) -> list[Said]:
        """The next message of the same conversation."""
        said = await self.chat.says(text, intent, *entities)
        self.check(said, more)
        return said

    def check(self, said: list[Said], more: Iterable[Figure] = ()) -> None:
        """Traces all figures of a reply; what the customer wrote before counts too."""
        heard = [e for e in self.chat.events if e["event"] == "user"]
        entities = [entity for e in heard for entity in e["parse_data"]["entities"]]
        message = "\n".join(e["text"] for e in heard)
        today = days(self.checker.records.today)
        wrong = self.checker.untraced(
            said, self.chat.language, message=message, entities=entities, more=[*more, *today],
            booking=self.booking,
        )  # fmt: skip
        self.replies += len(said)
        self.said += sum(
            len(figures(line))
            for one in said
            for block in blocks(one, self.chat.language)
            for line in block
        )
        what = self.chat.latest
        asked = f"{what['intent']['name']} {what['text']!r} {[e['value'] for e in entities]}"
        self.wrong += [f"{asked}: {one}" for one in wrong]

    def assert_traced(self, least: int) -> None:
        """Nothing was wrong, and the replies did hold figures."""
        assert not self.wrong, "\n".join([f"{len(self.wrong)} untraced", *self.wrong[:20]])
        assert self.said >= least


def car(model: str, trim: str | None = None) -> list[Entity]:
    """The mentions of a model, and of one of its trims."""
    return [mention("model", model), *([mention("trim", trim)] if trim else [])]

"""One turn of a conversation as the actions see it: what was said, what is known, the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from backend.clock import local
from backend.services import Services

Button = dict[str, str]

CONFIDENT = 0.5
"""Below this an intent inside a form is too weak to leave the form for."""


@dataclass
class Turn:
    """What an action is given. `language` is `zh` or `en`; `now` is in UTC."""

    tracker: Tracker
    dispatcher: CollectingDispatcher
    services: Services
    zone: str
    now: datetime
    language: str
    message_id: str
    conversation_id: str
    intent: str
    confidence: float
    text: str
    entities: list[dict[str, Any]]
    slots: dict[str, Any] = field(default_factory=dict)
    wishes: tuple[str, ...] = ()
    """Intents of single clauses beside that of the whole message."""
    resumed: bool = False
    """A person has talked with the customer since the message before: a yes is not to what the
    assistant asked."""
    told_of_line: bool = False
    """Whether the customer was told in this turn that a person will come, or when."""

    @classmethod
    def of(
        cls, tracker: Tracker, dispatcher: CollectingDispatcher, services: Services, zone: str
    ) -> "Turn":
        latest: dict[str, Any] = dict(tracker.latest_message or {})
        intent = latest.get("intent") or {}
        language = tracker.get_slot("language")
        return cls(
            tracker=tracker,
            dispatcher=dispatcher,
            services=services,
            zone=zone,
            now=services.clock.now(),
            language="en" if language == "en" else "zh",
            message_id=message_id(latest),
            conversation_id=tracker.sender_id,
            intent=intent.get("name") or "",
            confidence=float(intent.get("confidence") or 0),
            text=latest.get("text") or "",
            entities=list(latest.get("entities") or []),
            slots=dict(tracker.slots),
            wishes=tuple(str(wish["intent"]) for wish in latest.get("wishes") or []),
        )

    @property
    def today(self) -> date:
        """The day on the dealership's wall."""
        return self.local(self.now).date()

    @property
    def pressed(self) -> bool:
        """Whether a button was pressed, so that the text is a command of ours."""
        return self.text.startswith("/")

    def local(self, moment: datetime) -> datetime:
        return local(moment, self.zone)

    def either(self, zh: str, en: str) -> str:
        """The variant in the customer's language."""
        return en if self.language == "en" else zh

    def name_of(self, thing: Any) -> str:
        """`name_zh` or `name_en` of a row."""
        return str(self.either(thing.name_zh, thing.name_en))

    @property
    def entities_but_language(self) -> list[dict[str, Any]]:
        """What was found in the message itself."""
        return [e for e in self.entities if e.get("entity") != "language"]

    def slot(self, name: str) -> Any:
        return self.slots.get(name)

    def found(self, kind: str) -> list[Any]:
        """The values of the message's entities of one kind, in order."""
        return [e["value"] for e in self.entities if e.get("entity") == kind]

    def first(self, kind: str) -> Any:
        values = self.found(kind)
        return values[0] if values else None

    def say(
        self,
        response: str,
        buttons: Sequence[Button] | None = None,
        cards: Sequence[dict[str, Any]] | None = None,
        **values: Any,
    ) -> None:
        """Utters a response of the domain, in the customer's language."""
        self.dispatcher.utter_message(
            response=response,
            buttons=list(buttons or []),
            json_message={"cards": list(cards)} if cards else None,
            **values,
        )

    def tell(
        self,
        text: str,
        buttons: Sequence[Button] | None = None,
        cards: Sequence[dict[str, Any]] | None = None,
    ) -> None:
        """Utters composed text: lists and tables that no fixed response can hold."""
        self.dispatcher.utter_message(
            text=text,
            buttons=list(buttons or []),
            json_message={"cards": list(cards)} if cards else None,
        )

    @property
    def has_spoken(self) -> bool:
        return bool(self.dispatcher.messages)

    def follows(self, message: str | None) -> bool:
        """Whether the customer's message before this one has that id: some things hold for the
        next message only."""
        heard = (e for e in reversed(self.tracker.events) if e.get("event") == "user")
        next(heard, None)
        before = next(heard, None)
        return bool(message) and before is not None and message == message_id(before["parse_data"])


def message_id(message: Mapping[str, Any]) -> str:
    """The id in the transcript of a parsed message."""
    metadata = message.get("metadata") or {}
    return str(metadata.get("message_id") or message.get("message_id") or "")

"""A conversation as the action server sees it, without Rasa and without a network.

`Dialogue` keeps slots and events as Rasa's tracker does, runs every action through the SDK's own
executor, and follows the real `bot/data/rules.yml` and the forms of the real `domain.yml`: what
happens after an intent is not written a second time here. Understanding is given by the test:
intent and mentions of the catalogue by hand, values (times, phones …) by the real grammar.
"""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rasa_sdk.executor import ActionExecutor

from backend.services import Services
from values import find_all

ROOT = Path(__file__).parents[3]
SHANGHAI = ZoneInfo("Asia/Shanghai")

Entity = dict[str, Any]


@cache
def domain() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text())
    return loaded


@cache
def executor() -> ActionExecutor:
    """The actions as the action server registers them."""
    made = ActionExecutor()
    made.register_package("bot.actions")
    return made


@cache
def rules() -> dict[tuple[str | None, str], tuple[str, ...]]:
    """(open form, intent) → the actions that follow, from the rules."""
    found: dict[tuple[str | None, str], tuple[str, ...]] = {}
    for rule in yaml.safe_load((ROOT / "bot/data/rules.yml").read_text())["rules"]:
        loop = next(
            (c["active_loop"] for c in rule.get("condition", []) if "active_loop" in c), None
        )
        first, *rest = rule["steps"]
        intents = [step["intent"] for step in first.get("or", [first]) if "intent" in step]
        actions = tuple(step["action"] for step in rest if "action" in step)
        for intent in intents:
            found[loop, intent] = actions
    return found


@cache
def submits() -> dict[str, str]:
    """Form → the action that follows when it is complete, from the rules."""
    found = {}
    for rule in yaml.safe_load((ROOT / "bot/data/rules.yml").read_text())["rules"]:
        actions = [step["action"] for step in rule["steps"] if "action" in step]
        if "action" in rule["steps"][0]:
            found[actions[0]] = actions[1]
    return found


def mention(kind: str, value: Any, *alternatives: str, start: int = 0, end: int = 0) -> Entity:
    """A mention as the components of the pipeline report it."""
    entity: Entity = {"entity": kind, "value": value, "start": start, "end": end}
    if alternatives:
        entity["alternatives"] = [value, *alternatives]
    return entity


def variation(response: str, language: str) -> dict[str, Any]:
    """The variation of a response of the domain that this language gets."""
    found: dict[str, Any] = next(
        variation
        for variation in domain()["responses"][response]
        if variation.get("condition", [{"value": language}])[0]["value"] == language
    )
    return found


@dataclass(frozen=True)
class Said:
    """One response of an action: composed (`text`) or one of the domain (`response`)."""

    response: str | None
    text: str
    buttons: tuple[tuple[str, str], ...]
    cards: tuple[dict[str, Any], ...]
    values: dict[str, Any]

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Said":
        known = ("text", "buttons", "elements", "custom", "template", "response", "image")
        return cls(
            raw["response"],
            raw["text"] or "",
            tuple((b["title"], b["payload"]) for b in raw["buttons"]),
            tuple((raw["custom"] or {}).get("cards") or ()),
            {key: value for key, value in raw.items() if key not in (*known, "attachment")},
        )

    @property
    def titles(self) -> list[str]:
        return [title for title, _ in self.buttons]

    @property
    def payloads(self) -> list[str]:
        return [payload for _, payload in self.buttons]

    @property
    def times(self) -> list[str]:
        """The payloads of the cards' buttons, in order."""
        return [b["payload"] for card in self.cards for b in card.get("buttons", ())]

    def shown(self, language: str) -> str:
        """Everything a customer reads of it: text or filled response, buttons, cards."""
        lines = [self.worded(language), *self.titles]
        for card in self.cards:
            lines += [card["title"], card.get("subtitle") or ""]
            lines += [f"{fact['label']} {fact['value']}" for fact in card.get("facts", ())]
            lines += [button["title"] for button in card.get("buttons", ())]
        return "\n".join(lines)

    def worded(self, language: str) -> str:
        """The text, or the response of the domain with its values, as Rasa would word it."""
        if self.response is None:
            return self.text
        text = variation(self.response, language)["text"]
        return re.sub(r"{(\w+)}", lambda found: str(self.values[found[1]]), text)

    def offered(self, language: str) -> list[tuple[str, str]]:
        """The buttons as Rasa sends them: those of the domain's response, then the action's."""
        own = variation(self.response, language).get("buttons", []) if self.response else []
        return [(b["title"], b["payload"]) for b in own] + list(self.buttons)


@dataclass
class Result:
    """What one action returned."""

    events: list[dict[str, Any]]
    said: list[Said]

    @property
    def slots(self) -> dict[str, Any]:
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def rejected(self) -> bool:
        return any(e["event"] == "action_execution_rejected" for e in self.events)

    @property
    def ends_form(self) -> bool:
        return any(e["event"] == "active_loop" and e["name"] is None for e in self.events)

    @property
    def follow_up(self) -> str | None:
        return next((e["name"] for e in self.events if e["event"] == "followup"), None)


@dataclass
class Dialogue:
    """One customer's conversation with the actions."""

    services: Services
    id: str = "c" * 32
    language: str = "zh"
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    loop: str | None = None
    latest: dict[str, Any] = field(default_factory=dict)
    count: int = 0
    ran: list[str] = field(default_factory=list)
    """The actions of the last turn, in order."""

    def __post_init__(self) -> None:
        self.slots = dict.fromkeys(domain()["slots"]) | {
            "requested_slot": None,
            "language": self.language,
            **self.slots,
        }

    # ---- one action ----

    def hear(
        self,
        text: str,
        intent: str,
        *entities: Entity,
        confidence: float = 0.95,
        message_id: str | None = None,
        ranking: Sequence[str] = (),
        wishes: Sequence[str] = (),
    ) -> None:
        """A message of the customer; its values are read by the real grammar."""
        self.count += 1
        found = list(entities)
        if not text.startswith("/"):
            now = self.services.clock.now().astimezone(SHANGHAI)
            for value in find_all(text, now=now, opens=time(9), closes=time(18)):
                found.append(mention(value.kind, value.value, start=value.start, end=value.end))
        self.latest = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": [{"name": name, "confidence": 0.3} for name in ranking],
            "entities": found,
            "wishes": [{"intent": name, "confidence": 0.9} for name in wishes],
            "message_id": "rasa-own",
            "metadata": {"message_id": message_id or f"{self.id[:1]}-{self.count}"},
        }
        self.events += [
            {"event": "action", "name": "action_listen"},
            {"event": "user", "text": text, "parse_data": self.latest},
        ]

    async def act(self, action: str, *temporary: dict[str, Any]) -> Result:
        """Runs one action and keeps its events. `temporary` events only it sees."""
        answer = await executor().run(
            {
                "next_action": action,
                "sender_id": self.id,
                "tracker": copy.deepcopy(
                    {
                        "sender_id": self.id,
                        "slots": self.slots,
                        "latest_message": self.latest,
                        "events": [*self.events, *temporary],
                        "paused": False,
                        "followup_action": None,
                        "active_loop": {"name": self.loop} if self.loop else {},
                        "latest_action_name": "action_listen",
                    }
                ),
                "domain": domain(),
                "version": "3.6.21",
            }
        )
        assert answer is not None
        result = Result(answer.events, [Said.of(raw) for raw in answer.responses])
        self.ran.append(action)
        if not temporary and not result.rejected:
            self.events.append({"event": "action", "name": action})
        self.events += [self._uttered(one) for one in result.said]
        self._keep(result.events)
        return result

    def _uttered(self, said: Said) -> dict[str, Any]:
        """The event that the tracker keeps of a response."""
        data = {"buttons": [{"title": t, "payload": p} for t, p in said.offered(self.language)]}
        custom = {"custom": {"cards": list(said.cards)}} if said.cards else {}
        return {"event": "bot", "text": said.worded(self.language), "data": {**data, **custom}}

    def _keep(self, events: Sequence[dict[str, Any]]) -> None:
        for event in events:
            self.events.append(event)
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.loop = event["name"]

    def _set(self, slot: str, value: Any) -> None:
        self._keep([{"event": "slot", "name": slot, "value": value, "timestamp": None}])

    # ---- one turn ----

    async def says(self, text: str, intent: str, *entities: Entity, **more: Any) -> list[Said]:
        """A whole turn: the message, and all that rules and forms make of it."""
        self.hear(text, intent, *entities, **more)
        self.ran = []
        said: list[Said] = []
        if self.loop is not None and await self._form(self.loop, said):
            return said
        actions = rules().get((self.loop, intent)) or rules()[None, intent]
        for action in actions:
            if not await self._run(action, said):
                break
        return said

    async def presses(self, payload: str) -> list[Said]:
        """A button that was offered: its payload, as the channel hands it to Rasa."""
        intent, brace, rest = payload[1:].partition("{")
        entities = yaml.safe_load(brace + rest) if brace else {}
        # As Rasa reads it: a list is several mentions.
        listed = ((k, v if isinstance(v, list) else [v]) for k, v in entities.items())
        mentions = [mention(kind, value) for kind, values in listed for value in values]
        return await self.says(payload, intent, *mentions)

    async def _run(self, action: str, said: list[Said]) -> bool:
        """Runs what a rule names. False when it ended the turn: nothing else follows then."""
        if action.startswith("utter_"):
            self.ran.append(action)
            self.events.append({"event": "action", "name": action})
            said.append(Said(action, "", (), (), {}))
            self.events.append(self._uttered(said[-1]))
        elif action == "action_deactivate_loop":
            self._deactivate()
        elif action in domain()["forms"]:
            await self._form(action, said)
        else:
            result = await self.act(action)
            said += result.said
            if result.follow_up == "action_listen":
                return False
            if result.follow_up:
                return await self._run(result.follow_up, said)
        return True

    async def _form(self, form: str, said: list[Said]) -> bool:
        """Rasa's form: validates, asks for the next empty slot, submits. False if it rejects."""
        if self.loop != form:
            # Rasa activates before it validates, and leaves `requested_slot` as it was.
            self.loop = form
            self.events.append({"event": "active_loop", "name": form})
        requested = {
            "event": "slot",
            "name": "requested_slot",
            "value": self.slots["requested_slot"],
        }
        temporary = (requested, {"event": "action", "name": form})
        checked = await self.act(f"validate_{form}", *temporary)
        said += checked.said
        if checked.rejected:
            return False
        self.events.append({"event": "action", "name": form})
        if checked.ends_form:
            # Ended from within; the rules know no other end than the one of a complete form.
            self._deactivate()
            await self._run(submits()[form], said)
            return True
        required = domain()["forms"][form]["required_slots"]
        empty = next((slot for slot in required if self.slots[slot] is None), None)
        self._set("requested_slot", empty)
        if empty is None:
            self._deactivate()
            await self._run(submits()[form], said)
            return True
        known = {*domain()["actions"], *domain()["responses"]}
        path = (
            f"action_ask_{form}_{empty}",
            f"utter_ask_{form}_{empty}",
            f"action_ask_{empty}",
            f"utter_ask_{empty}",
        )
        ask = next(name for name in path if name in known)
        if ask.startswith("utter_"):
            said.append(Said(ask, "", (), (), {}))
            self.events.append(self._uttered(said[-1]))
        else:
            said += (await self.act(ask, *temporary)).said
        return True

    def _deactivate(self) -> None:
        self.loop = None
        self.events.append({"event": "active_loop", "name": None})
        self._set("requested_slot", None)


def names(said: Sequence[Said]) -> list[str]:
    """The responses by name, `text` for composed ones: the shape of an answer."""
    return [one.response or "text" for one in said]

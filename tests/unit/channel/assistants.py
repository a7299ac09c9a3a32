"""Assistants without language understanding: real policies, real forms, actions from a script.

The same conversation is held with Rasa as it is and with our extensions; what both did is compared.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import structlog
import yaml
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.data import TrainingType
from rasa.utils.endpoints import EndpointConfig

ROOT = Path(__file__).parents[3]
LOOK_BACK = 6
"""States that the policies of both models look back."""

# Rasa writes every state that it sees at this level, and a test run has none set.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


@dataclass(frozen=True)
class Model:
    """Trained policies and what they were trained for."""

    domain: Domain
    memoization: MemoizationPolicy
    rules: RulePolicy

    @property
    def policies(self) -> tuple[Policy, ...]:
        return self.memoization, self.rules


def train(domain: Domain, stories: str | Sequence[Path], config: dict[str, Any]) -> Model:
    """From the text of a story file or from files."""
    reader = YAMLStoryReader(domain)
    if isinstance(stories, str):
        steps = reader.read_from_string(stories)
    else:
        steps = [step for path in stories for step in reader.read_from_file(path)]
    trackers = TrainingDataGenerator(StoryGraph(steps), domain, augmentation_factor=0).generate()
    storage = LocalModelStorage(Path(tempfile.mkdtemp()))

    def trained(kind: Any) -> Any:
        settings = {**kind.get_default_config(), **config[kind.__name__]}
        context = ExecutionContext(GraphSchema({}))
        policy = kind(settings, storage, Resource(kind.__name__), context)
        policy.train(trackers, domain)
        return policy

    return Model(domain, trained(MemoizationPolicy), trained(RulePolicy))


@lru_cache(maxsize=1)
def own_model() -> Model:
    """The rules, stories and policies of this project."""
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    settings = {entry.pop("name"): entry for entry in config["policies"]}
    data = ROOT / "bot/data"
    files = (data / "rules.yml", data / "stories.yml")
    return train(Domain.load(str(ROOT / "domain.yml")), files, settings)


# What the assistant does depends on the messages before that stories know of, and between them
# are any number of others, of which only rules know.
OWN_DOMAIN = """
version: "3.1"
intents: [x, y, greet, inform, book]
actions: [validate_b_form, action_submit_b]
slots:
  topic: {type: any, mappings: [{type: custom}]}
  asked: {type: any, mappings: [{type: custom}]}
  form_failures: {type: any, mappings: [{type: custom}]}
  b1: {type: any, mappings: [{type: custom}]}
  b2: {type: any, mappings: [{type: custom}]}
forms:
  b_form: {required_slots: [b1, b2]}
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
responses:
  utter_greet: [{text: hello}]
  utter_ask_b1: [{text: one}]
  utter_ask_b2: [{text: two}]
  utter_lost: [{text: lost}]
"""
OWN_RULES = """
version: "3.1"
rules:
- rule: greeting
  steps: [{intent: greet}, {action: utter_greet}]
- rule: a bare mention
  steps: [{intent: inform}, {action: utter_greet}]
- rule: a form
  steps: [{intent: book}, {action: b_form}, {active_loop: b_form}]
- rule: greeting in the form
  condition: [{active_loop: b_form}]
  steps: [{intent: greet}, {action: utter_greet}, {action: b_form}, {active_loop: b_form}]
- rule: the form is complete
  condition: [{active_loop: b_form}]
  steps:
  - action: b_form
  - active_loop: null
  - slot_was_set: [{requested_slot: null}]
  - action: action_submit_b
stories:
"""
OWN_POLICIES: dict[str, Any] = {
    "MemoizationPolicy": {"max_history": LOOK_BACK},
    "RulePolicy": {
        "core_fallback_threshold": 0.3,
        "core_fallback_action_name": "utter_lost",
        "enable_fallback_prediction": True,
    },
}


@lru_cache(maxsize=1)
def story_model() -> Model:
    """One in which stories decide."""
    stories = OWN_RULES
    for said in product("xy", repeat=6):
        stories += f"- story: {''.join(said)}\n  steps:\n"
        for place, intent in enumerate(said):
            before = "".join(said[max(0, place - 1) : place + 1])
            stories += f"  - intent: {intent}\n  - action: utter_{before}\n"
    answers = {"".join(said) for size in (1, 2) for said in product("xy", repeat=size)}
    responses = "".join(f"  utter_{answer}: [{{text: {answer}}}]\n" for answer in sorted(answers))
    return train(Domain.from_yaml(OWN_DOMAIN + responses), stories, OWN_POLICIES)


class Predictions:
    """Stands for the graph of a model, as far as predicting goes."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._ensemble = DefaultPolicyPredictionEnsemble()

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        [tracker] = inputs.values()
        domain = self._model.domain
        rule_only_data = self._model.rules._get_rule_only_data()
        predictions = [
            policy.predict_action_probabilities(tracker, domain, rule_only_data=rule_only_data)
            for policy in self._model.policies
        ]
        combined = self._ensemble.combine_predictions(predictions, tracker, domain)
        return dict.fromkeys(targets, combined)


def processor(model: Model, store: TrackerStore) -> MessageProcessor:
    """Rasa's own, around a trained model and a store."""
    made = MessageProcessor.__new__(MessageProcessor)
    store.domain = model.domain
    made.nlg = TemplatedNaturalLanguageGenerator(model.domain.responses)
    made.tracker_store = store
    made.lock_store = InMemoryLockStore()
    made.max_number_of_predictions = 10
    made.on_circuit_break = None
    made.action_endpoint = EndpointConfig("http://localhost")
    made.model_filename = "test"
    made.model_metadata = SimpleNamespace(
        training_type=TrainingType.BOTH, model_id="m", assistant_id="a", core_target="select"
    )
    made.graph_runner = Predictions(model)
    made.domain = model.domain
    made.http_interpreter = None
    return made


@dataclass(frozen=True)
class Said:
    """A message of the customer, understood."""

    id: str
    intent: str

    def message(self, sender: str) -> UserMessage:
        text = f"{self.intent} {self.id}"
        parsed = {
            "text": text,
            "intent": {"name": self.intent, "confidence": 0.9},
            "entities": [{"entity": "language", "value": "zh", "start": 0, "end": 0}],
            "intent_ranking": [],
        }
        return UserMessage(
            text,
            CollectingOutputChannel(),
            sender,
            parse_data=parsed,
            message_id=self.id,
            metadata={"message_id": self.id},
        )


def conversation(seed: int, turns: int, intents: Sequence[str]) -> list[Said]:
    chance = Random(seed)
    return [Said(f"{seed}-{number}", chance.choice(intents)) for number in range(turns)]


def intents_of(model: Model) -> list[str]:
    """Intents to choose from; those of forms so often that forms are seen at every stage."""
    unfit = ("restart", "back", "session_start", "nlu_fallback", "out_of_scope")
    known = [name for name in model.domain.intents if name not in unfit]
    often = [name for name in known if name.startswith("book") or name in ("x", "y", "complaint")]
    answers = [name for name in known if name in ("inform", "affirm") and len(known) > 10]
    return [*known, *often * 6, *answers * 8]


def script(model: Model) -> Any:
    """In place of `RemoteAction.run`: fills forms, steps aside, leaves them, opens others.

    Decides by the turn and the state alone, never by the events before.
    """
    asides = _asides(model)

    async def run(
        self: Any, _channel: Any, _nlg: Any, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Event]:
        name = self.name()
        message = tracker.latest_message
        chance = Random(f"{message.message_id} {name}")
        if name.startswith("validate_"):
            form = name.removeprefix("validate_")
            aside = message.intent["name"] in asides[form] and not _came_back(form, tracker)
            return _validated(form, tracker, chance, aside)
        said = BotUttered(f"{name} {message.message_id}", {"buttons": [{"title": "a"}]})
        if name.startswith("action_submit"):
            filled = domain.required_slots_for_form(tracker.latest_action_name) or list(
                domain.required_slots_for_form(domain.form_names[0])
            )
            events: list[Event] = [said, *(SlotSet(slot, None) for slot in filled)]
            if chance.random() < 0.2:
                events.append(FollowupAction(chance.choice(domain.form_names)))
            return events
        return [said, SlotSet("topic", {"of": message.message_id})]

    return run


def _asides(model: Model) -> dict[str, set[str]]:
    """The intents that rules, or stories, know what to do with while a form is open."""
    found: dict[str, set[str]] = {form: {"x", "y"} for form in model.domain.form_names}
    for key in model.rules.lookup["rules"]:
        last = json.loads(key)[-1]
        form, intent = last.get("active_loop", {}).get("name"), last.get("user", {}).get("intent")
        if form in found and intent and last["prev_action"]["action_name"] == "action_listen":
            found[form].add(intent)
    return found


def _came_back(form: str, tracker: DialogueStateTracker) -> bool:
    """Whether something else was done for this message before the form runs again."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name != form:
            return True
    return False


def _validated(
    form: str, tracker: DialogueStateTracker, chance: Random, aside: bool
) -> list[Event]:
    requested = tracker.get_slot("requested_slot")
    if aside and requested and chance.random() < 0.7:
        return [SlotSet("asked", None), ActionExecutionRejected(form)]
    if chance.random() < 0.05:
        return [
            SlotSet("asked", None),
            SlotSet("requested_slot", None),
            ActiveLoop(None),
            FollowupAction("action_listen"),
        ]
    if requested and chance.random() < 0.7:
        return [SlotSet(requested, chance.randrange(1000)), SlotSet("asked", None)]
    return [SlotSet("form_failures", chance.randrange(3)), SlotSet("asked", requested)]


def did(tracker: DialogueStateTracker, message_id: str) -> list[str]:
    """What a turn did, in words that can be compared."""
    events = list(tracker.events)
    place = next(
        number
        for number in range(len(events) - 1, -1, -1)
        if getattr(events[number], "message_id", None) == message_id
    )
    found = []
    for event in events[place:]:
        if isinstance(event, ActionExecuted):
            hidden = "hidden" if event.hide_rule_turn else "seen"
            found.append(f"{event.action_name} by {event.policy} {event.confidence} {hidden}")
        elif not isinstance(event, BotUttered):
            found.append(str(event))
        else:
            found.append(event.text or "")
    return found


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What a tracker adds up to, without its events."""
    found: dict[str, Any] = tracker.current_state()
    del found["latest_event_time"]
    loop = found["active_loop"]
    if loop:
        # What the message was that opened it: Rasa's own copies of a tracker differ there.
        loop.pop("trigger_message")
    return found

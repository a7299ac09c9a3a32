"""Traces the figures of a reply: each to a record of the day, a named rule or the customer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.models import Trim
from tests.integration.actions.dialogue import Said, variation
from tests.integration.actions.figures.reading import Figure, figures, number
from tests.integration.actions.figures.records import Records, wordings
from tests.integration.actions.figures.rules import ABOUT, RULES, SAID, Case

_ADDRESS = re.compile(r"https?://\S+")
"""What stands in the address of a page claims nothing."""


@dataclass(frozen=True)
class Untraced:
    """A figure that nothing accounts for, with the words around it."""

    figure: Figure
    line: str

    def __str__(self) -> str:
        return f"{self.figure} in {self.line!r}"


@dataclass
class Checker:
    """Checks replies against the store of one day."""

    records: Records
    traced: dict[str, int] = field(default_factory=dict)
    """Name of the source → figures found there."""
    _pools: dict[tuple[Any, ...], frozenset[Figure]] = field(default_factory=dict)
    _wordings: dict[frozenset[int], re.Pattern[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = _any_of(self.records.names)

    def _approved(self, models: frozenset[int]) -> re.Pattern[str]:
        if models not in self._wordings:
            self._wordings[models] = _any_of(wordings(self.records, set(models)))
        return self._wordings[models]

    def untraced(
        self,
        said: Sequence[Said],
        language: str,
        *,
        message: str = "",
        entities: Iterable[dict[str, Any]] = (),
        more: Iterable[Figure] = (),
        booking: bool = False,
    ) -> list[Untraced]:
        """What of a reply cannot be traced. `more`: what stands in the customer's records;
        `booking`: times may be offered."""
        entities = list(entities)
        own = tuple(dict.fromkeys([*figures(message), *_values(entities), *more]))
        asked = self._asked(entities)
        wrong: list[Untraced] = []
        for one in said:
            fixed: tuple[Figure, ...] = ()
            if one.response:
                # What the domain itself says is looked at where all its texts are walked.
                template = re.sub(r"{\w+}", " ", variation(one.response, language)["text"])
                fixed = tuple(figures(template))
            parts = blocks(one, language)
            about = self._models("\n".join(line for block in parts for line in block))
            for block in parts:
                wrong += self._block(block, asked, about, (*own, *fixed), booking)
        return wrong

    def _asked(self, entities: list[dict[str, Any]]) -> list[Trim]:
        codes = {
            code
            for e in entities
            if e["entity"] in ("model", "trim")
            for code in (e["value"], *(e.get("alternatives") or ()))
        }
        return [
            trim
            for trim in self.records.trims.values()
            if trim.code in codes or self.records.models[trim.model_id].code in codes
        ]

    def _block(
        self,
        block: list[str],
        asked: list[Trim],
        about: set[int],
        own: tuple[Figure, ...],
        booking: bool,
    ) -> list[Untraced]:
        """One text, one card or button: its first line says what the others are about.

        `about`: the models that the whole utterance names.
        """
        everything = list(self.records.trims.values())
        text = "\n".join(block)
        named = self._models(text) or about
        models = {t.model_id for t in asked} | named
        scope = [t for t in everything if t.model_id in models] or everything
        head = self._narrow(block[0], scope) if block else []
        approved = self._approved(frozenset(t.model_id for t in scope))
        wrong = []
        model: list[Trim] = []
        for line in block:
            if these := self._models(line):
                model = [t for t in scope if t.model_id in these]
            trims = self._narrow(line, model or scope) or head or model or scope
            if not figures(line):
                continue
            rest = self._names.sub(" ", approved.sub(" ", _ADDRESS.sub(" ", line)))
            case = Case(self.records, tuple(trims), own, booking)
            wrong += [
                Untraced(figure, line)
                for figure in figures(rest)
                if not self._trace(figure, case, text)
            ]
        return wrong

    def _models(self, text: str) -> set[int]:
        return {
            model.id
            for model in self.records.models.values()
            if model.name_zh in text or model.name_en in text
        }

    def _narrow(self, line: str, scope: list[Trim]) -> list[Trim]:
        """The trims that a line names, the longest names first."""
        found: list[Trim] = []
        for name in sorted({n for t in scope for n in (t.name_zh, t.name_en)}, key=len)[::-1]:
            if name in line:
                line = line.replace(name, "\0")
                found += [t for t in scope if name in (t.name_zh, t.name_en)]
        return found

    def _trace(self, figure: Figure, case: Case, text: str) -> str | None:
        for name in RULES:
            if ABOUT[name].search(text) and figure in self._pool(name, case):
                self.traced[name] = self.traced.get(name, 0) + 1
                return name
        return None

    def _pool(self, name: str, case: Case) -> frozenset[Figure]:
        said = case.said if name in SAID else ()
        key = (name, tuple(trim.id for trim in case.trims), said, case.booking)
        if key not in self._pools:
            self._pools[key] = frozenset(RULES[name](case))
        return self._pools[key]


def _any_of(texts: list[str]) -> re.Pattern[str]:
    telling = [text for text in texts if figures(text)]
    return re.compile("|".join(map(re.escape, telling)) or r"(?!)")


def blocks(said: Said, language: str) -> list[list[str]]:
    """What a customer reads of one utterance: its text, each card, each button."""
    found = [said.worded(language).split("\n")]
    for card in said.cards:
        lines = [card["title"], *(card.get("subtitle") or "").split("\n")]
        lines += [f"{fact['label']} {fact['value']}" for fact in card.get("facts", ())]
        found.append(lines + [button["title"] for button in card.get("buttons", ())])
    found += [[title] for title, _ in said.offered(language)]
    return [[line for line in block if line] or [""] for block in found]


def _values(entities: Iterable[dict[str, Any]]) -> list[Figure]:
    """What a customer's values come to: amounts, shares, terms, mileages."""
    found: list[Figure] = []
    for entity in entities:
        value = entity["value"]
        if not isinstance(value, dict):
            continue
        if entity["entity"] == "money":
            fens = [value.get(name) for name in ("amount", "min", "max")]
            found += [Figure("money", number(fen).value) for fen in fens if fen]
        elif entity["entity"] == "ratio":
            found.append(Figure("percent", number(value["percent"]).value))
        elif entity["entity"] in ("months", "mileage"):
            for name, unit in (("months", "month"), ("km", "km")):
                if value.get(name):
                    found += [number(value[name], unit), number(value[name])]
    return found

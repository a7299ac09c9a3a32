"""Plays a written conversation against the running system and says what was not as it must be."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx

from tests import style
from tests.conversations.live.figures import evaluate, money, numbers
from tests.conversations.live.script import Script, Turn
from tests.e2e.customer import NUMBER, Customer, Office

KINDS = {"drive": "test-drives", "visit": "service-bookings", "complaint": "complaints"}
FRESH = {"drive": "booked", "visit": "booked", "complaint": "open"}


class Played:
    """One conversation and what went wrong in it, with its transcript."""

    def __init__(self, client: httpx.Client, office: Office, script: Script) -> None:
        self.script = script
        self.transcript: list[str] = []
        self.wrong: list[str] = []
        self._client = client
        self._office = office
        self._customers: dict[str, Customer] = {}
        self._number = ""

    def play(self) -> "Played":
        for turn in self.script.turns:
            try:
                heard = self._take(turn)
            except AssertionError as error:
                self._complain(turn, str(error).splitlines()[0])
                return self
            has = tuple(self._filled(pattern, turn.who) for pattern in turn.has)
            for wrong in _expected(replace(turn, has=has), heard, english=self.script.english):
                self._complain(turn, wrong)
        self._check_records()
        return self

    def _complain(self, turn: Turn, wrong: str) -> None:
        line = f"after {turn.said!r}: {wrong}"
        self.wrong.append(line)
        self.transcript.append(f"    !! {wrong}")

    def _customer(self, who: str) -> Customer:
        if who not in self._customers:
            locale = "en-GB" if self.script.english else "zh-CN"
            self._customers[who] = Customer.arrives(self._client, locale)
        return self._customers[who]

    def _filled(self, text: str, who: str = "a") -> str:
        for name, value in {
            "{phone}": self.script.phone(who),
            "{phone_a}": self.script.phone("a"),
            "{phone_b}": self.script.phone("b"),
            "{number}": self._number,
        }.items():
            text = text.replace(name, value)
        return text

    def _take(self, turn: Turn) -> list[dict[str, Any]]:
        customer = self._customer(turn.who)
        said = self._filled(turn.said, turn.who)
        who = "" if turn.who == "a" else f" {turn.who}"
        self.transcript.append(f"{who}> {'[' + said + ']' if turn.pressed else said}")
        if turn.pressed:
            assert said in customer.buttons, f"no button {said}, but {list(customer.buttons)}"
            customer.press(said)
        else:
            customer.say(said)
        for message in customer.heard:
            self.transcript.append("    " + shown(message).replace("\n", "\n    "))
        numbers_told = NUMBER.findall(customer.text)
        if numbers_told:
            self._number = numbers_told[-1]
        return customer.heard

    def _check_records(self) -> None:
        for who, customer in self._customers.items():
            wanted = self.script.records.get(who, [])
            for kind, path in KINDS.items():
                found = sorted(self._office.of(path, customer), key=lambda row: row["id"])
                expected = [row for row in wanted if kind in row]
                if len(found) != len(expected):
                    self.wrong.append(
                        f"{len(found)} of {path} in the store, not {len(expected)}: {found}"
                    )
                    continue
                for row, record in zip(expected, found, strict=True):
                    self.wrong += [
                        f"{kind} {record['number']}: {wrong}"
                        for wrong in self._differences(kind, row, record, who)
                    ]
        if self.script.owner:
            owner = self._office.conversation(self._customer("a"))["owner"]
            if owner != self.script.owner:
                self.wrong.append(f"the conversation is with {owner}, not {self.script.owner}")

    def _differences(
        self, kind: str, wanted: dict[str, Any], record: dict[str, Any], who: str
    ) -> Iterator[str]:
        wanted = {"state": FRESH[kind], **wanted}
        for field, value in wanted.items():
            is_, ought = _compared(kind, field, value, record)
            if isinstance(ought, str):
                ought = self._filled(ought, who)
            if field == "complaint":
                if not re.search(ought, is_):
                    yield f"tells {is_!r}, not {ought!r}"
            elif is_ != ought:
                yield f"{field} is {is_!r}, not {ought!r}"


def _compared(kind: str, field: str, value: Any, record: dict[str, Any]) -> tuple[Any, Any]:
    """A field of a record and what it ought to be, in one form."""
    if field in ("drive", "model"):
        return (record["model"] or {}).get("code"), value
    if field == "visit":
        return sorted(item["code"] for item in record["items"]), sorted(value)
    if field == "complaint":
        return record["text"], value
    if field == "at":
        at = datetime.fromisoformat(record["starts_at"])
        ought = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return at.strftime("%m-%d %H:%M"), ought.strftime("%m-%d %H:%M")
    if field in ("name", "phone") and kind != "complaint":
        is_ = record["customer"][field]
        return is_, f"+86{value}" if field == "phone" else value
    if field == "phone":
        return record["contact_phone"], f"+86{value}" if value else None
    if field == "km":
        return record["mileage_km"], value
    if field == "price":
        [yuan] = evaluate(value)
        return Decimal(record["price"] or 0) / 100, yuan
    return record[field], value


def shown(message: dict[str, Any]) -> str:
    """A message with its cards and buttons, as one reads it."""
    lines = [str(message["text"])]
    for card in message.get("cards") or []:
        facts = "; ".join(f"{fact['label']}: {fact['value']}" for fact in card.get("facts") or [])
        lines.append(f"# {card['title']} {card.get('subtitle') or ''} {facts}".rstrip())
    buttons = [button["title"] for button in message.get("buttons") or []]
    return "\n".join(lines) + (f" [{' | '.join(buttons)}]" if buttons else "")


def _expected(turn: Turn, heard: list[dict[str, Any]], *, english: bool) -> Iterator[str]:
    """What is missing or too much in what was heard, and what is badly written."""
    text = "\n".join(shown(message) for message in heard)
    plain = "\n".join(str(message["text"]) for message in heard)
    if turn.amounts is not None:
        ought = {figure for each in turn.amounts for figure in evaluate(each)}
        told = money(plain)
        if told != ought:
            yield f"tells the amounts {_listed(told)}, not {_listed(ought)}"
    for each in turn.tells:
        missing = evaluate(each) - numbers(text)
        if missing:
            yield f"does not tell {each}: {_listed(missing)}"
    for pattern in turn.has:
        if not re.search(pattern, text, re.I | re.M):
            yield f"has no {pattern!r}"
    for pattern in turn.lacks:
        if re.search(pattern, text, re.I | re.M):
            yield f"has {pattern!r}"
    offered = {b["title"] for message in heard for b in _buttons(message)}
    for title in turn.buttons:
        if title not in offered:
            yield f"no button {title}, but {sorted(offered)}"
    if turn.cards is not None:
        cards = sorted(card["title"] for message in heard for card in message.get("cards") or [])
        if cards != sorted(turn.cards):
            yield f"shows the cards {cards}, not {sorted(turn.cards)}"
    for message in heard:
        for fault in style.faults(str(message["text"]), english=english):
            yield f"badly written, {fault}: {message['text']!r}"


def _buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    cards = message.get("cards") or []
    return [*(message.get("buttons") or []), *(b for c in cards for b in c.get("buttons") or [])]


def _listed(figures: set[Decimal]) -> str:
    return ", ".join(f"{figure:,}" for figure in sorted(figures)) or "none"

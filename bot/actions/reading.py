"""What both booking forms read alike out of a message: name, phone, time."""

import re
from calendar import monthrange
from datetime import time
from typing import Any

from bot.actions.context import CONFIDENT, Turn
from bot.actions.forms import LEAVING, QUESTIONS, Filling, changes
from bot.actions.wishes import BESIDES
from values import find_all, merge_times
from values.person import read_name

LEAST_DIGITS = 5
"""A number as long as that was meant as a phone when a phone was asked for."""
OTHER_ANSWERS = frozenset({"plate", "vin", "phone", "mileage"})
"""What stands beside a name in the answer to one question."""
NAME_WORDS = 3
NAME_LENGTH = 24
SURE = 0.9
"""A short answer to "what is your name" is a name, unless it is surely something else."""

PIECES = re.compile(r"[,;:，；：、。\n\0]+|(?<=\S)\s{2,}")
# What leads to a name or to the number beside it.
_CUES = re.compile(
    r"^\s*(?:and |it'?s |it is |i'?m |my name'?s? (?:is )?|this is |under |for |name[d]?(?: is)? )+"
    r"|\b(?:phone|mobile|tel|number|cell)\b.*$|(?:电话|手机|号码|联系方式)是?\s*$",
    re.I,
)
_LATIN = re.compile(r"[A-Za-z]{5,}")
_LEADING_ZH = re.compile(
    r"(?:姓名|名字|称呼|联系人|车牌号?|牌照|手机号?码?|电话号?码?|号码)[是为:：]?"
)
_LEADING = ("phone", "number", "mobile", "plate")
_DIGITS = re.compile(r"[+\d][\d\s-]*")
_MIXED = re.compile(r"[A-Za-z]+\d[A-Za-z\d]*")
_ASKING = re.compile(r"[?？吗呢么]|多少|几|怎|什么|啥|\b(?:what|how|which|when|why)\b", re.I)
_ANY = re.compile(
    r"随便|随意|都行|都可以|都好|看着办|无所谓|哪个都|哪天都|任何时间|什么时候都"
    r"|\b(?:whatever|whenever|any ?time|any ?day|any is fine|you choose|up to you"
    r"|doesn'?t matter|don'?t mind)\b",
    re.I,
)


_ONE_NAME = re.compile(
    r"(?!(?:thx|thank\w*|thanx|tysm|gracias|gotcha|cheers|brilliant|lovely|wonderful|super|amazing"
    r"|welcome|wow|pardon|nah|ta)\b)[A-Z][a-z]{2,14}(?: [A-Z][a-z]{1,14})?$",
)


def read_contact(turn: Turn, filling: Filling) -> None:
    """Name and phone, wherever they stand; a bare name only when it was asked for."""
    asked = filling.awaited
    person = turn.first("person")
    if person is None and not turn.pressed:
        if turn.found("phone") or turn.found("plate"):
            person = _name_beside(turn)
        if person is None and "customer_name" in asked:
            person = _bare_name(turn, plate="service_plate" in asked) or _name_beside(turn)
    if person and len(person["name"]) == 1 and not person.get("title"):
        # "我姓周，周涛": the surname first, then the name.
        whole = next(filter(None, map(read_name, PIECES.split(turn.text)[::-1])), None)
        person = whole if whole and whole["name"].startswith(person["name"]) else person
    if person:
        title = person.get("title") or ""
        name = person["name"]
        filling.set("customer_name", f"{name}{title}" if len(name) == 1 else name)
    for phone in turn.found("phone"):
        if phone.get("valid"):
            filling.set("customer_phone", phone["number"])
        elif "customer_phone" in asked or not turn.found("number"):
            _refuse_phone(turn, filling)
    digits = sum(character.isdigit() for character in turn.text)
    bare = not turn.pressed and not turn.entities_but_language
    # Digits alone may as well be those of a plate, where that was asked for too.
    phone_alone = "customer_phone" in asked and "service_plate" not in asked
    if phone_alone and bare and digits >= LEAST_DIGITS:
        _refuse_phone(turn, filling)


def _refuse_phone(turn: Turn, filling: Filling) -> None:
    turn.say("utter_phone_invalid")
    filling.ask("customer_phone")


def _bare_name(turn: Turn, plate: bool) -> dict[str, Any] | None:
    """The whole message as a name; digits beside it may be a phone with one too few, letters with
    digits a plate that is none, where a `plate` was asked for."""
    text = _without(turn, OTHER_ANSWERS)
    text = _DIGITS.sub(" ", _MIXED.sub(" ", text) if plate else text).strip()
    if not text or _ASKING.search(text) or any_will_do(turn):
        return None
    aside = turn.intent in QUESTIONS | LEAVING | {"deny", "affirm"}
    if turn.intent in ("thank", "greet", "chitchat", "bot_challenge") and _ONE_NAME.match(text):
        # Priya is thanks to the model, and a name to whoever has asked for it.
        aside = False
    if turn.intent == "out_of_scope" and len(text.split()) <= NAME_WORDS:
        # Tom Baker is nobody's business but ours, when his name was asked for.
        aside = False
    if aside and turn.confidence >= (SURE if len(text) <= 4 else CONFIDENT):
        return None
    return read_name(text)


def _without(turn: Turn, kinds: frozenset[str] | None = None) -> str:
    """The text with a break for each mention of those kinds; without kinds, of every kind."""
    text = list(turn.text)
    for entity in turn.entities:
        kind = entity.get("entity")
        # Mike Brown has a name, and no colour.
        if kind in kinds if kinds else kind not in ("language", "person", "number", "colour"):
            for place in range(entity.get("start") or 0, min(entity.get("end") or 0, len(text))):
                text[place] = "\0"
    said = _LEADING_ZH.sub("\0", "".join(text))
    return _LATIN.sub(lambda word: "\0" if _leads(word[0]) else word[0], said)


def _leads(word: str) -> bool:
    """Whether it is a word that leads to a number, perhaps typed in haste: phoone, nubmer."""
    typed = word.lower()
    once = re.sub(r"(.)\1+", r"\1", typed)
    return any(cue in (typed, once) or sorted(typed) == sorted(cue) for cue in _LEADING)


def _name_beside(turn: Turn) -> dict[str, Any] | None:
    """In "周六三点，王伟，138…" the piece that is no other mention is the name."""
    for rough in PIECES.split(_without(turn)):
        piece = _CUES.sub(" ", rough).strip()
        if piece.strip() and len(piece.split()) <= NAME_WORDS and len(piece) <= NAME_LENGTH:
            person = read_name(piece.strip())
            if person is not None:
                return person
    return None


def any_will_do(turn: Turn) -> bool:
    """ "随便", "any time": the choice is left to us."""
    return bool(_ANY.search(turn.text))


def complete(day: str, clock: str) -> dict[str, Any]:
    """The value of a moment that is known in full: `2026-11-28`, `15:00`."""
    return {
        "date": day,
        "date_end": None,
        "time": clock,
        "time_end": None,
        "part": None,
        "grain": "minute",
        "start": None,
        "end": None,
        "approximate": False,
        "past": False,
        "ambiguous": [],
        "repeated": False,
        "loose": None,
    }


def read_button(said: str) -> dict[str, Any]:
    """The time that one of our buttons names: `2026-11-28T15:00`, local."""
    day, _, clock = said.partition("T")
    return complete(day, clock[:5])


_HOUR = re.compile(
    r"^\D{0,20}?(\d{1,2})(?:[:：](\d{2}))?\s*(?:then|吧|那|呢|please|ok|行|可以)?\W*$", re.I
)


def read_time(turn: Turn, slot: str, requested: bool) -> dict[str, Any] | None:
    """The time asked for so far: what the message says merged into what was known.

    In a question only a complete time counts, since "几点关门，周六" asks about Saturday. A bare
    number is an hour only when the time was asked for.
    """
    said = turn.first("time")
    if isinstance(said, str):
        return read_button(said)
    now = turn.local(turn.now)
    if said is None and (requested or changes(turn)) and not turn.pressed:
        bare = _HOUR.match(turn.text.strip())
        if bare and int(bare[1]) < 24 and not _names_something(turn, bare[1]):
            mentions = find_all(f"{int(bare[1])}:{bare[2] or '00'}", now=now, opens=time(8))
            said = next((m.value for m in mentions if m.kind == "time"), None)
    if said is None:
        return None
    if turn.intent in QUESTIONS and not (said.get("date") and said.get("time")):
        return None
    if turn.intent in BESIDES and turn.confidence >= CONFIDENT:
        # "昨天下午三点的试驾很好" is no time to come.
        return None
    known = turn.slot(slot)
    merged: dict[str, Any] = merge_times(known, said, now) if known else dict(said)
    return merged


def _names_something(turn: Turn, digits: str) -> bool:
    """Whether the number is part of a name: "换成星禾X7吧" is no seven o'clock."""
    place = turn.text.find(digits)
    return any(
        (entity.get("start") or 0) <= place < (entity.get("end") or 0)
        for entity in turn.entities_but_language
        if entity.get("entity") not in ("time", "number")
    )


_ZH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_EN_DAY = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b",
    re.I,
)
_EN_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?"
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[a-z]*\b)",
    re.I,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def named_time(turn: Turn) -> Any:
    """The time of a message: a button's, or the first that was said, with the part of the day that
    stands apart from it (大后天吗 早上)."""
    said = turn.first("time")
    for more in turn.found("time")[1:]:
        if isinstance(said, dict) and isinstance(more, dict):
            apart = said["date"] and not (said["time"] or said["part"])
            if apart and not more["date"] and (more["time"] or more["part"]):
                said = merge_times(said, more, turn.local(turn.now))
    return said


def names_no_such_day(turn: Turn) -> bool:
    """2月30号, Feb 30: a day that no calendar has."""
    pairs = [(int(m), int(d)) for m, d in _ZH_DAY.findall(turn.text)]
    pairs += [(_MONTHS.index(m.lower()) + 1, int(d)) for m, d in _EN_DAY.findall(turn.text)]
    pairs += [(_MONTHS.index(m.lower()) + 1, int(d)) for d, m in _EN_DAY_FIRST.findall(turn.text)]
    for month, day in pairs:
        if not 1 <= month <= 12 or day < 1:
            return True
        leap = 2028
        if day > monthrange(leap, month)[1]:
            return True
    return False

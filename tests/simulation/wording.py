"""What customers say: held-back sentences of the right intent, and times of our own."""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from tests.e2e.conftest import NOW
from values import find_all

ROOT = Path(__file__).parents[2]
HELD_BACK = ("heldback.yml", "heldback_voices.yml")
VALUES = frozenset({"time", "money", "phone", "plate", "mileage", "person", "months", "ratio"})


@dataclass(frozen=True)
class Car:
    """A model of the demo, as customers call it."""

    code: str
    zh: str
    en: str

    def name(self, english: bool) -> str:
        return self.en if english else self.zh


@cache
def cars() -> tuple[Car, ...]:
    rows = yaml.safe_load((ROOT / "demo/catalogue.yaml").read_text())["models"]
    return tuple(Car(row["code"], row["name_zh"], row["name_en"]) for row in rows)


@cache
def _names() -> re.Pattern[str]:
    """Every way in which the demo's models are named."""
    rows = yaml.safe_load((ROOT / "demo/catalogue.yaml").read_text())["models"]
    said = {name for row in rows for name in (row["name_zh"], row["name_en"], *row["aliases"])}
    words = sorted(said, key=len, reverse=True)
    return re.compile(
        "|".join(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" for word in words), re.I
    )


@cache
def held_back(intent: str, english: bool) -> tuple[str, ...]:
    """The held-back sentences of an intent that state no value of their own."""
    found = []
    for file in HELD_BACK:
        for block in yaml.safe_load((ROOT / "tests/nlu" / file).read_text())["nlu"]:
            if block["intent"] == intent:
                found += [line.removeprefix("- ") for line in block["examples"].splitlines()]
    wanted = [line for line in found if line.isascii() == english]
    return tuple(line for line in wanted if not _states_value(line))


def _states_value(text: str) -> bool:
    return any(m.kind in VALUES for m in find_all(text, now=NOW)) or bool(
        re.search(r"\d", _names().sub("", text))
    )


def about(sentence: str, name: str) -> str:
    """The sentence with its cars named as this one; several become one too many: unusable."""
    return _names().sub(name, sentence)


def names_a_car(sentence: str) -> int:
    """How many cars a sentence names."""
    return len(_names().findall(sentence))


# Words of cars, makes or trims that are none of ours, or of a state that a customer is not in.
_ELSEWHERE = re.compile(
    r"高配|低配|顶配|版|混动|插混|电动|纯电|手动|SUV|hybrid|electric|trim|manual|top|version|朋友|老婆"
    r"|wife|friend|husband|两|三|four|two|both",
    re.I,
)


def openers(
    intent: str, english: bool, car: Car | None = None, wanted: str = "", lacks: str = ""
) -> list[str]:
    """Held-back sentences that fit a wish, about `car` if they name one. `wanted` and `lacks` are
    patterns: a booking to cancel is not looked up."""
    found = []
    for sentence in held_back(intent, english):
        count = names_a_car(sentence)
        if count > (1 if car else 0) or _ELSEWHERE.search(sentence):
            continue
        if (wanted and not re.search(wanted, sentence, re.I)) or (
            lacks and re.search(lacks, sentence, re.I)
        ):
            continue
        found.append(about(sentence, car.name(english)) if car else sentence)
    return found


_DIGITS = "零一二三四五六七八九十"
_WEEKDAYS = "一二三四五六日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def said_time(when: datetime, rng: random.Random, english: bool) -> str:
    """A moment as people say it; always a full one, with its day and its half of the day."""
    return (
        f"{said_day(when, rng, english)}{' at ' if english else ''}{said_hour(when, rng, english)}"
    )


def said_day(when: datetime, rng: random.Random, english: bool) -> str:
    ahead = (when.date() - NOW.date()).days
    sunday = 6 - NOW.weekday()
    if english:
        month = _MONTHS[when.month - 1]
        ways = [f"{month} {when.day}", f"{when.day} {month}", f"{when:%B} {when.day}"]
        if ahead <= sunday:
            ways.append(_DAYS[when.weekday()])
        if ahead == 1:
            ways.append("tomorrow")
        return rng.choice(ways)
    ways = [f"{when.month}月{when.day}日", f"{when.month}月{when.day}号"]
    week = "周" if rng.random() < 0.7 else "星期"
    if ahead <= sunday:
        ways.append(f"{week}{_WEEKDAYS[when.weekday()]}")
    elif ahead <= sunday + 7:
        ways.append(f"下{week}{_WEEKDAYS[when.weekday()]}")
    if ahead in (1, 2):
        ways.append("明天" if ahead == 1 else "后天")
    return rng.choice(ways)


def said_hour(when: datetime, rng: random.Random, english: bool) -> str:
    hour, half = when.hour, when.minute == 30
    if english:
        twelve = (hour - 1) % 12 + 1
        minutes = ":30" if half else ""
        ways = [f"{twelve}{minutes} {'am' if hour < 12 else 'pm'}", f"{when:%H:%M}"]
        return rng.choice(ways)
    part = "上午" if hour < 12 else "中午" if hour == 12 else "下午"
    twelve = hour if hour <= 12 else hour - 12
    number = _spoken(twelve) if rng.random() < 0.6 else str(twelve)
    return rng.choice([f"{part}{number}点{'半' if half else ''}", f"{when:%H:%M}"])


def _spoken(number: int) -> str:
    if number == 2:
        return "两"
    return _DIGITS[number] if number <= 10 else "十" + _DIGITS[number - 10]


def day_after(when: datetime, days: int) -> datetime:
    return when + timedelta(days=days)

"""How figures and moments are written for customers, in both languages."""

from datetime import date, datetime, timedelta

from backend.models import Certified
from backend.texts import facts, moments
from backend.texts.moments import WEEKDAYS_ZH
from bot.actions.context import Button, Turn

WAN = facts.WAN
yuan = facts.yuan
price = facts.price
rate = facts.rate


def day(when: date, turn: Turn) -> str:
    """`11月28日（周六）`, `Sat 28 Nov`; with the year when it is not the current one."""
    return moments.day(when, turn.language, turn.today)


def moment(when: datetime, turn: Turn) -> str:
    """`11月28日（周六）15:00`, `Sat 28 Nov, 15:00`, in the dealership's zone."""
    return moments.moment(when, turn.language, turn.zone, turn.now)


def soon(when: datetime, turn: Turn) -> str:
    """The same, but `今天 15:00`, `15:00 today` on the same day."""
    return moments.soon(when, turn.language, turn.zone, turn.now)


def near(when: datetime, turn: Turn) -> str:
    """For a button: `明天 10:00`, `11月28日周六 15:00`, `Sat 28 Nov 15:00`."""
    return f"{near_day(when, turn)} {turn.local(when):%H:%M}"


def near_day(when: datetime, turn: Turn) -> str:
    """`明天`, `11月28日周六`, `Sat 28 Nov`."""
    wall = turn.local(when)
    ahead = wall.date() - turn.today
    names = {
        timedelta(0): turn.either("今天", "Today"),
        timedelta(1): turn.either("明天", "Tomorrow"),
    }
    return names.get(ahead) or turn.either(
        f"{wall.month}月{wall.day}日周{WEEKDAYS_ZH[wall.weekday()]}", day(wall.date(), turn)
    )


def source(fact: Certified, turn: Turn) -> str:
    """See `backend.texts.facts.source`."""
    return facts.source(fact, turn.language)


def provenance(turn: Turn, *certified: Certified) -> str:
    """See `backend.texts.facts.provenance`."""
    return facts.provenance(turn.language, certified)


def inline(turn: Turn, *certified: Certified) -> str:
    """The same, to be put behind a sentence."""
    return facts.inline(turn.language, certified)


def button(title: str, payload: str) -> Button:
    return {"title": title, "payload": payload}


def bullets(lines: list[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def joined(names: list[str], turn: Turn) -> str:
    """`A、B 和 C`, `A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    return turn.either("、", ", ").join(names[:-1]) + turn.either("和", " and ") + names[-1]

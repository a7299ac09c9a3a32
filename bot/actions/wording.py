"""How figures and moments are written for customers, in both languages."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from backend.models import Certified
from backend.texts import moments
from backend.texts.moments import WEEKDAYS_ZH
from bot.actions.context import Button, Turn

WAN = 10_000 * 100


def yuan(fen: int, language: str) -> str:
    """An exact amount: `129,800 元`, `CNY 2,606.27`."""
    text = f"{fen // 100:,}" if fen % 100 == 0 else f"{Decimal(fen) / 100:,.2f}"
    return f"CNY {text}" if language == "en" else f"{text} 元"


def price(fen: int, language: str) -> str:
    """The price of a car: `12.98 万元`, `CNY 129,800`; exact, in 万 only where that is short."""
    if language != "en" and fen >= WAN and fen % 10_000 == 0:
        return f"{(Decimal(fen) / WAN).normalize():f} 万元"
    return yuan(fen, language)


def rate(basis_points: int) -> str:
    """`3.5%`"""
    return f"{(Decimal(basis_points) / 100).normalize():f}%"


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
    """The document a fact comes from, by its English name where it has one."""
    return turn.either(fact.source, fact.source_en or fact.source)


def provenance(turn: Turn, *facts: Certified) -> str:
    """Where the stated figures come from and until when they hold, as one short line."""
    sources = list(dict.fromkeys(source(fact, turn) for fact in facts))
    if not sources:
        return ""
    ends = [fact.valid_until for fact in facts if fact.valid_until is not None]
    text = turn.either("、", ", ").join(sources)
    if ends:
        until = min(ends)
        until_text = turn.either(f"{until.year}年{until.month}月{until.day}日", until.isoformat())
        return turn.either(
            f"（依据：{text}，有效期至{until_text}）", f"(Source: {text}; valid until {until_text})"
        )
    return turn.either(f"（依据：{text}）", f"(Source: {text})")


def inline(turn: Turn, *facts: Certified) -> str:
    """The same, to be put behind a sentence."""
    return turn.either("", " ") + provenance(turn, *facts)


def button(title: str, payload: str) -> Button:
    return {"title": title, "payload": payload}


def bullets(lines: list[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def joined(names: list[str], turn: Turn) -> str:
    """`A、B 和 C`, `A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    return turn.either("、", ", ").join(names[:-1]) + turn.either("和", " and ") + names[-1]

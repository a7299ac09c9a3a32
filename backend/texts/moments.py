"""How days and moments are written for customers, in both languages, on the dealership's wall."""

from datetime import date, datetime

from backend.clock import local

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def day(when: date, language: str, today: date) -> str:
    """`11月28日（周六）`, `Sat 28 Nov`; with the year when it is not the current one."""
    other_year = when.year != today.year
    if language == "en":
        text = f"{WEEKDAYS_EN[when.weekday()]} {when.day} {MONTHS_EN[when.month - 1]}"
        return f"{text} {when.year}" if other_year else text
    text = f"{when.month}月{when.day}日（周{WEEKDAYS_ZH[when.weekday()]}）"
    return f"{when.year}年{text}" if other_year else text


def moment(when: datetime, language: str, zone: str, now: datetime) -> str:
    """`11月28日（周六）15:00`, `Sat 28 Nov, 15:00`, in `zone` (an IANA name)."""
    wall = local(when, zone)
    between = ", " if language == "en" else ""
    return f"{day(wall.date(), language, local(now, zone).date())}{between}{wall:%H:%M}"


def soon(when: datetime, language: str, zone: str, now: datetime) -> str:
    """The same, but `今天 15:00`, `15:00 today` on the same day."""
    wall = local(when, zone)
    if wall.date() != local(now, zone).date():
        return moment(when, language, zone, now)
    return f"{wall:%H:%M} today" if language == "en" else f"今天 {wall:%H:%M}"

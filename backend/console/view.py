"""Rendering: templates with everything escaped, and how times, money and codes are written."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.clock import local
from backend.console import counts
from backend.console.assets import asset_url
from backend.console.texts import Texts
from backend.console.texts.said import WARNINGS
from backend.console.values import essence, yuan
from backend.runtime import Runtime
from backend.staff import canned_replies
from backend.staff.inbox_queries import Counts
from backend.staff.queries import Place

HERE = Path(__file__).resolve().parent
LANGUAGE_COOKIE = "chefu_language"
LONGEST_VALUE = 120


def services(request: Request) -> Runtime:
    found: Runtime = request.app.state.services
    return found


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        # Every text may come from a customer: no template switches this off.
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset_url"] = asset_url
    environment.globals["with_query"] = with_query
    environment.globals["canned_fields"] = canned_replies.FIELDS
    return environment


def macro(template: str, name: str) -> Callable[..., str]:
    """A macro of a template, for a piece of a page; what it writes is escaped."""
    found: Callable[..., str] = getattr(_environment().get_template(template).module, name)
    return found


def language_of(request: Request) -> str:
    """Of the member of staff; before the sign-in of the cookie or the browser."""
    who = getattr(request.state, "who", None)
    if who is not None:
        return str(who.staff.language)
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in ("zh", "en"):
        return chosen
    first = request.headers.get("accept-language", "zh").strip().lower()
    return "zh" if first.startswith("zh") or not first.startswith("en") else "en"


def render(
    request: Request, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> Response:
    """The page in the reader's language; all values in it are escaped."""
    texts = Texts(language_of(request))
    place: Place = getattr(request.state, "place", None) or Place()
    page = _environment().get_template(template)
    who = getattr(request.state, "who", None)
    known: Counts = getattr(request.state, "counts", None) or Counts()
    told = counts.told(known, who.staff.id if who else 0)
    # Told once: not again to who comes back here.
    here = request.url.remove_query_params("said")
    html = page.render(
        t=texts,
        fmt=Format(texts, place.zone, services(request).clock.now()),
        who=who,
        csrf=getattr(request.state, "csrf", ""),
        place_name=place.name_zh if texts.language == "zh" else place.name_en,
        counts=told,
        counts_version=counts.digest(told),
        path=request.url.path,
        just_done=_just_done(request, texts, status),
        just_done_warns=request.query_params.get("said") in WARNINGS,
        here=here.path + (f"?{here.query}" if here.query else ""),
        **(context or {}),
    )
    return HTMLResponse(html, status_code=status)


def _just_done(request: Request, texts: Texts, status: int) -> str:
    """What the form before this page did, by the code in its address; else nothing."""
    code = request.query_params.get("said", "")
    told = texts.label("said", code) if status == 200 else ""
    return told if told != code else ""


class Format:
    """How values are written in one language and one zone."""

    def __init__(self, texts: Texts, zone: str, now: datetime) -> None:
        self._t = texts
        self._zone = zone
        self._now = now

    def iso(self, moment: datetime) -> str:
        return local(moment, self._zone).isoformat(timespec="seconds")

    def passed(self, moment: datetime) -> bool:
        return moment < self._now

    def full(self, moment: datetime) -> str:
        """2026-11-28 周六 15:00"""
        at = local(moment, self._zone)
        return f"{at:%Y-%m-%d} {self._t(f'weekday.{at.weekday()}')} {at:%H:%M}"

    def span(self, start: datetime, end: datetime) -> str:
        """2026-11-28 周六 15:00–15:45"""
        return f"{self.full(start)}–{local(end, self._zone):%H:%M}"

    def clock(self, moment: datetime) -> str:
        return f"{local(moment, self._zone):%H:%M}"

    def day(self, moment: datetime) -> str:
        at = local(moment, self._zone)
        return f"{at:%Y-%m-%d} {self._t(f'weekday.{at.weekday()}')}"

    def near(self, moment: datetime) -> str:
        """今天 15:00, 明天 09:30, else 11-28 周六 15:00; the year when it is another one."""
        at, now = local(moment, self._zone), local(self._now, self._zone)
        words = {-1: "time.yesterday", 0: "time.today", 1: "time.tomorrow"}
        key = words.get((at.date() - now.date()).days)
        if key:
            return self._t(key, time=f"{at:%H:%M}")
        day = f"{at:%m-%d}" if at.year == now.year else f"{at:%Y-%m-%d}"
        return f"{day} {self._t(f'weekday.{at.weekday()}')} {at:%H:%M}"

    def by(self, moment: datetime) -> str:
        """15:00 of today, else as `near`."""
        at, now = local(moment, self._zone), local(self._now, self._zone)
        return f"{at:%H:%M}" if at.date() == now.date() else self.near(moment)

    def ago(self, moment: datetime) -> str:
        """刚刚, 5 分钟前, 3 小时前, 昨天 18:20, then the date."""
        passed = self._now - moment
        if timedelta(0) <= passed < timedelta(hours=12):
            minutes = int(passed.total_seconds() // 60)
            if minutes < 1:
                return self._t("time.now")
            if minutes < 60:
                return self._t("time.minutes", n=minutes)
            return self._t("time.hours", n=minutes // 60)
        return self.near(moment)

    def waited(self, since: datetime) -> str:
        """已等 12 分钟."""
        minutes = max(0, int((self._now - since).total_seconds() // 60))
        if minutes < 1:
            return self._t("row.waited_now")
        for unit, name in ((1440, "days"), (60, "hours")):
            if minutes >= unit:
                return self._t(f"row.waited_{name}", n=minutes // unit)
        return self._t("row.waited_minutes", n=minutes)

    def yuan(self, fen: int | None) -> str:
        """¥1,280 or ¥1,280.50."""
        return "—" if fen is None else yuan(fen)

    def count(self, number: int) -> str:
        return f"{number:,}"

    def phone(self, number: str | None) -> str:
        """138 0000 0001 for Chinese mobile numbers; others as they are."""
        if number and number.startswith("+861") and len(number) == 14:
            return f"{number[3:6]} {number[6:10]} {number[10:]}"
        return number or "—"

    def percent(self, share: float) -> int:
        return round(share * 100)

    def name(self, row: Any) -> str:
        """Of a model or a trim, in the reader's language."""
        if row is None:
            return "—"
        if isinstance(row, dict):
            first = row.get(f"name_{self._t.language}")
            return str(first or row.get("name_zh") or row.get("code") or "—")
        return str(row.name_zh if self._t.language == "zh" else row.name_en)

    def colour(self, car: Any) -> str:
        return str(car.colour_zh if self._t.language == "zh" else car.colour_en)

    def value(self, value: Any) -> str:
        """What an entity holds, in one short line: the part that a person wants to read."""
        text = value if isinstance(value, str) else essence(value)
        return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def with_query(path: str, values: dict[str, str]) -> str:
    """`path` with those values that are not empty."""
    kept = {key: value for key, value in values.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path

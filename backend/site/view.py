"""Rendering: the language of a request, templates with everything escaped, how values look."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from backend.models import Feature
from backend.models.base import Certified
from backend.services import Services
from backend.site.pages import OpenState, Visit
from backend.site.rendering import environment
from backend.site.texts import HTML_LANG, LANGUAGES, UNITS_EN, Language, Texts

LANGUAGE_COOKIE = "chefu_site_language"
A_YEAR = 365 * 24 * 3600
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


def _language(code: str | None) -> Language | None:
    return next((each for each in LANGUAGES if each == code), None)


def language_of(request: Request) -> Language:
    """Asked for in the address, else remembered, else the browser's favourite, else Chinese."""
    chosen = _language(request.query_params.get("lang"))
    remembered = _language(request.cookies.get(LANGUAGE_COOKIE))
    return chosen or remembered or _preferred(request.headers.get("accept-language", ""))


def _preferred(header: str) -> Language:
    best: tuple[float, Language] | None = None
    for part in header.split(","):
        tag, _, parameters = part.strip().partition(";")
        language = _language(tag.strip().lower().split("-")[0])
        if language is None:
            continue
        try:
            weight = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if weight > 0 and (best is None or weight > best[0]):
            best = (weight, language)
    return best[1] if best else "zh"


def render(
    request: Request,
    template: str,
    language: Language,
    visit: Visit,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> Response:
    """The page in `language`, which is remembered when the address asked for it."""
    texts = Texts(language)
    path = request.url.path
    origin = str(request.base_url).rstrip("/")
    html = (
        environment()
        .get_template(template)
        .render(
            t=texts,
            fmt=Format(texts),
            visit=visit,
            path=path,
            canonical=f"{origin}{path}?lang={language}",
            alternates=[
                (HTML_LANG[each], each, f"{origin}{path}?lang={each}") for each in LANGUAGES
            ],
            default=f"{origin}{path}",
            html_lang=HTML_LANG[language],
            **context,
        )
    )
    headers = {
        "Content-Language": HTML_LANG[language],
        "Vary": "Accept-Language, Cookie",
        # A price or an offer may end at midnight: nobody may keep yesterday's page.
        "Cache-Control": "no-cache",
    }
    response = HTMLResponse(html, status, headers)
    if _language(request.query_params.get("lang")):
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=A_YEAR,
            secure=services(request).settings.secure_cookies,
            httponly=True,
            samesite="lax",
        )
    return response


class Format:
    """How values are written in one language."""

    def __init__(self, texts: Texts) -> None:
        self._t = texts
        self._zh = texts.language == "zh"

    def of(self, row: Any, field: str) -> str:
        """`name`, `summary`, `text` … of a row that carries it in both languages."""
        return str(getattr(row, f"{field}_{self._t.language}"))

    def trim(self, trim: Any) -> str:
        """With the model before it."""
        return f"{self.of(trim.model, 'name')} {self.of(trim, 'name')}"

    def money(self, fen: int, currency: str = "CNY") -> str:
        """¥89,800, with two decimals only where there are any."""
        whole, rest = divmod(fen, 100)
        sign = "¥" if currency == "CNY" else f"{currency} "
        return f"{sign}{whole:,}" + (f".{rest:02d}" if rest else "")

    def percent(self, basis_points: int) -> str:
        return f"{Decimal(basis_points) / 100:f}%"

    def day(self, day: date) -> str:
        if self._zh:
            return f"{day.year} 年 {day.month} 月 {day.day} 日"
        return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"

    def day_with_weekday(self, day: date) -> str:
        weekday = self._t(f"weekday.{day.weekday()}")
        return f"{self.day(day)} {weekday}" if self._zh else f"{weekday}, {self.day(day)}"

    def days(self, first: date, last: date) -> str:
        """One day or a span of days."""
        if first == last:
            return self.day_with_weekday(first)
        if (first.year, first.month) != (last.year, last.month):
            return f"{self.day(first)} – {self.day(last)}"
        if self._zh:
            return f"{self.day(first)}至 {last.day} 日"
        return f"{first.day}–{self.day(last)}"

    def clock(self, wall: time) -> str:
        return f"{wall:%H:%M}"

    def open(self, state: OpenState, today: date) -> str:
        """Whether the showroom is open, or when it will be; empty if that is not known."""
        if state.until is not None:
            return self._t("open.until", time=self.clock(state.until))
        if state.day is None or state.opens is None:
            return ""
        keys = {today: "open.today", today + timedelta(days=1): "open.tomorrow"}
        key = keys.get(state.day, "open.later")
        return self._t(key, time=self.clock(state.opens), day=self.day(state.day))

    def spans(self, spans: Sequence[tuple[str, str]]) -> str:
        return ("，" if self._zh else ", ").join(f"{opens}–{closes}" for opens, closes in spans)

    def weekdays(self, first: int, last: int) -> str:
        if (first, last) == (0, 6):
            return self._t("day.all")
        names = self._t(f"weekday.{first}"), self._t(f"weekday.{last}")
        if first == last:
            return names[0]
        return self._t("day.span", first=names[0], last=names[1])

    def number(self, text: str) -> str:
        """The decimal text of a fact with thousands apart; anything else as it stands."""
        try:
            return f"{Decimal(text):,f}"
        except InvalidOperation:
            return text

    def unit(self, feature: Feature) -> str:
        return feature.unit if self._zh else UNITS_EN.get(feature.unit, feature.unit)

    def with_unit(self, text: str, feature: Feature) -> str:
        return f"{self.number(text)} {self.unit(feature)}".rstrip()

    def validity(self, fact: Certified) -> str:
        if fact.valid_until is None:
            return self._t("source.open", day=self.day(fact.valid_from))
        return self._t("source.until", day=self.day(fact.valid_until))

    def source(self, fact: Certified) -> str:
        """Where a fact comes from; the Chinese wording where no English one is given."""
        return fact.source if self._zh else fact.source_en or fact.source

    def one_source(self, facts: Sequence[Certified]) -> bool:
        """True when one line of `sources` says it for all of them."""
        return len({(self.source(fact), self.validity(fact)) for fact in facts}) == 1

    def sources(self, facts: Sequence[Certified]) -> str:
        """Source and validity of facts in one line, each pair once."""
        lines = [
            self._t("source.line", source=self.source(fact), validity=self.validity(fact))
            for fact in facts
        ]
        between = self._t("source.between")
        return self._t("source.list", lines=between.join(dict.fromkeys(lines)))

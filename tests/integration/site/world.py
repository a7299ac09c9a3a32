"""The website over the demo dealership: the whole application, asked in process."""

from html.parser import HTMLParser
from pathlib import Path

import httpx

from backend.app import create_app
from backend.clock import FixedClock
from backend.conversations.assistant import Answer, Fault
from backend.database import Database
from backend.settings import Settings

PAGES = ("/", "/models/yuanyue", "/models/xinghe-e3", "/models/tuoye-t6", "/contact")


class Unasked:
    """The website never talks to the assistant."""

    async def turn(
        self,
        *,
        conversation_id: str,
        message_id: str,
        text: str,
        payload: str | None,
        locale: str | None,
        again: bool = False,
    ) -> Answer | Fault:
        raise AssertionError("a page asked the assistant")


class Site:
    """A browser's view of it; keeps cookies. `database` and `clock` are those of the site."""

    def __init__(self, database: Database, clock: FixedClock, var: Path) -> None:
        self.database, self.clock = database, clock
        app = create_app(_settings(var), database, clock, Unasked())
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://dealer.test"
        )

    async def get(self, path: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.get(path, headers=named)

    async def html(self, path: str, language: str) -> str:
        joint = "&" if "?" in path else "?"
        answer = await self.client.get(f"{path}{joint}lang={language}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def page(self, path: str, language: str) -> "Page":
        return Page(await self.html(path, language))


def _settings(var: Path) -> Settings:
    return Settings.model_validate(
        {"channel_secret": "c4c1b0f6" * 4, "session_secret": "e7d90a2b" * 4, "var": var}
    )


class Page(HTMLParser):
    """What stands on a page: its text, its tags, the rows of its tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._table = ""
        self._cell = False
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "table":
            self._table = attributes.get("class", "")
            self.tables[self._table] = []
        elif tag == "tr" and self._table:
            self.tables[self._table].append([])
        elif tag in ("th", "td") and self._table:
            self.tables[self._table][-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = ""
        elif tag in ("th", "td"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._table and self._cell:
            row = self.tables[self._table][-1]
            row[-1] = f"{row[-1]} {data.strip()}".strip()

"""A browser without a screen for the console: follows the forms as a person would."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from backend.app import create_app
from backend.clock import FixedClock
from backend.database import Database
from backend.models import Staff
from backend.settings import Settings
from backend.staff import service
from tests.conftest import NOW
from tests.integration.chat.talk import FakeTurn

PASSWORD = "correct horse battery"


def settings(folder: Path, **changes: Any) -> Settings:
    return Settings(  # type: ignore[call-arg]  # `_env_file` is unseen by mypy
        _env_file=None,
        channel_secret=SecretStr("c" * 40),
        session_secret=SecretStr("s" * 40),
        var=folder,
        **changes,
    )


def application(database: Database, clock: FixedClock, configuration: Settings) -> FastAPI:
    """The backend on the given store, with an assistant that answers everything with itself."""
    return create_app(configuration, database, clock, assistant=FakeTurn(), channels={})


async def staff(
    database: Database, username: str = "admin", role: str = "admin", language: str = "zh"
) -> Staff:
    async with database.transaction() as session:
        return await service.create(
            session, NOW, username=username, name="陈静", role=role, password=PASSWORD,
            language=language,
        )  # fmt: skip


@dataclass
class Browser:
    """Keeps cookies; does not follow redirects."""

    client: httpx.AsyncClient

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, **options)

    async def post(self, path: str, page: str, **fields: str) -> httpx.Response:
        """Sends a form with the token that stands on the page at `page`."""
        found = re.search(r'name="csrf" value="([^"]+)"', (await self.get(page)).text)
        assert found, f"{page} has no form"
        return await self.client.post(path, data={"csrf": found[1], **fields})

    async def sign_in(
        self, username: str = "admin", password: str = PASSWORD, **fields: str
    ) -> httpx.Response:
        return await self.post(
            "/console/sign-in",
            "/console/sign-in",
            username=username,
            password=password,
            **fields,
        )


def open_browser(app: FastAPI, address: str = "203.0.113.5") -> Browser:
    transport = httpx.ASGITransport(app, client=(address, 4000))
    return Browser(httpx.AsyncClient(transport=transport, base_url="http://console.test"))

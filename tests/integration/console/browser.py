"""A browser without a screen for the console: follows the forms as a person would."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from backend import console
from backend.clock import FixedClock
from backend.console.routes import router as console_router
from backend.database import Database
from backend.models import Staff
from backend.services import Services
from backend.settings import ROOT, Settings
from backend.staff import service
from backend.staff_api.routes import router as staff_router
from tests.conftest import NOW

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
    """Console and staff API alone, on the given store."""
    app = FastAPI()
    app.state.services = Services(database, clock, configuration)
    app.include_router(console_router)
    app.include_router(staff_router)
    console.mount_assets(app, ROOT / "web" / "node_modules")
    return app


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

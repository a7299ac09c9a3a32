"""The console on a filled store, and someone in front of it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from backend.clock import FixedClock
from backend.database import Database
from tests.integration.console.browser import Browser, application, open_browser, settings, staff
from tests.integration.console.in_browser import House, Staffroom, chromium
from tests.integration.console.office import fill


@pytest.fixture
async def app(database: Database, clock: FixedClock, tmp_path: Path) -> FastAPI:
    await staff(database)
    return application(database, clock, settings(tmp_path))


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[Browser]:
    """Nobody in particular."""
    browser = open_browser(app)
    async with browser.client:
        yield browser


@pytest.fixture
async def admin(visitor: Browser) -> Browser:
    """An administrator who has signed in, before an empty store."""
    response = await visitor.sign_in()
    assert response.status_code == 303
    return visitor


@pytest.fixture
async def office(admin: Browser, database: Database) -> Browser:
    """The same on a day with conversations and records."""
    async with database.transaction() as session:
        await fill(session)
    return admin


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The same day, served, for real browsers."""
    with House(tmp_path_factory.mktemp("house")).open() as running:
        yield running


@pytest.fixture(scope="module")
def everyone(house: House) -> Iterator[Staffroom]:
    """The browser lives as long as one module: its synchronous API keeps an event loop running in
    the main thread, in which the asynchronous tests of other modules could not start theirs."""
    with chromium() as browser:
        yield Staffroom(house, browser)


@pytest.fixture
def room(everyone: Staffroom) -> Iterator[Staffroom]:
    """No page may complain, be refused anything by the content security policy, or ask back."""
    everyone.complaints.clear()
    yield everyone
    everyone.close_all()
    assert everyone.complaints == []

"""The day and the upkeep of the catalogue in a real browser, at a desk and on a phone."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.reading import read_folder
from backend.catalogue.storing import store_catalogue
from backend.catalogue.validate import validate
from backend.models import CatalogueVersion, Price
from backend.staff import service
from tests.conftest import NOW
from tests.integration.console.browser import PASSWORD
from tests.integration.console.in_browser import DESK, PATIENCE, PHONE, House, Staffroom
from tests.integration.console.test_in_browser import pale
from tests.unit.catalogue.folders import SMALL

expect.set_options(timeout=PATIENCE)

FACT = "catalogue/facts/prices/alpha-base"


@pytest.fixture(scope="module")
def shop(house: House) -> House:
    """The day at the office, then the small catalogue in its store, and a manager."""

    async def fill(session: AsyncSession) -> None:
        await store_catalogue(session, validate(read_folder(SMALL)))
        session.add(CatalogueVersion(id=1, version=1))
        await service.create(
            session, NOW, username="boss", name="周岚", role="manager", password=PASSWORD,
            language="en",
        )  # fmt: skip

    house.does(fill)
    return house


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert pale(page) == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_price_from_draft_to_approval(shop: House, room: Staffroom, size: dict[str, int]) -> None:
    """Without any script but with everything to be seen at every step."""
    amount = "88500" if size is PHONE else "88600"
    page = room.page("admin", size, scripts=False)
    page.goto(f"{shop.address}/console/{FACT}")
    page.locator("form[action$='/edit'] button").last.click()
    page.fill("#f-price", "much")
    page.click("#draft button:first-of-type")
    expect(page.locator(".invalid-feedback")).to_have_count(1)
    page.fill("#f-price", amount)
    page.locator("#draft button").last.click()
    expect(page.locator(".alert-success")).to_contain_text("已送批")
    change = page.url.partition("?")[0]
    boss = room.page("boss", size)
    boss.goto(change)
    fits(boss)
    shown = f"{int(amount):,}"
    expect(boss.locator(".c-says").nth(1)).to_contain_text(f"CNY {shown}")
    boss.get_by_role("button", name="Approve", exact=True).click()
    expect(boss.locator(".alert-success")).to_contain_text("Approved")

    async def stored(session: AsyncSession) -> list[int]:
        return list(await session.scalars(select(Price.amount)))

    assert int(amount) * 100 in shop.does(stored)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    "path",
    ["catalogue", "catalogue/models/alpha", "catalogue/sheets/promotions",
     "catalogue/sheets/statements", FACT, "catalogue/uploads"],
)  # fmt: skip
def test_it_fits_and_can_be_read(
    shop: House, room: Staffroom, path: str, size: dict[str, int]
) -> None:
    for username in ("admin", "boss"):
        page = room.page(username, size)
        page.goto(f"{shop.address}/console/{path}")
        page.locator("body[data-staff]").wait_for()
        fits(page)


def test_a_booking_is_cancelled_from_the_day(shop: House, room: Staffroom) -> None:
    page = room.page("li", PHONE)
    page.goto(f"{shop.address}/console/day?date=2026-11-26")
    page.get_by_text("TD261125-0001").click()
    page.wait_for_url("**/test-drives/TD261125-0001")
    page.locator(".c-cancel > summary").click()
    page.select_option("#cancel-reason", "customer")
    page.get_by_role("button", name="Cancel it and tell the customer").click()
    expect(page.locator(".alert-success")).to_contain_text("Cancelled")
    fits(page)
    page.goto(f"{shop.address}/console/day?date=2026-11-26")
    expect(page.locator("body")).to_contain_text("Cancelled on this day")

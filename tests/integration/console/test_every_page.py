"""Every page of the console in both languages, at a desk and on a phone: what axe-core finds, no
scrolling sideways, a title that tells the page, something to hit for a thumb."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.reading import read_folder
from backend.catalogue.storing import store_catalogue
from backend.catalogue.validate import validate
from backend.models import CatalogueVersion, Diagnosis, RoadsideRequest
from tests.axe import findings
from tests.conftest import NOW
from tests.integration.console.in_browser import DESK, PATIENCE, PHONE, House, Staffroom
from tests.integration.console.office import HOSTILE, THIRD_CONVERSATION
from tests.integration.world import CONVERSATION
from tests.integration.world import PHONE as NUMBER
from tests.unit.catalogue.folders import SMALL

expect.set_options(timeout=PATIENCE)

LISTS = (
    "conversations", "conversations?view=closed", "day?date=2026-11-26", "test-drives",
    "service-bookings", "roadside-requests", "complaints", "tasks", "test-drives?q=none",
)  # fmt: skip
RECORDS = (
    f"conversations/{CONVERSATION}", f"conversations/{THIRD_CONVERSATION}",
    "test-drives/TD261125-0001", "service-bookings/SV261125-0001",
    "roadside-requests/RS261125-0001", "complaints/CP261125-0001", "complaints/CP261125-0003",
    "tasks/1",
)  # fmt: skip
WRITING = (
    "new/test-drive", "new/service-booking", "new/complaint", "new/inquiry", "canned-replies",
    "tokens", "catalogue", "catalogue/models/alpha", "catalogue/sheets/promotions",
    "catalogue/facts/prices/alpha-base", "catalogue/uploads",
)  # fmt: skip
SMALLEST = 40
"""Pixels of what a thumb has to hit, in both directions."""
SMALL_TARGETS = """(smallest) => {
  const hidden = (element) => !element.checkVisibility({ visibilityProperty: true })
    || getComputedStyle(element).opacity === "0" || element.closest(".c-skip");
  const found = [];
  for (const element of document.querySelectorAll("a, button, summary, select, input")) {
    if (element.type === "hidden" || hidden(element)) continue;
    const target = element.closest("label") ?? element;
    // A word within a sentence is as high as its line, and so it may be.
    const beside = [...element.parentElement.childNodes]
      .some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (beside && getComputedStyle(element).display === "inline") continue;
    const over = getComputedStyle(element, "::after");
    if (over.content !== "none" && over.position === "absolute") continue;
    const { width, height } = target.getBoundingClientRect();
    if (Math.min(width, height) > smallest - 1) continue;
    found.push(`${Math.round(width)} x ${Math.round(height)}: ${element.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def filled(house: House) -> House:
    """The day at the office, a car that has to be towed, and the small catalogue."""

    async def fill(session: AsyncSession) -> None:
        await store_catalogue(session, validate(read_folder(SMALL)))
        session.add(CatalogueVersion(id=1, version=1))
        fault = Diagnosis(
            conversation_id=CONVERSATION, text=HOSTILE,
            symptoms=[{"code": "no_start", "name_zh": "打不着火", "name_en": "Does not start"}],
            codes=[{"code": "P0420", "known": False}], answers=[], causes=[], verdict="stop",
            visit="now", created_at=NOW, updated_at=NOW, source_message_id="f1",
            source_action="test",
        )  # fmt: skip
        session.add(fault)
        await session.flush()
        session.add(
            RoadsideRequest(
                number="RS261125-0001",
                place=f"临澜绕城高速 12 公里处 {HOSTILE}",
                phone=NUMBER,
                text="打不着火",
                conversation_id=CONVERSATION,
                diagnosis_id=fault.id,
                created_at=NOW,
                source_message_id="f1",
                source_action="test",
            )
        )

    house.does(fill)
    return house


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest, filled: House, room: Staffroom) -> Iterator[str]:
    """The administrator, who may see everything, reads this one."""
    wanted = str(request.param)
    page = room.page()
    page.goto(f"{filled.address}/console/tasks")
    tag = {"zh": "zh-CN", "en": "en"}[wanted]
    if page.locator("html").get_attribute("lang") != tag:
        page.click("form[action='/console/language'] button")
        expect(page.locator("html")).to_have_attribute("lang", tag)
    yield wanted


def faults(page: Page, phone: bool) -> list[str]:
    """What is wrong with the page as it stands."""
    found = [f"axe: {one}" for one in findings(page)[0]]
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        found.append("it scrolls sideways")
    if phone:
        found += [f"small: {one}" for one in page.evaluate(SMALL_TARGETS, SMALLEST)]
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("paths", [LISTS, RECORDS, WRITING], ids=["lists", "records", "writing"])
def test_every_page(
    filled: House,
    room: Staffroom,
    language: str,
    paths: tuple[str, ...],
    size: dict[str, int],
) -> None:
    page = room.page(size=size)
    found: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for path in paths:
        page.goto(f"{filled.address}/console/{path}")
        page.locator("body[data-staff]").wait_for()
        if wrong := faults(page, size is PHONE):
            found[path] = wrong
        titles[path.partition("?")[0]] = re.sub(r"^\(\d+\) ", "", page.title())
    assert found == {}
    assert len(set(titles.values())) == len(titles), titles
    if language == "en":
        # The name of the one customer is what it is.
        told = [title.replace("王伟", "") for title in titles.values()]
        assert [title for title in told if re.search("[一-鿿]", title)] == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_sign_in(filled: House, room: Staffroom, language: str, size: dict[str, int]) -> None:
    page = room.page(size=size)
    page.goto(f"{filled.address}/console/tasks")
    page.context.clear_cookies()
    page.goto(f"{filled.address}/console/sign-in?lang={language}")
    assert faults(page, size is PHONE) == []
    page.fill("#username", "nobody")
    page.fill("#password", "wrong")
    page.click("main form[method=post] button")
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page, size is PHONE) == []
    assert page.input_value("#username") == "nobody"


def test_from_a_booking_to_all_of_its_customer(filled: House, room: Staffroom) -> None:
    page = room.page()
    page.goto(f"{filled.address}/console/test-drives/TD261125-0001")
    page.locator(".c-all a[href*='service-bookings']").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert page.input_value("#q") == NUMBER


def test_what_was_done_is_told_once(filled: House, room: Staffroom) -> None:
    page = room.page(size=PHONE)
    page.goto(f"{filled.address}/console/roadside-requests/RS261125-0001")
    page.locator("form[action$='/in_progress'] button").click()
    expect(page.locator(".c-said")).to_be_in_viewport()
    assert faults(page, phone=True) == []
    expect(page).not_to_have_url(re.compile("said="))
    page.reload()
    expect(page.locator(".c-said")).to_have_count(0)


def test_a_fault_would_be_found(filled: House, room: Staffroom) -> None:
    page = room.page(size=PHONE)
    page.goto(f"{filled.address}/console/tasks")
    page.locator("h1").evaluate(
        "(heading) => { const button = document.createElement('button');"
        " Object.assign(button.style, { width: '20px', height: '20px', margin: '0 30rem' });"
        " heading.after(button); }"
    )
    found = faults(page, phone=True)
    assert {one.partition(":")[0] for one in found} == {"axe", "small", "it scrolls sideways"}

"""Upkeep of the catalogue from the pages: who may, what is shown, what the assistant is told."""

import json
import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from backend.catalogue.importing import import_folder
from backend.catalogue.reading import read_folder
from backend.catalogue.workbook_writing import write_workbook
from backend.clock import FixedClock
from backend.database import Database
from tests.integration.console.browser import Browser, open_browser, staff
from tests.integration.console.office import HOSTILE
from tests.unit.catalogue.folders import write

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FACT = "/console/catalogue/facts/prices/alpha-base"
ALIASES = "/console/catalogue/facts/models/beta"
PAGES = (
    "/console/catalogue", "/console/catalogue/models/alpha", "/console/catalogue/sheets/fees",
    "/console/catalogue/sheets/statements", "/console/catalogue/sheets/models", FACT, ALIASES,
    "/console/catalogue/facts/feature_values/alpha-high.length",
    "/console/catalogue/facts/service_prices/minor_service.",
)  # fmt: skip


@pytest.fixture
async def shop(admin: Browser, database: Database, clock: FixedClock, tmp_path: Path) -> Browser:
    """An administrator before the small dealership."""
    await import_folder(database, clock, write(tmp_path / "small"))
    return admin


async def colleague(
    app: FastAPI, database: Database, name: str, role: str, language: str = "zh"
) -> Browser:
    await staff(database, name, role, language)
    browser = open_browser(app)
    await browser.sign_in(name)
    return browser


def export(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "catalogue.json").read_text())
    return found


async def begin(shop: Browser, fact: str = FACT, base: str = "2026-10-01") -> str:
    response = await shop.post(f"{fact}/edit", fact, base=base)
    assert response.status_code == 303, response.text
    return response.headers["location"]


async def step(browser: Browser, change: str, do: str, **fields: str) -> httpx.Response:
    page = (await browser.get(change)).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version, page
    return await browser.post(f"{change}/{do}", change, version=version[1], **fields)


PRICE = {
    "price": "88800", "source": "新价目表", "source_en": "New list", "valid_from": "2026-10-01",
    "valid_until": "2026-12-31",
}  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_the_pages(shop: Browser, path: str) -> None:
    for language in ("en", "zh"):
        await shop.post("/console/language", path, language=language, next=path)
        response = await shop.get(path)
        assert response.status_code == 200 and "None" not in response.text


async def test_states_on_the_page(shop: Browser) -> None:
    page = (await shop.get(FACT)).text
    assert "待生效" in page and "有效" in page and "2026-10-01 至 2026-12-31" in page
    assert "The list price of the Alpha Base is CNY 89,800." in page
    assert "未批准" in (await shop.get("/console/catalogue/models/alpha")).text


async def test_an_alias_is_understood_after_approval(
    shop: Browser, app: FastAPI, database: Database, tmp_path: Path
) -> None:
    change = await begin(shop, ALIASES, "")
    assert (await step(shop, change, "submit", aliases="小贝 | 贝贝塔")).status_code == 303
    assert not (tmp_path / "catalogue.json").exists()
    own = await step(shop, change, "approve")
    assert own.status_code == 403 and "不能自己批准" in own.text
    manager = await colleague(app, database, "m", "manager")
    waiting = (await manager.get("/console/catalogue")).text
    assert change in waiting and "待批准" in waiting
    assert (await step(manager, change, "approve")).headers["location"].endswith("?done=approved")
    names = [row["text"] for row in export(tmp_path)["names"]]  # type: ignore[attr-defined]
    assert {"小贝", "贝贝塔"} <= set(names) and export(tmp_path)["version"] == 2
    await manager.client.aclose()


async def test_drafting_with_a_preview(shop: Browser) -> None:
    change = await begin(shop)
    saved = await step(shop, change, "save", **{**PRICE, "price": "much"})
    assert saved.status_code == 303
    page = (await shop.get(change)).text
    assert "要填数字" in page and "is-invalid" in page and "改好标出的问题后显示" in page
    refused = await step(shop, change, "submit", **{**PRICE, "price": "much"})
    assert refused.status_code == 422 and "要填数字" in refused.text
    await step(shop, change, "save", **PRICE)
    page = (await shop.get(change)).text
    assert "阿尔法 基本版的官方指导价是 8.88 万元（88,800 元）。（依据：新价目表" in page
    assert "The list price of the Alpha Base is CNY 88,800. (Source: New list" in page
    assert "原来：89800" in page
    # Another one who wants to edit it finds the same draft.
    assert await begin(shop) == change
    assert "89,800" in (await shop.get(FACT)).text


async def test_an_older_page_is_refused(shop: Browser) -> None:
    change = await begin(shop)
    await step(shop, change, "save", **PRICE)
    stale = await shop.post(f"{change}/save", change, version="1", **{**PRICE, "price": "1"})
    assert stale.status_code == 409 and "刚被其他人动过" in stale.text and "88800" in stale.text
    back = await shop.get(f"{change}/save")
    assert back.headers["location"] == change


async def test_sending_back_and_discarding(shop: Browser, app: FastAPI, database: Database) -> None:
    change = await begin(shop)
    await step(shop, change, "submit", **PRICE)
    manager = await colleague(app, database, "m", "manager")
    empty = await step(manager, change, "send-back", reason=" ")
    assert empty.status_code == 422 and "请写原因" in empty.text
    await step(manager, change, "send-back", reason=HOSTILE)
    page = (await shop.get(change)).text
    assert "被退回" in page and HOSTILE not in page
    assert (await step(shop, change, "discard")).status_code == 303
    assert "已放弃" in (await shop.get(change)).text
    history = (await shop.get(FACT)).text
    assert "退回" in history and "放弃" in history and change in history
    await manager.client.aclose()


async def test_a_new_promotion(shop: Browser) -> None:
    sheet = "/console/catalogue/sheets/promotions"
    made = await shop.post(f"{sheet}/new", sheet, code="winter")
    change = made.headers["location"]
    page = (await shop.get(change)).text
    assert "新增：winter" in page and "请填写" in page
    there = await shop.post(f"{sheet}/new", sheet, code="beta-cash")
    assert there.headers["location"] == "/console/catalogue/facts/promotions/beta-cash"
    for code in ("Bad Code", "", HOSTILE, "a.b"):
        odd = await shop.post(f"{sheet}/new", sheet, code=code)
        assert odd.status_code == 303 and odd.headers["location"].startswith(sheet)
    nothing = await shop.post("/console/catalogue/sheets/prices/new", sheet, code="x")
    assert nothing.status_code == 404


async def test_withdrawing(shop: Browser, tmp_path: Path) -> None:
    done = await shop.post(f"{FACT}/withdraw", FACT, valid_from="2026-10-01", reason=HOSTILE)
    assert done.headers["location"] == f"{FACT}?done=withdrawn"
    page = (await shop.get(done.headers["location"])).text
    assert "已撤回" in page and "撤回原因" in page and HOSTILE not in page
    assert "说法（现在不会说）" in page and export(tmp_path)["version"] == 2
    again = await shop.post(f"{FACT}/withdraw", FACT, valid_from="2026-10-01", reason="x")
    assert again.status_code == 409
    none = await shop.post(f"{FACT}/withdraw", FACT, valid_from="soon", reason="x")
    assert none.status_code == 404
    # It counts among what needs care, for nothing else holds today.
    assert (
        "/console/catalogue/facts/prices/alpha-base"
        in (await shop.get("/console/catalogue/models/alpha")).text
    )


async def test_others_only_read(shop: Browser, app: FastAPI, database: Database) -> None:
    change = await begin(shop)
    for name, role in (("c", "consultant"), ("s", "service_advisor")):
        reader = await colleague(app, database, name, role)
        page = (await reader.get(FACT)).text
        assert f"{FACT}/edit" not in page and "withdraw" not in page
        assert "/save" not in re.sub(r"<form[^>]*>", "", (await reader.get(change)).text)
        assert (await reader.get("/console/catalogue/uploads")).status_code == 403
        for path in (
            f"{FACT}/edit", f"{FACT}/withdraw", "/console/catalogue/sheets/fees/new",
            *(f"{change}/{do}" for do in ("save", "submit", "approve", "send-back", "discard")),
            "/console/catalogue/uploads/1/apply",
        ):  # fmt: skip
            refused = await reader.post(path, "/console/catalogue", version="1", reason="x")
            assert refused.status_code == 403, path
        await reader.client.aclose()


async def test_hostile_words_stay_words(shop: Browser) -> None:
    change = await begin(shop)
    await step(shop, change, "save", **{**PRICE, "source": HOSTILE, "price": HOSTILE})
    for path in (change, FACT, "/console/catalogue"):
        page = (await shop.get(path)).text
        assert HOSTILE not in page
        assert " style=" not in page and "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", page)


@pytest.mark.parametrize(
    "path",
    ["facts/nothing/x", "facts/prices/x.y", "facts/prices/gamma", "changes/99", "sheets/dealership",
     "models/gamma", "uploads/99", "facts/feature_values/alpha.sunroof",
     "changes/99999999999999999999"],
)  # fmt: skip
async def test_what_is_not_there(shop: Browser, path: str) -> None:
    assert (await shop.get(f"/console/catalogue/{path}")).status_code in (404, 422)


async def test_without_a_catalogue(admin: Browser) -> None:
    for path in ("/console/catalogue", FACT, "/console/catalogue/sheets/fees"):
        assert (await admin.get(path)).status_code == 404


async def upload(browser: Browser, content: bytes, csrf: str = "") -> httpx.Response:
    page = (await browser.get("/console/catalogue/uploads")).text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return await browser.client.post(
        "/console/catalogue/uploads",
        data={"csrf": csrf or found[1]},
        files={"file": (f"{HOSTILE}.xlsx", content)},
    )


async def test_a_workbook(shop: Browser, app: FastAPI, database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path / "book", prices=("price: 119800", "price: 118800"))
    path = folder / "book.xlsx"
    write_workbook(read_folder(folder), path)
    assert (await upload(shop, path.read_bytes(), csrf="x")).status_code == 403
    sent = await upload(shop, path.read_bytes())
    assert sent.status_code == 303
    report = sent.headers["location"]
    page = (await shop.get(report)).text
    assert "共 1 处不同" in page and "beta-base" in page and HOSTILE not in page
    assert (await shop.post(f"{report}/apply", report)).status_code == 403
    manager = await colleague(app, database, "m", "manager", "en")
    assert report in (await manager.get("/console/catalogue")).text
    done = await manager.post(f"{report}/apply", report)
    assert done.headers["location"].endswith("?done=applied")
    assert "118,800" in (await manager.get("/console/catalogue/models/beta")).text
    assert export(tmp_path)["version"] == 2
    await manager.client.aclose()


async def test_a_bad_workbook(shop: Browser) -> None:
    bad = await upload(shop, b"no workbook at all")
    assert bad.status_code == 422 and "没有改动任何内容" in bad.text
    empty = await upload(shop, b"")
    assert empty.status_code == 422 and "请选择文件" in empty.text

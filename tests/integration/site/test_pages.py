"""Each page in both languages: what is on it, how it is made up, where it leads."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from backend.models import Model
from backend.settings import ROOT
from tests.integration.site.world import PAGES, Page, Site


@pytest.mark.parametrize(
    ("language", "html_lang", "words"),
    [
        ("zh", "zh-CN", ["湖山之间，从容出发", "预约试驾", "全系车型", "当期优惠",
                         "展厅营业中，至 18:00"]),
        ("en", "en", ["Set out at your own pace", "Book a test drive", "The range",
                      "Current offers", "Showroom open until 18:00"]),
    ],
)  # fmt: skip
async def test_home_shows_all_nine_models(
    site: Site, language: str, html_lang: str, words: list[str]
) -> None:
    page = await site.page("/", language)
    assert page.all("html")[0]["lang"] == html_lang
    for word in words:
        assert word in page.text
    links = {link["href"] for link in page.all("a") if link["href"].startswith("/models/")}
    assert len(links) == 9
    name, price = (
        ("山屿", "指导价 ¥119,800 起") if language == "zh" else ("Shanyu", "From ¥119,800")
    )
    assert name in page.text and price in page.text
    drawings = [image for image in page.all("img") if image["src"].startswith("/site/car/")]
    assert len(drawings) == 10
    for image in drawings:
        assert image["alt"] and image["width"] and image["height"]
        answer = await site.get(image["src"])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/svg+xml"
        assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["远岳", "SUV · 汽油 / 插电混动", "指导价 ¥219,800 – ¥279,800",
                "CLTC 纯电续航 · 插电混动", "截至 2026 年 12 月 31 日", "远岳赠 3 次基础保养",
                "等额本息", "配置与参数",
                "来源：曜川汽车 2026 年第四季度价格文件，2026 年 10 月 1 日起有效，直至更新。"]),
        ("en", ["Yuanyue", "SUV · Petrol / Plug-in hybrid", "List price ¥219,800 – ¥279,800",
                "Electric range (CLTC) · Plug-in hybrid", "Until 31 December 2026",
                "Three minor services with every Yuanyue", "equal monthly instalments",
                "Specification", "valid until 31 December 2026"]),
    ],
)  # fmt: skip
async def test_a_model_page_tells_trims_facts_offers_and_loans(
    site_anywhere: Site, language: str, words: list[str]
) -> None:
    page = await site_anywhere.page("/models/yuanyue", language)
    for word in words:
        assert word in page.text
    assert len(page.tables["loans"]) == 1 + 2
    header, *rows = page.tables["specification"]
    assert len(header) == 1 + 4
    assert len([row for row in rows if any(row[1:])]) > 60
    assert "山屿" not in page.text and "Shanyu" not in page.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["临澜市望湖大道 188 号", "400-000-1234", "400-000-1235", "每天 09:00–18:00",
                "09:00–12:00，13:00–17:30", "2027 年 1 月 1 日 周五 元旦 休息",
                "2027 年 2 月 6 日至 8 日 春节 休息",
                "2027 年 2 月 9 日至 10 日 春节假期 10:00–16:00",
                "地铁 2 号线望湖公园站"]),
        ("en", ["188 Wanghu Avenue, Linlan", "400-000-1234", "400-000-1235",
                "Every day 09:00–18:00", "09:00–12:00, 13:00–17:30",
                "Friday, 1 January 2027 New Year's Day Closed",
                "6–8 February 2027 Spring Festival Closed", "metro line 2"]),
    ],
)  # fmt: skip
async def test_contact_tells_where_and_when(site: Site, language: str, words: list[str]) -> None:
    page = await site.page("/contact", language)
    for word in words:
        assert word in page.text
    assert "国庆" not in page.text and "National Day" not in page.text, "past or too far"
    assert {"href": "tel:400-000-1234"} in page.all("a")


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "没有找到这个页面"), ("en", "This page does not exist")]
)
async def test_what_does_not_exist_is_a_page_that_helps(
    site: Site, language: str, words: str
) -> None:
    for path in ("/models/no-such-car", "/no/such/page", "/favicon.ico"):
        answer = await site.get(f"{path}?lang={language}")
        assert answer.status_code == 404
        page = Page(answer.text)
        assert words in page.text
        assert any(link["href"] == "/#models" for link in page.all("a"))


async def test_an_inactive_model_is_gone_everywhere(site: Site) -> None:
    async with site.database.transaction() as session:
        await session.execute(update(Model).where(Model.code == "shanyu").values(active=False))
    assert (await site.get("/models/shanyu")).status_code == 404
    assert (await site.get("/site/car/shanyu.svg")).status_code == 404
    home = await site.page("/", "zh")
    assert "山屿" not in home.text


async def test_programs_get_their_errors_as_before(site: Site) -> None:
    for path in ("/api/nothing", "/widget/nothing.js", "/site/assets/routes.py", "/site/nothing"):
        answer = await site.get(path, accept="text/html")
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"
    assert (await site.client.post("/contact")).status_code == 405
    assert (await site.client.head("/contact")).status_code == 200
    assert (await site.get("/models")).headers["location"] == "/#models"


@pytest.mark.parametrize("path", [*PAGES, "/nothing-here"])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_page_keeps_the_content_policy_and_carries_the_widget(
    site: Site, path: str, language: str
) -> None:
    answer = await site.get(f"{path}?lang={language}")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    page = Page(answer.text)
    assert page.all("script") == [{"src": "/widget/chefu-chat.js", "defer": ""}]
    assert (ROOT / "web" / "widget" / "chefu-chat.js").is_file()
    assert page.all("chefu-chat") == [{"locale": language}]
    assert any("data-chefu-open" in link for link in page.all("a"))
    assert len(page.all("h1")) == 1
    assert page.all("style") == []
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
        for name in ("src", "href"):
            value = attributes.get(name, "/")
            if attributes.get("rel") in ("canonical", "alternate"):
                continue
            assert value.startswith(("/", "#", "?", "tel:")) and not value.startswith("//")
    for tag, name in (("link", "href"), ("img", "src")):
        for each in page.all(tag):
            if each[name].startswith("/"):
                assert (await site.get(each[name])).status_code == 200
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ("2026-11-25T02:00", "展厅营业中，至 18:00", "Showroom open until 18:00"),
        ("2026-11-25T00:30", "展厅今天 09:00 开门", "Showroom opens today at 09:00"),
        ("2026-11-25T10:00", "展厅明天 09:00 开门", "Showroom opens tomorrow at 09:00"),
        (
            "2026-12-31T12:00",
            "展厅 2027 年 1 月 2 日 09:00 开门",
            "Showroom opens on 2 January 2027 at 09:00",
        ),
    ],
)
async def test_open_or_when_it_will_be(site: Site, moment: str, zh: str, en: str) -> None:
    site.clock.advance(datetime.fromisoformat(moment).replace(tzinfo=UTC) - site.clock.now())
    for language, words in (("zh", zh), ("en", en)):
        assert words in (await site.page("/contact", language)).text


async def test_the_widget_travels_compressed(site: Site) -> None:
    packed = await site.client.get("/widget/view.js", headers={"Accept-Encoding": "gzip"})
    plain = await site.client.get("/widget/view.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < len(plain.content) / 2

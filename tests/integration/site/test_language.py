"""Which language a page is in, and that a choice is remembered."""

import re

import pytest

from backend.site.texts import TEXTS
from tests.integration.site.world import Page, Site


def language_of(html: str) -> str:
    return Page(html).all("html")[0]["lang"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "zh-CN"),
        ("zh-CN,zh;q=0.9", "zh-CN"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("en;q=0.4, zh;q=0.8", "zh-CN"),
        ("fr-FR,fr;q=0.9", "zh-CN"),
        ("fr,en;q=0.5", "en"),
        ("zh;q=0, en;q=0.1", "en"),
        ("en;q=nonsense", "zh-CN"),
    ],
)
async def test_the_browser_decides_first(site: Site, header: str, expected: str) -> None:
    answer = await site.get("/contact", accept_language=header)
    assert language_of(answer.text) == expected
    assert "accept-language" in answer.headers["vary"].lower()
    assert "set-cookie" not in answer.headers


async def test_a_choice_is_remembered_against_the_browser(site: Site) -> None:
    chosen = await site.get("/contact?lang=en", accept_language="zh-CN")
    assert language_of(chosen.text) == "en"
    cookie = chosen.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    assert language_of((await site.get("/", accept_language="zh-CN")).text) == "en"
    await site.get("/?lang=zh")
    assert language_of((await site.get("/models/shanyu", accept_language="en")).text) == "zh-CN"


async def test_an_unknown_language_chooses_nothing(site: Site) -> None:
    answer = await site.get("/contact?lang=<b>", accept_language="en")
    assert language_of(answer.text) == "en"
    assert "set-cookie" not in answer.headers
    assert "<b>" not in answer.text


@pytest.mark.parametrize("path", ["/", "/contact", "/models/shanyu"])
async def test_search_engines_find_both_languages(site: Site, path: str) -> None:
    page = await site.page(path, "en")
    links = {(each["rel"], each.get("hreflang", "")): each["href"] for each in page.all("link")}
    assert links["canonical", ""] == f"http://dealer.test{path}?lang=en"
    assert links["alternate", "zh-CN"] == f"http://dealer.test{path}?lang=zh"
    assert links["alternate", "x-default"] == f"http://dealer.test{path}"
    switch = {each.get("hreflang"): each["href"] for each in page.all("a")}
    assert switch["zh-CN"] == "?lang=zh"


def test_both_languages_name_the_same_values() -> None:
    for key, (zh, en) in TEXTS.items():
        assert zh and en, key
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), key


async def test_english_pages_hold_no_chinese_but_the_switch(site: Site) -> None:
    han = re.compile("[\u4e00-\u9fff]")
    for path in ("/", "/models/xinghe-x7", "/models/guitu-m8", "/contact"):
        page = await site.page(path, "en")
        assert [text for text in page.texts if han.search(text)] == ["中文"]

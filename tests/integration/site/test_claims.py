"""No figure on a page is outside a valid, approved record; nobody's text becomes markup."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from backend.catalogue.service import is_valid
from backend.models import (
    Dealership,
    Feature,
    FinancePlan,
    Model,
    Price,
    Promotion,
    Statement,
    Trim,
    TrimFeature,
)
from backend.sales.finance import instalments
from tests.conftest import NOW
from tests.integration.site.world import Page, Site

TODAY = date(2026, 11, 25)
AMOUNT = re.compile(r"¥([\d,]+(?:\.\d\d)?)")
CODES = (
    "qinglan", "yunchi", "shanyu", "yuanyue", "xinghe-e3", "xinghe-e5", "xinghe-x7", "guitu-m8",
    "tuoye-t6",
)  # fmt: skip


def fen(written: str) -> int:
    whole, _, rest = written.replace(",", "").partition(".")
    return int(whole) * 100 + int(rest or 0)


async def valid_prices(site: Site, code: str | None = None) -> dict[str, int]:
    async with site.database.reading() as session:
        rows = await session.execute(
            select(Trim.code, Model.code, Price).join(Price.trim).join(Trim.model)
        )
        return {
            trim: price.amount
            for trim, model, price in rows
            if is_valid(price, TODAY) and code in (None, model)
        }


async def test_every_amount_on_the_home_page_is_a_valid_price(site_anywhere: Site) -> None:
    prices = set((await valid_prices(site_anywhere)).values())
    for language in ("zh", "en"):
        amounts = AMOUNT.findall((await site_anywhere.page("/", language)).text)
        assert len(amounts) == 10
        assert {fen(amount) for amount in amounts} <= prices


@pytest.mark.parametrize("code", CODES)
async def test_every_amount_on_a_model_page_is_a_price_or_follows_from_one(
    site: Site, code: str
) -> None:
    prices = await valid_prices(site, code)
    allowed = set(prices.values())
    async with site.database.reading() as session:
        plans = list(await session.scalars(select(FinancePlan)))
    for plan in plans:
        if plan.model_codes and code not in plan.model_codes:
            continue
        price = min(prices.values())
        result = instalments(
            price=price,
            down=price * plan.min_down_bp // 10_000,
            months=max(plan.months),
            annual_rate_bp=plan.annual_rate_bp,
            fee=plan.fee,
        )
        allowed |= {result.monthly, result.last, result.down, result.principal}
        allowed |= {result.interest, result.fee}
    page = await site.page(f"/models/{code}", "zh")
    shown = {fen(amount) for amount in AMOUNT.findall(page.text)}
    assert shown <= allowed
    assert set(prices.values()) <= shown


@pytest.mark.parametrize("code", CODES)
async def test_every_cell_of_the_specification_is_the_record(site: Site, code: str) -> None:
    async with site.database.reading() as session:
        trims = list(
            await session.scalars(
                select(Trim)
                .join(Trim.model)
                .where(Model.code == code, Trim.active)
                .order_by(Trim.position)
            )
        )
        facts = {
            (fact.trim_id, fact.feature_id): fact
            for fact in await session.scalars(select(TrimFeature))
            if is_valid(fact, TODAY)
        }
        features = {row.name_zh: row for row in await session.scalars(select(Feature))}
    page = await site.page(f"/models/{code}", "zh")
    checked = 0
    for name, *cells in page.tables["specification"]:
        if name not in features:
            continue
        feature = features[name]
        for trim, cell in zip(trims, cells, strict=True):
            fact = facts.get((trim.id, feature.id))
            if fact is None:
                assert cell in ("待确认", "不适用")
            elif feature.kind == "flag":
                assert cell == {"standard": "标配", "optional": "选装", "none": "无"}[fact.value]
            elif feature.kind == "number":
                assert cell == f"{float(fact.value):,g} {feature.unit}" or cell == (
                    f"{int(fact.value):,} {feature.unit}"
                )
            else:
                assert cell == fact.value
            checked += 1
    assert checked >= 60 * len(trims)


async def test_what_is_missing_is_said_to_be_unconfirmed(site: Site) -> None:
    pickup = await site.page("/models/tuoye-t6", "zh")
    assert "2.0T 四驱 旗舰版 价格待确认" in pickup.text
    assert "Price not confirmed" in (await site.page("/models/tuoye-t6", "en")).text
    rows = {row[0]: row[1:] for row in (await site.page("/models/xinghe-e3", "en")).tables[
        "specification"
    ]}  # fmt: skip
    assert rows["Heat pump"] == ["Not confirmed", "Optional"]
    rows = {row[0]: row[1:] for row in (await site.page("/models/yunchi", "zh")).tables[
        "specification"
    ]}  # fmt: skip
    assert rows["电机总功率"][:3] == ["不适用"] * 3
    assert rows["电机总功率"][3].endswith("kW")
    assert "货箱尺寸" not in rows


async def test_expired_future_and_unapproved_records_are_not_shown(site_anywhere: Site) -> None:
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    approved: dict[str, Any] = {"approved_by": "manager", "approved_at": NOW}
    never: dict[str, Any] = {"approved_by": None, "approved_at": None}
    states = {
        "expired": {"valid_from": date(2026, 1, 1), "valid_until": yesterday, **approved},
        "future": {"valid_from": tomorrow, "valid_until": None, **approved},
        "unapproved": {"valid_from": date(2026, 1, 2), "valid_until": None, **never},
    }
    async with site_anywhere.database.transaction() as session:
        trim = await session.scalar(select(Trim).where(Trim.code == "tuoye-t6-4wd-flagship"))
        feature = await session.scalar(select(Feature).where(Feature.code == "heat_pump"))
        length = await session.scalar(select(Feature).where(Feature.code == "length"))
        assert trim and feature and length
        await session.execute(delete(TrimFeature).where(TrimFeature.trim_id == trim.id))
        for number, (name, state) in enumerate(states.items(), 1):
            session.add(Price(trim_id=trim.id, amount=7_777_700 + number, source=name, **state))
            session.add(
                TrimFeature(
                    trim_id=trim.id, feature_id=length.id, value=f"777{number}", source=name,
                    **state,
                )
            )  # fmt: skip
            for kind in ("cash", "gift"):
                session.add(
                    Promotion(
                        code=f"{kind}-{name}", kind=kind, title_zh=f"{name} 77,777 元",
                        title_en=f"{name} 77,777 yuan", text_zh=name, text_en=name,
                        model_id=trim.model_id if kind == "cash" else None, trim_id=None,
                        amount=7_777_700, source=name, **state,
                    )
                )  # fmt: skip
            session.add(
                FinancePlan(
                    code=name, name_zh=f"{name} 7.77", name_en=f"{name} 7.77", annual_rate_bp=777,
                    min_down_bp=7770, months=[7], fee=77_700, model_codes=[], position=1,
                    source=name, **state,
                )
            )  # fmt: skip
            warranty = f"{name} 777,777"
            await session.execute(delete(Statement).where(Statement.code == "warranty"))
            session.add(
                Statement(code="warranty", text_zh=warranty, text_en=warranty, source=name, **state)
            )
            await session.flush()
    for language in ("zh", "en"):
        for path in ("/", "/models/tuoye-t6"):
            text = (await site_anywhere.page(path, language)).text
            assert "777" not in text and "7.77" not in text
            for name in states:
                assert name not in text
    page = await site_anywhere.page("/models/tuoye-t6", "zh")
    length_row = next(row for row in page.tables["specification"] if row[0] == "车长")
    assert length_row[1:] == ["5,330 mm", "5,330 mm", "待确认"]


async def test_an_offer_ends_with_its_last_day_in_the_dealership(site_anywhere: Site) -> None:
    def move(moment: datetime) -> None:
        site_anywhere.clock.advance(moment - site_anywhere.clock.now())

    # 31 December, a minute before midnight in Shanghai.
    move(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    text = (await site_anywhere.page("/models/shanyu", "zh")).text
    assert "山屿限时直降 5,000 元" in text and "低息轻松贷" in text
    move(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    text = (await site_anywhere.page("/models/shanyu", "zh")).text
    assert "5,000" not in text and "低息轻松贷" not in text
    assert "目前没有针对这款车的优惠。" in text
    assert "目前没有可以公示的贷款示例。" in text
    assert "¥119,800" in text, "the list price holds on"
    home = await site_anywhere.page("/", "zh")
    assert "offers" not in [attributes.get("id") for _, attributes in home.tags]


async def test_a_second_source_is_marked_at_its_value(site_anywhere: Site) -> None:
    async with site_anywhere.database.transaction() as session:
        fact = await session.scalar(
            select(TrimFeature)
            .join(TrimFeature.trim)
            .join(TrimFeature.feature)
            .where(Trim.code == "xinghe-e3-305", Feature.code == "range_cltc")
        )
        assert fact is not None
        fact.source = fact.source_en = "Range test 2026"
        fact.valid_until = date(2026, 12, 24)
    page = await site_anywhere.page("/models/xinghe-e3", "en")
    rows = {row[0]: row[1:] for row in page.tables["specification"]}
    assert rows["Electric range (CLTC)"] == ["305 km 2", "405 km"]
    assert "Range test 2026; valid until 24 December 2026" in page.text


async def test_hostile_texts_stay_texts(site: Site) -> None:
    script = "<script>alert(1)</script>"
    quote = '"><img src=x onerror=alert(2)>'
    async with site.database.transaction() as session:
        await session.execute(
            update(Model)
            .where(Model.code == "shanyu")
            .values(
                name_zh=script, name_en=script, summary_zh=quote, summary_en=quote,
                colour='#000000"/><script>alert(3)</script>',
            )
        )  # fmt: skip
        await session.execute(update(Promotion).values(title_zh=script, text_en=quote))
        await session.execute(update(FinancePlan).values(name_zh=script, name_en=script))
        await session.execute(update(Feature).values(name_zh=script, name_en=quote))
        await session.execute(update(TrimFeature).values(source=quote, source_en=quote))
        await session.execute(update(Price).values(source=script, source_en=""))
        await session.execute(
            update(Dealership).values(
                name_zh=script, name_en=quote, address_zh=script, address_en=script,
                directions_zh=quote, directions_en=quote, phone=quote,
            )
        )  # fmt: skip
    for language in ("zh", "en"):
        for path in ("/", "/models/shanyu", "/contact"):
            html = await site.html(path, language)
            assert "alert(" in html, "the text itself is there"
            page = Page(html)
            assert len(page.all("script")) == 1
            assert not any("onerror" in attributes for _, attributes in page.tags)
        html = (await site.get(f"/models/{script}?lang={language}")).text
        assert len(Page(html).all("script")) == 1
    assert "script" not in (await site.get("/site/car/shanyu.svg")).text

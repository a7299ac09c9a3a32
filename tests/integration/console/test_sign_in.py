"""Signing in: who may, how often one may fail, how long it lasts."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from backend.clock import FixedClock
from backend.database import Database
from backend.errors import TooManyRequestsError, UnauthorizedError
from backend.models import Audit, SignInAttempt, Staff, StaffSession
from backend.staff import service
from tests.conftest import NOW
from tests.integration.console.browser import (
    PASSWORD,
    Browser,
    application,
    open_browser,
    settings,
    staff,
)

HOME = "/console/conversations"
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@sqlite_only
async def test_the_right_password_leads_to_the_page_that_was_wanted(
    visitor: Browser, database: Database
) -> None:
    refused = await visitor.get("/console/complaints?state=open")
    assert refused.status_code == 303
    target = "/console/sign-in?next=%2Fconsole%2Fcomplaints%3Fstate%3Dopen"
    assert refused.headers["location"] == target

    response = await visitor.post(
        "/console/sign-in", target, username=" Admin ", password=PASSWORD,
        next="/console/complaints?state=open",
    )  # fmt: skip
    assert response.status_code == 303
    assert response.headers["location"] == "/console/complaints?state=open"
    cookie = next(c for c in response.headers.get_list("set-cookie") if "chefu_session=" in c)
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower() and "Secure" not in cookie
    assert (await visitor.get(HOME)).status_code == 200

    secret = visitor.client.cookies["chefu_session"]
    async with database.reading() as session:
        stored = (await session.scalars(select(StaffSession))).one()
        lines = list(await session.scalars(select(Audit.action)))
    assert stored.id_hash == service.digest(secret) and secret not in stored.id_hash
    assert "staff.signed_in" in lines


@sqlite_only
async def test_behind_https_the_cookie_is_never_sent_in_the_clear(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await staff(database)
    app = application(database, clock, settings(tmp_path, secure_cookies=True))
    browser = open_browser(app)
    browser.client.base_url = "https://console.test"
    response = await browser.sign_in()
    assert all("Secure" in cookie for cookie in response.headers.get_list("set-cookie"))
    assert response.status_code == 303


@sqlite_only
@pytest.mark.parametrize(
    "target", ["https://evil.test", "//evil.test", "/console//evil.test", "/\\evil", "/console/\n"]
)
async def test_no_way_to_another_site(visitor: Browser, target: str) -> None:
    response = await visitor.sign_in(next=target)
    assert response.headers["location"] == HOME


@sqlite_only
async def test_all_refusals_look_the_same(
    visitor: Browser, database: Database, clock: FixedClock
) -> None:
    await staff(database, "gone")
    async with database.transaction() as session:
        await session.execute(update(Staff).where(Staff.username == "gone").values(active=False))
    wrong = await visitor.sign_in(password="wrong wrong wrong")
    unknown = await visitor.sign_in("nobody", "wrong wrong wrong")
    left = await visitor.sign_in("gone")
    long = await visitor.sign_in(password="x" * 5000)
    for response in (wrong, unknown, left, long):
        assert response.status_code == 401
        assert "用户名或密码不正确" in response.text
        assert "chefu_session" not in response.headers.get("set-cookie", "")


@sqlite_only
async def test_the_sign_in_form_must_be_our_own(visitor: Browser) -> None:
    fields = {"username": "admin", "password": PASSWORD}
    without = await visitor.client.post("/console/sign-in", data=fields)
    assert without.status_code == 403
    await visitor.get("/console/sign-in")
    wrong = await visitor.client.post("/console/sign-in", data={**fields, "csrf": "x"})
    assert wrong.status_code == 403
    # A cookie planted by someone else has no signature of ours, although both agree.
    visitor.client.cookies.clear()
    planted = await visitor.client.post(
        "/console/sign-in",
        data={**fields, "csrf": "planted"},
        headers={"cookie": "chefu_sign_in=planted"},
    )
    assert planted.status_code == 403


@sqlite_only
async def test_the_sign_in_form_expires(visitor: Browser, clock: FixedClock) -> None:
    page = await visitor.get("/console/sign-in")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    clock.advance(timedelta(hours=1, seconds=1))
    late = await visitor.client.post(
        "/console/sign-in", data={"username": "admin", "password": PASSWORD, "csrf": token}
    )
    assert late.status_code == 403


async def test_five_failures_of_a_user(visitor: Browser, clock: FixedClock) -> None:
    for _ in range(5):
        assert (await visitor.sign_in(password="wrong wrong wrong")).status_code == 401
        clock.advance(timedelta(seconds=30))
    blocked = await visitor.sign_in()
    assert blocked.status_code == 429
    assert int(blocked.headers["retry-after"]) == 750
    assert "13 分钟" in blocked.text
    clock.advance(timedelta(seconds=751))
    assert (await visitor.sign_in()).status_code == 303


@sqlite_only
async def test_success_forgives_the_failures(visitor: Browser) -> None:
    for _ in range(4):
        await visitor.sign_in(password="wrong wrong wrong")
    assert (await visitor.sign_in()).status_code == 303
    for _ in range(4):
        await visitor.sign_in(password="wrong wrong wrong")
    assert (await visitor.sign_in()).status_code == 303


@sqlite_only
async def test_twenty_failures_of_an_address(database: Database) -> None:
    for count in range(20):
        with pytest.raises(UnauthorizedError):
            await _try(database, f"user{count}", "203.0.113.5")
    with pytest.raises(TooManyRequestsError):
        await _try(database, "another", "203.0.113.5")
    with pytest.raises(UnauthorizedError):
        await _try(database, "another", "203.0.113.6")


async def test_many_tries_at_once_leave_no_gap(database: Database) -> None:
    await staff(database)
    results = await asyncio.gather(
        *(_try(database, "admin", f"203.0.113.{n}") for n in range(12)), return_exceptions=True
    )
    assert sum(isinstance(found, UnauthorizedError) for found in results) == 5
    assert sum(isinstance(found, TooManyRequestsError) for found in results) == 7
    async with database.reading() as session:
        counted = await session.scalar(
            select(func.count(SignInAttempt.id)).where(SignInAttempt.subject == "user:admin")
        )
    assert counted == 5


async def _try(database: Database, username: str, address: str) -> None:
    await service.sign_in(
        database, NOW, username=username, password="wrong wrong wrong", address=address
    )


@sqlite_only
async def test_a_session_lives_twelve_hours_and_use_prolongs_it(
    admin: Browser, clock: FixedClock
) -> None:
    clock.advance(timedelta(hours=11))
    renewed = await admin.get(HOME)
    assert "Max-Age=43200" in renewed.headers["set-cookie"]
    assert "set-cookie" not in (await admin.get(HOME)).headers
    clock.advance(timedelta(hours=11))
    assert (await admin.get(HOME)).status_code == 200
    clock.advance(timedelta(hours=12))
    assert (await admin.get(HOME)).status_code == 303


@sqlite_only
async def test_no_session_outlives_a_week(admin: Browser, clock: FixedClock) -> None:
    for _ in range(16):
        clock.advance(timedelta(hours=10))
        assert (await admin.get(HOME)).status_code == 200
    clock.advance(timedelta(hours=8))
    assert (await admin.get(HOME)).status_code == 303


@sqlite_only
async def test_signing_out_ends_it_on_the_server(admin: Browser) -> None:
    stolen = admin.client.cookies["chefu_session"]
    response = await admin.post("/console/sign-out", HOME)
    assert response.status_code == 303
    again = await admin.client.get(HOME, headers={"cookie": f"chefu_session={stolen}"})
    assert again.status_code == 303


@sqlite_only
async def test_who_has_left_is_out_at_once(admin: Browser, database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(update(Staff).values(active=False))
    assert (await admin.get(HOME)).status_code == 303


@sqlite_only
async def test_a_form_of_a_session_needs_its_token(admin: Browser) -> None:
    response = await admin.client.post("/console/sign-out", data={"csrf": "0" * 64})
    assert response.status_code == 403
    assert (await admin.get(HOME)).status_code == 200
    huge = await admin.client.post("/console/sign-out", data={"csrf": "x" * 70_000})
    assert huge.status_code == 413


@sqlite_only
async def test_an_expired_session_moves_the_whole_page(admin: Browser, clock: FixedClock) -> None:
    clock.advance(timedelta(days=1))
    response = await admin.get(HOME, headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response.headers["hx-redirect"] == "/console/sign-in"


@sqlite_only
async def test_languages(visitor: Browser, app: FastAPI) -> None:
    english = await visitor.get("/console/sign-in", headers={"accept-language": "en-GB,en"})
    assert 'lang="en"' in english.text and "Password" in english.text
    await visitor.get("/console/sign-in?lang=zh")
    chinese = await visitor.get("/console/sign-in", headers={"accept-language": "en-GB,en"})
    assert "密码" in chinese.text
    await visitor.sign_in()
    assert "会话" in (await visitor.get(HOME)).text
    switched = await visitor.post("/console/language", HOME, language="en", next="/console/tasks")
    assert switched.headers["location"] == "/console/tasks"
    assert "Chats" in (await visitor.get(HOME)).text
    assert (await visitor.post("/console/language", HOME, language="fr")).status_code == 422

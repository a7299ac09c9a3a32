"""The staff API as a tool sees it, on both databases."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.database import Database
from backend.models import Customer, DemoCar, Model, TestDriveBooking
from backend.staff import tokens
from tests.conftest import NOW
from tests.integration.console.browser import application, settings
from tests.integration.console.office import ENGLISH_COMPLAINT, HOSTILE, fill
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION, at

LISTS = ("test-drives", "service-bookings", "complaints", "conversations", "customers")


@pytest.fixture
async def stranger(
    database: Database, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token, before a filled store."""
    async with database.transaction() as session:
        await fill(session)
    transport = httpx.ASGITransport(application(database, clock, settings(tmp_path)))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        yield client


@pytest.fixture
async def tool(stranger: httpx.AsyncClient, database: Database) -> httpx.AsyncClient:
    """A client with a token."""
    async with database.transaction() as session:
        _, secret = await tokens.create(session, NOW, "report", actor="setup")
    stranger.headers["authorization"] = f"Bearer {secret}"
    return stranger


async def items(tool: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    response = await tool.get(f"/api/staff/{path}")
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["items"]
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic eA==", "Bearer \u00e9"]
)
async def test_no_valid_token(stranger: httpx.AsyncClient, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header.encode("latin-1")}
    for path in (*LISTS, f"conversations/{CONVERSATION}", "nothing"):
        response = await stranger.get(f"/api/staff/{path}", headers=headers)  # type: ignore[arg-type]
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.json()["error"]["code"] == "unauthorized"


async def test_a_test_drive(tool: httpx.AsyncClient) -> None:
    (found,) = await items(tool, "test-drives?phone=13800000001")
    car = found.pop("car")
    trim = found.pop("trim")
    assert found == {
        "id": 1,
        "number": "TD261125-0001",
        "state": "booked",
        "model": {"code": "shanyu", "name_zh": "山屿", "name_en": "Shanyu"},
        "starts_at": "2026-11-26T15:00:00+08:00",
        "ends_at": "2026-11-26T15:30:00+08:00",
        "customer": {"id": 1, "name": "王伟", "phone": "+8613800000001"},
        "conversation_id": CONVERSATION,
        "created_at": "2026-11-25T09:00:00+08:00",
    }
    assert set(car) == {"plate", "colour", "colour_en"} and car["plate"].startswith("浙A")
    assert trim["code"].startswith("shanyu-")


async def test_service_bookings(tool: httpx.AsyncClient) -> None:
    first, second = await items(tool, "service-bookings")
    assert (first["number"], first["price"], first["currency"]) == ("SV261125-0001", 42_000, "CNY")
    assert (first["plate"], first["mileage_km"]) == ("浙A12345", 20_100)
    assert first["items"][0] == {
        "code": "oil", "name_zh": "机油机滤更换", "name_en": "Oil and filter",
        "parts": 30_000, "labour": 10_000,
    }  # fmt: skip
    assert first["starts_at"] == "2026-11-27T09:00:00+08:00"
    assert (second["price"], second["items"], second["model"]) == (None, [], None)


async def test_complaints(tool: httpx.AsyncClient) -> None:
    first, second, third = await items(tool, "complaints")
    assert first["number"] == "CP261125-0001" and first["text"] == ENGLISH_COMPLAINT
    assert (first["category"], first["severity"], first["state"]) == ("delivery", "high", "open")
    assert first["due_at"] == "2026-11-25T09:40:00+08:00"
    assert [row["overdue"] for row in (first, second, third)] == [True, False, False]
    assert second["customer"] is None and HOSTILE in second["text"]


async def test_conversations_and_a_transcript(tool: httpx.AsyncClient) -> None:
    found = await items(tool, "conversations?phone=%2B8613800000001")
    assert [row["id"] for row in found] == [CONVERSATION]
    response = await tool.get(f"/api/staff/conversations/{CONVERSATION}")
    body = response.json()
    assert body["customer"]["name"] == "王伟" and body["owner"] == "assistant"
    messages = body["messages"]
    assert [row["seq"] for row in messages] == list(range(1, 8))
    first = messages[0]
    assert first["sender"] == "customer" and first["channel"] == "web"
    assert first["text"] == "山屿混动版落地大概多少钱？预算20万左右"
    assert (first["intent"], first["confidence"]) == ("ask_onroad_price", 0.93)
    assert first["entities"][0]["value"] == "shanyu"
    assert first["sent_at"] == "2026-11-25T09:30:20+08:00"
    assert messages[1]["delivery"] == "sent" and messages[1]["cards"][0]["title"] == "山屿 2 型"
    assert "token_hash" not in response.text and "/book_test_drive" not in response.text


async def test_customers(tool: httpx.AsyncClient) -> None:
    (found,) = await items(tool, "customers?phone=138-0000-0001")
    assert found["name"] == "王伟"
    assert found["vehicles"] == [{"plate": "浙A12345", "vin": None, "mileage_km": 20_100}]
    (by_talk,) = await items(tool, f"customers?conversation_id={OTHER_CONVERSATION}")
    assert by_talk["phone"] == "+8613800000002"


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        ("test-drives?state=cancelled", ["0003"]),
        ("test-drives?phone=13800000002", ["0002", "0003"]),
        ("test-drives?phone=13800000009", []),
        (f"test-drives?conversation_id={OTHER_CONVERSATION}", ["0002", "0003"]),
        ("test-drives?from=2026-11-26&to=2026-11-26", ["0001"]),
        ("test-drives?from=2026-11-26T15:00:00%2B08:00&to=2026-11-26T15:00", ["0001"]),
        ("test-drives?from=2026-11-26T15:00:00+08:00", ["0001", "0003"]),
        ("test-drives?from=2026-11-26T07:00:01Z", ["0003"]),
        ("service-bookings?from=2026-11-27", ["0001"]),
        ("complaints?phone=13800000003", ["0002"]),
        ("complaints?state=overdue", ["0001"]),
        ("complaints?to=2026-11-24", ["0003"]),
        ("complaints?conversation_id=nothing", []),
    ],
)
async def test_filters(tool: httpx.AsyncClient, path: str, numbers: list[str]) -> None:
    assert [row["number"][-4:] for row in await items(tool, path)] == numbers


async def test_pages_are_stable_while_bookings_arrive(
    tool: httpx.AsyncClient, database: Database
) -> None:
    await _more(database, 20, NOW - timedelta(days=1), "a")
    seen: list[str] = []
    cursor: str | None = ""
    pages = 0
    while cursor is not None:
        page = await tool.get("/api/staff/test-drives", params={"limit": 5, "cursor": cursor})
        body = page.json()
        seen += [row["number"] for row in body["items"]]
        cursor = body["next"]
        pages += 1
        # Newer ones, and one of the very same moment as those of the list.
        await _more(database, 1, NOW + timedelta(minutes=pages), f"b{pages}")
    assert pages == 5
    assert len(seen) == len(set(seen)) == 23
    assert not [number for number in seen if number.startswith("b")]


@pytest.mark.parametrize("name", LISTS)
async def test_one_row_at_a_time(tool: httpx.AsyncClient, name: str) -> None:
    whole = [row["id"] for row in await items(tool, name)]
    single: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        body = (await tool.get(f"/api/staff/{name}", params={"limit": 1, "cursor": cursor})).json()
        single += [row["id"] for row in body["items"]]
        cursor = body["next"]
    assert single == whole and len(whole) > 1


async def _more(database: Database, count: int, created: datetime, prefix: str) -> None:
    async with database.transaction() as session:
        model = (await session.scalars(select(Model).where(Model.code == "shanyu"))).one()
        car = (await session.scalars(select(DemoCar).order_by(DemoCar.id).limit(1))).one()
        customer = (await session.scalars(select(Customer).order_by(Customer.id).limit(1))).one()
        session.add_all(
            [
                TestDriveBooking(
                    number=f"{prefix}-{n}", model_id=model.id, demo_car_id=car.id,
                    customer_id=customer.id, conversation_id=None, starts_at=at("30 10:00"),
                    ends_at=at("30 10:30"), created_at=created,
                    source_message_id=f"{prefix}-{n}", source_action="x",
                )
                for n in range(count)
            ]
        )  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("test-drives?limit=0", 422, "invalid"),
        ("test-drives?limit=201", 422, "invalid"),
        ("test-drives?limit=many", 422, "invalid"),
        ("test-drives?phone=hello", 422, "invalid_phone"),
        ("test-drives?state=open", 422, "invalid_state"),
        ("customers?state=open", 422, "invalid_state"),
        ("test-drives?from=soon", 422, "invalid"),
        ("test-drives?to=9999-12-31", 422, "invalid"),
        ("test-drives?cursor=abc", 422, "invalid_cursor"),
        ("conversations?cursor=abc", 422, "invalid_cursor"),
        ("conversations/none", 404, "not_found"),
        ("conversations/%00", 404, "not_found"),
        ("nothing", 404, "not_found"),
    ],
)
async def test_errors(tool: httpx.AsyncClient, path: str, status: int, code: str) -> None:
    response = await tool.get(f"/api/staff/{path}")
    assert response.status_code == status
    error = response.json()["error"]
    assert error["code"] == code and error["message"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_api_only_reads(tool: httpx.AsyncClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = await tool.request(method, "/api/staff/customers", json={})
        assert response.status_code in (404, 405)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_revoked_token_is_refused(tool: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        await tokens.revoke(session, NOW, 1, actor="staff:1")
    assert (await tool.get("/api/staff/customers")).status_code == 401


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_description_names_every_list(stranger: httpx.AsyncClient) -> None:
    document = (await stranger.get("/api/openapi.json")).json()
    for name in LISTS:
        operation = document["paths"][f"/api/staff/{name}"]["get"]
        assert {parameter["name"] for parameter in operation["parameters"]} == {
            "phone", "conversation_id", "state", "from", "to", "limit", "cursor",
        }  # fmt: skip
    assert not [path for path in document["paths"] if path.startswith("/console")]

"""The public API keeps its own description, whatever is sent to it: never an error of ours."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.app import create_app
from backend.clock import FixedClock
from backend.database import Database
from backend.migrations.migrate import migrate
from tests.conftest import NOW
from tests.integration.chat.conftest import configuration
from tests.integration.chat.talk import FakeTurn

EXAMPLES = int(os.environ.get("CHEFU_EXAMPLES", "25"))
TOO_FAST = 429
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A backend with a scripted assistant, served by a thread with a loop of its own."""
    folder: Path = tmp_path_factory.mktemp("api")
    database = Database(f"sqlite+aiosqlite:///{folder / 'store.db'}")
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(
        configuration(folder), database, FixedClock(NOW), assistant=FakeTurn(), channels={}
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    ready = threading.Event()

    async def serve() -> None:
        await migrate(database)
        ready.set()
        await server.serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(60)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def token(address: str) -> str:
    opened = httpx.post(f"{address}/api/chat/conversations", json={})
    return str(opened.json()["token"])


def test_whatever_is_sent(address: str, token: str) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok() if isinstance(found, Ok) else pytest.fail(str(found))
        if operation.path.endswith("/stream"):
            # It does not end by itself.
            continue
        _try(operation, address, token)
        tried.add(operation.path)
    assert {"/api/chat/messages", "/api/chat/rating", "/api/staff/test-drives"} <= tried


def _try(
    operation: schemathesis.APIOperation[Any, Any, Any, Any], address: str, token: str
) -> None:
    # With the key of a conversation, so that more than the door is tried.
    chat = operation.path.startswith("/api/chat")
    headers = {"Authorization": f"Bearer {token}"} if chat else {}

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def whatever(case: schemathesis.Case[Any]) -> None:
        if isinstance(case.query, dict):
            # It would wait for news as long as it is asked to.
            case.query.pop("wait", None)
        response = case.call(base_url=address, headers=headers)
        if response.status_code != TOO_FAST:
            case.validate_response(response, checks=list(CHECKS))

    whatever()

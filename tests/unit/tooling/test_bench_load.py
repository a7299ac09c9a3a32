"""What `make bench PART=load` does around its calls: what it sends, what it makes of figures."""

import asyncio
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import SecretStr

from backend.channels.wechat.envelope import Gate
from backend.channels.wechat.settings import WechatSettings
from scripts import bench_load as bench
from scripts.bench_client import Customer
from scripts.bench_load import Calls, Options
from scripts.ground import Failure


def test_a_delivery_is_signed_as_wechat_signs() -> None:
    settings = WechatSettings(  # type: ignore[call-arg]  # `_env_file` is unseen by mypy
        _env_file=None,
        app_id=bench.WECHAT["CHEFU_WECHAT_APP_ID"],
        app_secret=SecretStr("s" * 16),
        token=SecretStr(bench.WECHAT_TOKEN),
        mode="plain",
    )
    path, body = bench.wechat_delivery()
    query = dict(parse_qsl(urlsplit(path).query))
    delivery = Gate(settings).open(query, body.encode())
    assert delivery.fields["Content"] == "山屿多少钱"
    assert bench.wechat_delivery()[1] != body


def _fails(calls: Calls) -> None:
    with calls.errors_of(bench.STREAM):
        raise Failure("the stream ended")


def test_what_is_missed_is_named() -> None:
    calls = Calls({bench.ACKNOWLEDGED: [0.1] * 100, bench.HUNG_WECHAT: [0.9] * 100})
    assert bench.missed(calls) == []
    assert "Kept" in bench.note(calls, Options())
    calls.took(bench.HUNG_WECHAT, 1.2)
    calls.took(bench.HUNG_WECHAT, 1.2)
    calls.seconds[bench.ACKNOWLEDGED] += [0.6] * 10
    _fails(calls)
    assert bench.missed(calls) == [
        f"1 errors: {bench.STREAM}",
        f"p95 of {bench.ACKNOWLEDGED} over 500 ms",
        f"p99 of {bench.HUNG_WECHAT} over 1000 ms",
    ]
    assert "**Missed:**" in bench.note(calls, Options())
    assert "**Not the full run.**" in bench.note(calls, Options(visitors=3))


def test_all_calls_are_one_row_and_the_hang_is_not_in_it() -> None:
    calls = Calls({bench.OPENING: [0.1], bench.ANSWER: [0.3], bench.HUNG_CHAT: [9.0]})
    row = next(line for line in bench.table(calls).splitlines() if "all calls" in line)
    assert "| 2 |" in row
    assert "9,000" not in row


async def test_so_many_are_on_their_way_at_once() -> None:
    done: list[int] = []
    inside = most = 0

    async def one(number: int) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        done.append(number)

    await bench.side_by_side(50, one)
    assert sorted(done) == list(range(50))
    assert most == bench.AT_ONCE


async def test_a_stream_that_ends_is_an_error() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nid: 0\nevent: messages\ndata: {}\n\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    opened: list[float] = []
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Failure, match="ended"):
            await Customer(f"http://127.0.0.1:{port}").stream(opened.append)
    assert len(opened) == 1

"""What `make bench PART=turns` does around the turns: its customers, its systems, its table."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import bench_turns as bench
from scripts import processes, training
from scripts.bench_client import Customer, Turn
from scripts.bench_turns import Measured, Options, Ours, Running, Stock
from scripts.ground import ROOT, Failure


class Chat:
    """A chat API that answers at the second look."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.connections = 0
        self.conversations = 0
        self.looks = 0
        self.sender = "assistant"
        self.status = "200 OK"
        self.hang_up = False
        """Whether the next request finds the connection closed."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await self._head(reader):
            if self.hang_up:
                self.hang_up = False
                break
            line, *fields = head.split("\r\n")
            length = next(int(f.split(":")[1]) for f in fields if f.startswith("Content-Length"))
            body = json.loads(await reader.readexactly(length) or b"{}")
            content = json.dumps(self._answer(line, body)).encode()
            writer.write(
                f"HTTP/1.1 {self.status}\r\ncontent-length: {len(content)}\r\n\r\n".encode()
                + content
            )
        writer.close()

    async def _head(self, reader: asyncio.StreamReader) -> str:
        try:
            return (await reader.readuntil(b"\r\n\r\n")).decode()
        except asyncio.IncompleteReadError:
            return ""

    def _answer(self, line: str, body: dict[str, Any]) -> dict[str, Any]:
        if "conversations" in line:
            self.conversations += 1
            return {"token": "t"}
        if line.startswith("POST"):
            self.texts.append(body["text"])
            return {"seq": len(self.texts)}
        self.looks += 1
        shown = [] if self.looks % 2 else [{"sender": self.sender}]
        return {"messages": shown}


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
async def url(chat: Chat) -> AsyncIterator[str]:
    server = await asyncio.start_server(chat.serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_a_customer_waits_for_the_answer(chat: Chat, url: str) -> None:
    customer = Customer(url)
    await customer.arrive()
    turn = await customer.say("山屿多少钱")
    await customer.leave()
    assert turn.answered and turn.seconds > 0
    assert (chat.texts, chat.looks, chat.connections) == (["山屿多少钱"], 2, 1)


async def test_an_answer_of_the_system_is_none(chat: Chat, url: str) -> None:
    chat.sender = "system"
    customer = Customer(url)
    await customer.arrive()
    assert not (await customer.say("a")).answered
    await customer.leave()


async def test_a_connection_that_was_closed_is_opened_again(chat: Chat, url: str) -> None:
    customer = Customer(url)
    await customer.arrive()
    chat.hang_up = True
    assert (await customer.say("a")).answered
    await customer.leave()
    assert chat.connections == 2
    assert chat.texts == ["a"]


async def test_a_refusal_is_told(chat: Chat, url: str) -> None:
    chat.status = "429 Too Many Requests"
    customer = Customer(url)
    with pytest.raises(Failure, match="429"):
        await customer.arrive()
    await customer.leave()


async def test_customers_share_the_turns(chat: Chat, url: str) -> None:
    turns = await bench.visits(url, 3, 20)
    assert len(turns) == len(chat.texts) == 20
    assert chat.connections == 3
    assert 3 <= chat.conversations <= 6


async def test_the_marks_of_a_long_conversation_hear_the_same(chat: Chat, url: str) -> None:
    measured = Measured("ours")
    await bench.measure_long([Running(measured, url, {})], (2, 20, 40))
    cycle = len(bench.TALK)
    assert {mark: len(turns) for mark, turns in measured.long.items()} == {
        2: bench.SLICES * cycle, 20: 2 * cycle, 40: 2 * cycle,
    }  # fmt: skip
    long = chat.texts[-(39 + 2 * cycle) :]
    assert long[0] == bench.TALK[1]
    assert sorted(set(long)) == sorted(bench.TALK)
    assert sorted(long[19 : 19 + cycle]) == sorted(bench.TALK)


async def test_a_slice_counts_turns_seconds_and_processor_time(chat: Chat, url: str) -> None:
    measured = Measured("ours")
    system = Running(measured, url, {"rasa": os.getpid()})
    await bench.measure_slice(system, 2, 50)
    await bench.measure_slice(system, 2, 50)
    assert len(measured.turns[2]) == 100
    assert measured.seconds[2] > 0
    assert 0 < measured.processor["rasa"] <= time.process_time()
    assert measured.per_turn("rasa") == measured.processor["rasa"] / 100


def test_stock_has_nothing_of_ours_but_the_door(tmp_path: Path) -> None:
    rasa, actions, backend = processes.processes(Path("ours.tar.gz"), processes.Addresses())
    stock = Stock(tmp_path, Path("stock.tar.gz"))
    changed = stock.changed(rasa)
    command = " ".join(changed.command)
    assert "--model stock.tar.gz" in command
    assert "--endpoints scripts/stock/endpoints.yml" in command
    assert "--credentials scripts/stock/credentials.yml" in command
    assert changed.environment == {}
    assert stock.changed(actions) == actions
    endpoints = yaml.safe_load((ROOT / "scripts/stock/endpoints.yml").read_text())
    assert endpoints["tracker_store"]["type"] == "SQL"
    assert list(yaml.safe_load((ROOT / "scripts/stock/credentials.yml").read_text())) == [
        "scripts.stock.channel.StockChannel"
    ]
    # The limits of customers are lifted for both.
    assert stock.changed(backend) == Ours(tmp_path).changed(backend) != backend


def measured(name: str, times: int) -> Measured:
    turns = [Turn(0.01 * times * number, True) for number in range(1, 101)]
    return Measured(
        name,
        started=5.0 * times,
        memory={"rasa": 500_000_000 * times},
        processor={"rasa": 20.1 * times},
        turns={1: turns, 10: [*turns, Turn(9.0, False)]},
        seconds={1: 10.0 * times, 10: 2.0 * times},
        long={2: turns, 800: [Turn(turn.seconds * times, True) for turn in turns]},
    )


def test_the_table_says_how_many_times_as_good() -> None:
    lines = bench.table(measured("stock", 4), measured("ours", 1)).splitlines()
    rows = {line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:5]]
            for line in lines[2:]}  # fmt: skip
    assert rows["a turn, 1 customer, median"] == ["2,000 ms", "500 ms", "4.0"]
    assert rows["a turn, 1 customer, p99"] == ["3,960 ms", "990 ms", "4.0"]
    assert rows["turns per second, 1 customer"] == ["2.5", "10.0", "4.0"]
    assert rows["turns per second, 10 customers at once"][2] == "4.0"
    assert rows["turn 800 of one conversation, median"] == ["8,080 ms", "505 ms", "16.0"]
    assert rows["processor time of a turn, rasa"] == ["400 ms", "100 ms", "4.0"]
    assert rows["memory of all processes"] == ["2,000 MB", "500 MB", "4.0"]


def test_the_note_tells_growth_losses_and_a_shortened_run() -> None:
    pair = (measured("stock", 4), measured("ours", 1))
    full = Options(bench.CUSTOMERS, bench.TURNS, bench.MARKS, 760, 20)
    text = bench.note(pair, full)
    assert "stock 4.0 times, ours 1.0 times" in text
    assert "stock 1 of 401" in text
    assert "shortened" not in text
    assert "shortened" in bench.note(pair, Options((1,), bench.TURNS, bench.MARKS, 760, 20))


def test_stock_is_trained_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "MODELS", tmp_path / "models")
    trained = []

    def train(out: Path, name: str, _environment: object, **_: Path) -> None:
        trained.append(name)
        (out / f"{name}.tar.gz").write_text("a model")

    monkeypatch.setattr(training, "train", train)
    first = bench.stock_model({}, 300, 5)
    assert bench.stock_model({}, 300, 5) == first
    assert len(trained) == 1 and first.read_text() == "a model"
    other = bench.stock_model({}, 300, 6)
    assert other != first
    assert list((tmp_path / "models").iterdir()) == [other]

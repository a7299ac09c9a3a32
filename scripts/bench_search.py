"""`make bench PART=search`: a search over a million messages, on both databases.

Each has a store of its own, filled with the same content. A search is timed as a page of the
console has it: one session, from asking until the hits of one page are there.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncSession

from backend import search
from backend.database import Database
from backend.migrations.migrate import migrate
from backend.models import Conversation, Message
from backend.search import filling
from backend.staff.filters import Filters
from scripts import bench_search_store as store
from scripts.ground import ROOT, say
from tests.integration.world import build
from tests.postgres import PostgresServer

RUNS = 300
LIMITS = {"sqlite": 300, "postgresql": 150}
"""Milliseconds that 19 of 20 searches must keep to."""
WRITES = 300
REPORT = ROOT / "results" / "bench-search.md"


@dataclass(frozen=True)
class Question:
    text: str
    filters: Filters = field(default_factory=Filters)
    page: int = 1


@dataclass(frozen=True)
class Line:
    """Milliseconds of one kind of question on one database."""

    kind: str
    median: float
    p95: float
    worst: float
    found: int
    """Questions that found something, of all."""


def kinds(content: store.Content) -> dict[str, Callable[[Random], Question]]:
    """Ways to make up a question, by what is looked for."""
    zh, en = content.chinese, content.english
    messages = content.rows["messages"][1]

    def piece(random: Random, length: int) -> str:
        """So many characters in a row of some Chinese message."""
        while True:
            words = random.choice(messages)[4].split("，")[0].split(" ")[0]
            if len(words) >= length and not words.isascii():
                at = random.randint(0, len(words) - length)
                return str(words[at : at + length])

    def beginning(random: Random) -> str:
        word = random.choice(en[:110])
        return f"{random.choice(en[:60])} {word[: random.randint(1, len(word))]}"

    def spaced(phone: str) -> str:
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"

    recent = Filters(owner="waiting")
    week = store.BEGIN + timedelta(days=200)
    past = Filters(since=week, until=week + timedelta(days=7))
    return {
        "1 character, common": lambda r: Question(r.choice([w for w in zh[:40] if len(w) == 1])),
        "1 character, any": lambda r: Question(r.choice(store.LEVEL_1)),
        "2 characters, common": lambda r: Question(r.choice([w for w in zh[:150] if len(w) == 2])),
        "2 characters, rare": lambda r: Question(r.choice(zh[-20_000:])),
        "2 characters, of a message": lambda r: Question(piece(r, 2)),
        "4 characters, common": lambda r: Question("".join(r.choices(zh[30:60], k=2))),
        "4 characters, of a message": lambda r: Question(piece(r, 4)),
        "two common words": lambda r: Question(" ".join(r.sample(zh[:60], k=2))),
        "common in both languages": lambda r: Question(f"{r.choice(zh[:20])} {r.choice(en[:20])}"),
        "English, common": lambda r: Question(r.choice(en[:60])),
        "English, rare": lambda r: Question(r.choice(en[-20_000:])),
        "English, a beginning": lambda r: Question(beginning(r).split(" ")[1]),
        "English, word and beginning": lambda r: Question(beginning(r)),
        "name": lambda r: Question(r.choice(content.names)),
        "surname": lambda r: Question(r.choice(store.SURNAMES)),
        "phone": lambda r: Question(r.choice(content.phones)[3:]),
        "phone, with spaces": lambda r: Question(spaced(r.choice(content.phones)[3:])),
        "phone, its last four": lambda r: Question(r.choice(content.phones)[-4:]),
        "phone, its first seven": lambda r: Question(r.choice(content.phones)[3:10]),
        "plate": lambda r: Question(r.choice(content.plates).lower()),
        "booking or complaint number": lambda r: Question(r.choice(content.numbers)),
        "common, waiting only": lambda r: Question(r.choice(zh[:40]), recent),
        "common, a week long ago": lambda r: Question(r.choice(zh[:40]), past),
        "common, further pages": lambda r: Question(r.choice(zh[:40]), page=r.randint(2, 8)),
        "nothing to be found": lambda r: Question("".join(r.choices(store.LEVEL_1, k=3))),
    }  # fmt: skip


async def ask(database: Database, question: Question) -> tuple[float, int]:
    """Milliseconds for the page that is asked for, and its hits."""
    cursor: str | None = None
    async with database.reading() as session:
        for _ in range(question.page - 1):
            page = await search.find(session, question.text, question.filters, cursor=cursor)
            if page.next is None:
                break
            cursor = page.next
    started = time.perf_counter()
    async with database.reading() as session:
        page = await search.find(session, question.text, question.filters, cursor=cursor)
    return (time.perf_counter() - started) * 1000, len(page.hits)


async def measure(database: Database, content: store.Content, runs: int) -> list[Line]:
    lines = []
    for kind, make in kinds(content).items():
        random = Random(kind)
        answers = [await ask(database, make(random)) for _ in range(runs)]
        times = sorted(spent for spent, _ in answers)
        lines.append(
            Line(
                kind,
                statistics.median(times),
                times[int(len(times) * 0.95)],
                times[-1],
                sum(1 for _, hits in answers if hits),
            )
        )
        say(_shown(lines[-1], runs))
    return lines


def _shown(line: Line, runs: int) -> str:
    return (
        f"  {line.kind:<28} {line.median:7.1f} ms median {line.p95:7.1f} p95 "
        f"{line.worst:7.1f} worst   {line.found}/{runs} found"
    )


async def writing(database: Database) -> tuple[float, float]:
    """Median milliseconds of a transaction that stores a message: indexed, and not."""
    plain = database.engine.execution_options(chefu_write=True)
    spent: dict[bool, list[float]] = {True: [], False: []}
    async with database.reading() as session:
        talk = (await session.scalars(select(Conversation.id).limit(1))).one()
    for number in range(2 * WRITES):
        indexed = number % 2 == 0
        message = Message(
            id=f"written-{number}", conversation_id=talk, seq=10_000 + number, sender="customer",
            text="我想周六下午三点试驾山屿，电话 138 0000 0001", channel="web", sent_at=store.BEGIN,
        )  # fmt: skip
        started = time.perf_counter()
        if indexed:
            async with database.transaction() as session:
                session.add(message)
        else:
            async with AsyncSession(plain) as session, session.begin():
                session.add(message)
        spent[indexed].append((time.perf_counter() - started) * 1000)
    return statistics.median(spent[True]), statistics.median(spent[False])


_SIZES = {
    "sqlite": (
        "SELECT sum(pgsize) FILTER (WHERE name LIKE 'search_index%'), "
        "sum(pgsize) FILTER (WHERE name LIKE '%search_entries%'), sum(pgsize) FROM dbstat"
    ),
    "postgresql": (
        "SELECT sum(pg_relation_size(oid)) FILTER (WHERE relname LIKE 'search_index%'), "
        "sum(pg_relation_size(oid)) FILTER (WHERE relname LIKE '%search_entries%'), "
        "pg_database_size(current_database()) FROM pg_class"
    ),
}


async def bench(url: str, content: store.Content, runs: int) -> list[str]:
    """Fills, measures; the part of the report about this database."""
    name = url.partition("+")[0]
    say(f"{name}: writing the store")
    database = Database(url)
    await migrate(database)
    async with database.transaction() as session:
        await build(session)
    await asyncio.to_thread(store.write, url, content)

    def fill(connection: Connection) -> int:
        return filling.rebuild(connection)

    started = time.perf_counter()
    async with database.engine.execution_options(chefu_write=True).begin() as connection:
        messages = await connection.run_sync(fill)
    seconds = time.perf_counter() - started
    if name == "postgresql":
        async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as one:
            await one.execute(text("VACUUM ANALYZE search_entries"))
    say(f"  {messages} messages indexed in {seconds:.0f} s")
    lines = await measure(database, content, runs)
    indexed, plain = await writing(database)
    async with database.reading() as session:
        sizes_of = (await session.execute(text(_SIZES[name]))).one()
    await database.dispose()
    index, entries, total = (float(size) / 1e6 for size in sizes_of)
    slowest = max(lines, key=lambda line: line.p95)
    limit = LIMITS[name]
    sizes = f"index {index:.0f} MB, entries {entries:.0f} MB, of {total:.0f} MB in all"
    written = f"storing a message {indexed:.2f} ms, without the index {plain:.2f} ms"
    verdict = f"slowest p95 {slowest.p95:.0f} ms ({slowest.kind}), limit {limit} ms"
    for shown in (sizes, written, verdict):
        say(f"  {shown}")
    return [
        f"## {name}", "",
        f"{messages:,} messages, indexed in {seconds:.0f} s; {sizes}; {written}; {verdict}.", "",
        "| looked for | median, ms | p95, ms | worst, ms | found something |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {line.kind} | {line.median:.1f} | {line.p95:.1f} | {line.worst:.1f} | "
            f"{line.found} of {runs} |"
            for line in lines
        ), "",
    ]  # fmt: skip


@contextmanager
def stores(only: str) -> Iterator[Iterator[str]]:
    """Addresses of empty stores."""
    with tempfile.TemporaryDirectory(prefix="chefu-search-") as folder:

        def each() -> Iterator[str]:
            if only in ("", "sqlite"):
                yield f"sqlite+aiosqlite:///{Path(folder) / 'store.db'}"
            if only in ("", "postgresql"):
                with PostgresServer() as server:
                    yield server.new_database()

        yield each()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", choices=["", "sqlite", "postgresql"], default="")
    given = parser.parse_args()
    started = time.perf_counter()
    content = store.generate(given.messages)
    say(f"{given.messages} messages made up in {time.perf_counter() - started:.0f} s")
    report = [
        "# Search over transcripts", "",
        f"{given.messages:,} messages in {len(content.rows['conversations'][1]):,} conversations "
        f"of {len(content.names):,} customers; {given.runs} searches of each kind, one after the "
        "other, 25 hits a page. `make bench PART=search`", "",
    ]  # fmt: skip
    with stores(given.only) as addresses:
        for url in addresses:
            report += asyncio.run(bench(url, content, given.runs))
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(report), "utf-8")
    say(f"written to {REPORT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

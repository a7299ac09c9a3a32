"""A large store for `make bench PART=search`: conversations in two languages, written quickly.

The words come from a list, a few of them very often and most of them hardly ever, as
in any language (Zipf); the rare ones are put together from the 3,755 characters of level 1 of
GB 2312 and from syllables. Nobody said any of it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from sqlalchemy import Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from backend.models import (
    Base,
    Complaint,
    Conversation,
    Customer,
    Message,
    ServiceBooking,
    TestDriveBooking,
    Vehicle,
)

SEED = 20261125
BEGIN = datetime(2024, 11, 25, tzinfo=timezone.utc)
SECONDS = 2 * 365 * 24 * 3600
"""Two years."""

CHINESE, ENGLISH = (
    part.split()
    for part in Path(__file__).with_name("bench_search_words.txt").read_text("utf-8").split("\n\n")
)
"""The most frequent words, from the first on."""
SYLLABLES = [first + last for first in "bcdfgklmnprstvwz" for last in "aeiou"]
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹"
    "彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪"
)
ENGLISH_NAMES = ("Anna", "Ben", "Clara", "David", "Emma", "Grace", "Henry", "Jack", "Mia", "Noah")
LEVEL_1 = [
    bytes((row, cell)).decode("gb2312")
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFF if row < 0xD7 else 0xFA)
]
RARE = 30_000
CONVERSATION = 20
"""Messages of a conversation, on average."""

Rows = list[tuple[Any, ...]]


@dataclass
class Content:
    """Rows by table, each with the columns that are given; and what there is to look for."""

    rows: dict[str, tuple[Sequence[str], Rows]] = field(default_factory=dict)
    chinese: list[str] = field(default_factory=list)
    """From the most frequent word on."""
    english: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    plates: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


class Words:
    """Draws words, the first of a list far more often than the last."""

    def __init__(self, random: Random, words: Sequence[str]) -> None:
        self.words = list(words)
        self._random = random
        self._weights = list(accumulate(1 / (rank + 1.5) for rank in range(len(words))))

    def draw(self, count: int) -> list[str]:
        return self._random.choices(self.words, cum_weights=self._weights, k=count)


def generate(messages: int) -> Content:
    """The content of a store with that many messages, the same every time."""
    random = Random(SEED)
    chinese = [*CHINESE, *("".join(random.choices(LEVEL_1, k=2)) for _ in range(RARE))]
    english = [
        *ENGLISH, *("".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(RARE))
    ]  # fmt: skip
    content = Content(chinese=chinese, english=english)
    _people(content, random, messages // 33)
    talks = list(_talks(random, messages, len(content.names)))
    _conversations(content, random, talks)
    _messages(content, random, talks, Words(random, chinese), Words(random, english))
    _records(content, random, talks)
    return content


@dataclass(frozen=True)
class _Talk:
    id: str
    at: datetime
    length: int
    chinese: bool
    customer: int | None


def _talks(random: Random, messages: int, customers: int) -> Iterator[_Talk]:
    count = messages // CONVERSATION
    length = CONVERSATION
    for number in range(count):
        at = BEGIN + timedelta(seconds=SECONDS * number // count)
        customer = random.randint(1, customers) if random.random() < 0.6 else None
        # Two make up twice the average, so that the number of messages is known.
        pair = random.randint(2, 2 * CONVERSATION - 2)
        length = 2 * CONVERSATION - length if number % 2 else pair
        yield _Talk(f"{random.getrandbits(128):032x}", at, length, random.random() < 0.75, customer)


def _people(content: Content, random: Random, count: int) -> None:
    given = Words(random, random.sample(LEVEL_1, 600))
    surnames = Words(random, SURNAMES)
    phones = random.sample(range(10**9), count)
    rows: Rows = []
    cars: Rows = []
    for number in range(1, count + 1):
        if random.random() < 0.8:
            name = surnames.draw(1)[0] + "".join(given.draw(random.randint(1, 2)))
        else:
            family = "".join(random.choices(SYLLABLES, k=3)).title()
            name = f"{random.choice(ENGLISH_NAMES)} {family}"
        phone = f"+861{3 + phones[number - 1] % 7}{phones[number - 1]:09d}"
        rows.append((number, name, phone, BEGIN))
        content.names.append(name)
        content.phones.append(phone)
        if number % 2:
            plate = f"浙{'ABCDEFGH'[number // 100_000]}{number % 100_000:05d}"
            content.plates.append(plate)
            cars.append((number, plate, BEGIN))
    content.rows["customers"] = ("id", "name", "phone", "created_at"), rows
    content.rows["vehicles"] = ("customer_id", "plate", "created_at"), cars


def _conversations(content: Content, random: Random, talks: list[_Talk]) -> None:
    columns = (
        "id", "channel", "token_hash", "language", "owner", "state", "customer_id",
        "created_at", "updated_at",
    )  # fmt: skip
    rows: Rows = []
    for number, talk in enumerate(talks):
        recent = number > len(talks) - 200
        owner = random.choice(("waiting", "staff", "assistant")) if recent else "assistant"
        state = "open" if recent else "closed"
        end = talk.at + timedelta(seconds=45 * talk.length)
        rows.append(
            (talk.id, "web", talk.id, "zh" if talk.chinese else "en", owner, state, talk.customer,
             talk.at, end)
        )  # fmt: skip
    content.rows["conversations"] = columns, rows


def _messages(
    content: Content, random: Random, talks: list[_Talk], chinese: Words, english: Words
) -> None:
    columns = ("id", "conversation_id", "seq", "sender", "text", "channel", "sent_at", "delivery")
    rows: Rows = []
    for talk in talks:
        for seq in range(1, talk.length + 1):
            mine = seq % 2 == 1
            count = random.randint(2, 10) if mine else random.randint(6, 30)
            if talk.chinese:
                words = chinese.draw(count)
                if count > 6:
                    words.insert(count // 2, "，")
                text = "".join(words)
            else:
                text = " ".join(english.draw(count))
            if talk.customer and seq == 3:
                phone = content.phones[talk.customer - 1][3:]
                text += f" {phone[:3]} {phone[3:7]} {phone[7:]}" if seq % 2 else f" {phone}"
            rows.append(
                (f"{talk.id[:22]}{seq:010x}", talk.id, seq, "customer" if mine else "assistant",
                 text, "web", talk.at + timedelta(seconds=45 * seq), "received" if mine else "sent")
            )  # fmt: skip
    content.rows["messages"] = columns, rows


def _records(content: Content, random: Random, talks: list[_Talk]) -> None:
    """All drives are in the first car of the store, which is there already."""
    model_id = demo_car_id = 1
    drives: Rows = []
    visits: Rows = []
    complaints: Rows = []
    for number, talk in enumerate(talk for talk in talks if talk.customer):
        day, end = f"{talk.at:%y%m%d}", talk.at + timedelta(hours=1)
        key, made = f"b{number}", (talk.customer, talk.id, talk.at)
        if number % 4 == 0:
            name = f"TD{day}-{number % 9999 + 1:04d}"
            drives.append((name, model_id, demo_car_id, *made, talk.at, end, key, "book"))
        elif number % 4 == 1:
            name = f"SV{day}-{number % 9999 + 1:04d}"
            plate = random.choice(content.plates)
            visits.append((name, 1, plate, [], *made, talk.at, end, key, "book"))
        elif number % 10 == 2:
            name = f"CP{day}-{number % 9999 + 1:04d}"
            phone = content.phones[(talk.customer or 1) - 1]
            complaints.append((name, "other", "normal", "…", phone, *made, end, key, "lodge"))
        else:
            continue
        content.numbers.append(name)
    made_by = ("customer_id", "conversation_id", "created_at")
    source = ("source_message_id", "source_action")
    content.rows["test_drive_bookings"] = (
        ("number", "model_id", "demo_car_id", *made_by, "starts_at", "ends_at", *source), drives
    )  # fmt: skip
    content.rows["service_bookings"] = (
        ("number", "bay", "plate", "items", *made_by, "starts_at", "ends_at", *source), visits
    )  # fmt: skip
    content.rows["complaints"] = (
        ("number", "category", "severity", "text", "contact_phone", *made_by, "due_at", *source),
        complaints,
    )


TABLES = (
    Customer, Vehicle, Conversation, Message, TestDriveBooking, ServiceBooking, Complaint,
)  # fmt: skip
"""In the order in which they may point at each other."""


def write(url: str, content: Content) -> None:
    """Puts the rows into an empty store with our schema, past everything that takes time."""
    sqlite_file = url.removeprefix("sqlite+aiosqlite:///") if url.startswith("sqlite") else None
    if sqlite_file:
        with sqlite3.connect(sqlite_file) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            for table, columns, rows in _filled(content):
                marks = ", ".join("?" * len(columns))
                connection.executemany(
                    f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
                    (tuple(map(_sqlite_value, row)) for row in rows),
                )
            connection.commit()
        return
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
        for table, columns, rows in _filled(content):
            statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
            with server.cursor() as cursor, cursor.copy(statement.encode()) as copy:
                for row in rows:
                    copy.write_row(tuple("[]" if value == [] else value for value in row))
        server.execute("VACUUM ANALYZE")


def _filled(content: Content) -> Iterator[tuple[str, list[str], Iterator[tuple[Any, ...]]]]:
    """Rows with the values that the models would have added."""
    for model in TABLES:
        table: Table = Base.metadata.tables[model.__tablename__]
        columns, rows = content.rows[table.name]
        added = {
            column.name: column.default.arg
            for column in table.columns
            if column.name not in columns and isinstance(column.default, ScalarElementColumnDefault)
        }
        yield table.name, [*columns, *added], ((*row, *added.values()) for row in rows)


def _sqlite_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    return "[]" if value == [] else value

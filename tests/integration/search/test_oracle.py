"""Whatever was said and is looked for: the search finds what reading everything would find."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from backend import search
from backend.database import Database
from backend.models import Conversation, Customer, Message
from backend.search import matching, spoken
from backend.staff.filters import Filters
from tests.conftest import NOW
from tests.integration.search.talks import converse, person, say

PIECES = (
    "试", "驾", "試駕", "试驾", "山屿", "山", "的", "的的", "驾山", "屿", " ", " ", "，", "E5",
    "Ｅ５", "e", "Drive", "drives", "dri", "test", "Tests", "é", "🙂", "-", '"', "5", "the ",
)  # fmt: skip
SIMPLE = str.maketrans("試駕", "试驾")
CONVERSATIONS = "abcd"

texts = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
talks = st.lists(st.tuples(st.sampled_from(CONVERSATIONS), texts), max_size=14)
names = st.lists(st.sampled_from(("", "山", "试驾", "Drive", "test E")), min_size=4, max_size=4)


@dataclass(frozen=True)
class Case:
    talk: list[tuple[str, str]]
    names: list[str]
    owners: list[str]
    text: str
    limit: int
    owner: str | None
    since: int | None
    until: int | None


cases = st.builds(
    Case, talks, names,
    st.lists(st.sampled_from(("assistant", "staff")), min_size=4, max_size=4),
    st.sampled_from(PIECES) | texts, st.integers(1, 3), st.sampled_from((None, None, "staff")),
    st.none() | st.integers(0, 14), st.none() | st.integers(0, 14),
)  # fmt: skip


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(SIMPLE).lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def pieces(text: str) -> list[str]:
    return re.findall(r"[\u4e00-\u9fff]+|[a-z0-9]+", plain(text))


def fits(text: str, looked_for: str) -> bool:
    """Reads the text as the documentation of `find` says."""
    wanted, words = pieces(looked_for), pieces(text)
    if not wanted:
        return False
    open_end = plain(looked_for).rstrip().endswith(wanted[-1])
    for number, piece in enumerate(wanted, 1):
        if not piece.isascii():
            good = piece in plain(text)
        elif number == len(wanted) and open_end:
            good = any(word.startswith(piece) for word in words)
        else:
            good = piece in words
        if not good:
            return False
    return True


def named(name: str, looked_for: str) -> bool:
    wanted = pieces(looked_for)
    return bool(wanted) and all(piece.isalpha() and piece in plain(name) for piece in wanted)


def expected(case: Case) -> list[tuple[str, int | None]]:
    """Conversation and message, in the order in which they are to be shown."""
    found = []
    for key in CONVERSATIONS:
        index = CONVERSATIONS.index(key)
        said = [(minute, text) for minute, (one, text) in enumerate(case.talk) if one == key]
        if case.owner and case.owners[index] != case.owner:
            continue
        last = said[-1][0] if said else 0
        inside = [
            (minute, seq)
            for seq, (minute, text) in enumerate(said, 1)
            if fits(text, case.text)
            and (case.since is None or minute >= case.since)
            and (case.until is None or minute < case.until)
        ]
        going_on = (case.since is None or last >= case.since) and (
            case.until is None or case.until > 0
        )
        seq = inside[-1][1] if inside else None
        if named(case.names[index], case.text) and going_on:
            found.append((last + 0.5 + index / 10, key, seq))
        elif inside:
            found.append((inside[-1][0], key, seq))
    return [(key, seq) for _, key, seq in sorted(found, reverse=True)]


async def write(session: AsyncSession, case: Case) -> None:
    await session.execute(delete(Message))
    await session.execute(delete(Conversation))
    await session.execute(delete(Customer))
    rows = {}
    for index, key in enumerate(CONVERSATIONS):
        who = await person(session, case.names[index])
        rows[key] = await converse(session, key, customer=who, owner=case.owners[index])
        rows[key].updated_at = NOW + timedelta(seconds=30 + 6 * index)
    counts = dict.fromkeys(CONVERSATIONS, 0)
    for minute, (key, text) in enumerate(case.talk):
        counts[key] += 1
        at = NOW + timedelta(minutes=minute)
        await say(session, rows[key], counts[key], text, at)
        rows[key].updated_at = at + timedelta(seconds=30 + 6 * CONVERSATIONS.index(key))


async def all_pages(session: AsyncSession, case: Case) -> list[tuple[str, int | None]]:
    def at(minute: int | None) -> object:
        return None if minute is None else NOW + timedelta(minutes=minute)

    filters = Filters(owner=case.owner, since=at(case.since), until=at(case.until))  # type: ignore[arg-type]
    found: list[tuple[str, int | None]] = []
    cursor = None
    for _ in range(50):
        page = await search.find(session, case.text, filters, case.limit, cursor)
        found += [(hit.conversation_id[0], hit.message_seq) for hit in page.hits]
        cursor = page.next
        if cursor is None:
            return found
    raise AssertionError("pages without end")


@pytest.mark.parametrize("portion", ["usual", "tiny"])
@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(case=cases)
async def test_the_search_finds_what_reading_finds(
    database: Database, portion: str, case: Case
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        if portion == "tiny":
            # The ways that only common words take, with a handful of messages.
            for module, name, value in (
                (matching, "FIRST", 1), (matching, "LARGEST", 2), (matching, "WINDOW", 3),
                (matching, "COMMON", 1), (spoken, "AT_ONCE", 2), (spoken, "ENOUGH", 2),
                (spoken, "FEW", 1), (spoken, "MOST", 4),
            ):  # fmt: skip
                patched.setattr(module, name, value)
        async with database.transaction() as session:
            await write(session, case)
        async with database.reading() as session:
            assert await all_pages(session, case) == expected(case)

"""Words: which are found, in whichever spelling, and how they are shown."""

from datetime import timedelta

from backend import search
from backend.database import Database
from tests.conftest import NOW
from tests.integration.search.talks import converse, keys, marked, person

TEXTS = {
    "a": "我想周六下午試駕山屿，大概三點",
    "b": "How much is the Shanyu? I would like a test drive",
    "c": "我的电话是138-0000 0001，车牌 浙A·12345，想做保养",
    "d": "已为您约好，单号 TD261125-0001。E5 很安静",
    "e": "Je voudrais un café, svp",
    "f": "山上有岛屿，试着驾驶",
}


FOUND = {
    "山": "fa", "屿": "fa", "试": "fa", "试驾": "a", "試駕": "a", "山屿": "a",
    "试驾山屿": "a", "驾山": "a", "三点": "a", "周六 山屿": "a", "山屿 周六": "a",
    "周六 保养": "", "试驾 E5": "", "驶": "f", "车": "c", "": "",
    "test": "b", "TEST DRI": "b", "dri test": "", "driv": "b", "riv": "",
    "drive test": "b", "i": "b", "sh": "b", "Ｔｅｓｔ": "b", "cafe": "e",
    "CAFÉ": "e", "caf": "e", "e5": "d", "Ｅ５": "d", "td261125": "d",
    "TD261125-0001": "d", "13800000001": "c", "138 0000 0001": "c", "1380000": "c",
    "+86 138-0000-0001": "c", "浙A12345": "c", "浙a 12345": "c", "浙A·123": "c",
    "浙A12345 保养": "c", "保养 浙A12345": "c", "13800000001 保养": "c",
    "0001": "dc",
}  # fmt: skip


async def test_words(database: Database) -> None:
    async with database.transaction() as session:
        for key, words in TEXTS.items():
            await converse(session, key, words)
    async with database.reading() as session:
        assert {text: await keys(session, text) for text in FOUND} == FOUND


HOSTILE = (
    '"', "'", "''", "*", "试*", '"试', "^", "a:b", "tokens:试", "NEAR(试 驾)", "试 AND", "OR",
    "NOT", "(", ")", "-试", "+", "!", "& | !", "<->", ":*", "\\", "%", "_", "\x00", "试\x00驾",
    "\ud800", "🙂", "👩‍👩‍👧‍👦", "，。！", " ", "　", "\u200b",
    "a" * 2000, "试" * 2000, "试 " * 1000,
    "1" * 2000, "+" * 2000, "1 " * 1000, "'; DROP TABLE messages; --", "[试", "]", "{}", "?",
    "试驾' OR '1'='1", "\n", "\u202e", "٣٤٥٦", "ﷺ", "ß", "İ", "が", "한국어", "𠮷", "·" * 500,
    "浙" * 500, "浙a" * 500, "0" * 15, "+0000", "9999", "+9999", "0086",
)  # fmt: skip


async def test_nothing_that_is_typed_is_an_error(database: Database) -> None:
    """Each is written in a conversation of its own and then looked for."""
    async with database.transaction() as session:
        await person(session, "O'Neill [x]", "+8613800000001")
        for number, text in enumerate(HOSTILE):
            written = text.replace("\x00", "").encode("utf-8", "ignore").decode()
            await converse(session, f"{number:032d}", written)
    async with database.reading() as session:
        for number, text in enumerate(HOSTILE):
            hits = (await search.find(session, text, limit=100)).hits
            ids = [hit.conversation_id for hit in hits]
            if any(char.isalnum() for char in text):
                assert f"{number:032d}" in ids, text[:20]
            else:
                assert ids == [], text[:20]


async def test_snippets_mark_what_was_found(database: Database) -> None:
    async with database.transaction() as session:
        await converse(session, "a", "我想試駕山屿", "再问一句，試駕要带什么？駕照？")
        await converse(session, "b", "x" * 200 + " I would like a Test Drive " + "y" * 200)
        await converse(session, "c", "电话138 0000 0001谢谢")
    async with database.reading() as session:
        (hit,) = (await search.find(session, "试驾")).hits
        assert (hit.message_seq, marked(hit)) == (2, "再问一句，[試駕]要带什么？駕照？")
        (hit,) = (await search.find(session, "test dri")).hits
        # It begins with a word where one begins near enough.
        assert marked(hit).startswith("…I would like") and marked(hit).endswith("yy…")
        assert "a [Test] [Dri]ve yy" in marked(hit)
        (hit,) = (await search.find(session, "13800000001")).hits
        assert marked(hit) == "电话[138 0000 0001]谢谢"


async def test_the_newest_message_of_each_conversation(database: Database) -> None:
    async with database.transaction() as session:
        await converse(session, "a", "保养", "保养多少钱", "谢谢")
        await converse(session, "b", "保养要多久", since=NOW + timedelta(hours=1))
        await converse(session, "c", "你好", since=NOW + timedelta(hours=2))
    async with database.reading() as session:
        hits = (await search.find(session, "保养")).hits
    assert [(hit.conversation_id[0], hit.message_seq) for hit in hits] == [("b", 1), ("a", 2)]
    assert hits[1].at == NOW + timedelta(minutes=1)

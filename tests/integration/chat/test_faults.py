"""A turn ends with an answer or with a person, whatever happens; a person is never talked over."""

from datetime import timedelta
from pathlib import Path

import pytest

from backend.clock import FixedClock
from backend.conversations import inbox, service, turn_store, turns
from backend.conversations.assistant import Answer, Fault
from backend.conversations.transcript import Reply, Understanding
from backend.database import Database
from backend.models import Message
from backend.texts import notices
from tests.conftest import NOW
from tests.integration.chat.conftest import Site, serving
from tests.integration.chat.talk import FakeTurn, Talk, answer

FAULTS: dict[str, Answer | Fault | Exception] = {
    "timeout": Fault("timeout"),
    "refused": Fault("refused"),
    "garbled": Fault("garbled"),
    "empty": Fault("empty"),
    "an answer without words": Answer(Understanding(language="zh"), []),
    "an exception": RuntimeError("the assistant broke"),
}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of seconds become waits of moments."""
    monkeypatch.setattr(turns, "RECONNECT_SECONDS", 0.2)
    monkeypatch.setattr(turns, "RECONNECT_PAUSE", 0.01)
    monkeypatch.setattr(turns, "POLL_SECONDS", 0.05)


async def handed_over(site: Site, talk: Talk, said: str, language: str = "zh") -> None:
    """Asserts that the customer was told and that a person was called, each once."""
    shown = [one for one in (await talk.read())["messages"] if one["sender"] != "customer"]
    assert [(one["sender"], one["text"]) for one in shown] == [
        ("system", notices.TURN_FAILED[language])
    ]
    assert (await site.conversation(talk)).owner == "waiting"
    [task] = await site.tasks(talk)
    assert (task.kind, task.note, task.state) == ("fault", said, "open")
    assert (await site.messages(talk))[0].turn == "failed"


@pytest.mark.parametrize("fault", FAULTS)
async def test_one_fault_is_made_good(site: Site, talk: Talk, fault: str) -> None:
    site.assistant.plays(FAULTS[fault], answer("15.98 万元"))
    [heard] = await talk.ask("山屿多少钱")
    assert (heard["sender"], heard["text"]) == ("assistant", "15.98 万元")
    first, second = site.assistant.calls
    assert first == second
    assert await site.tasks(talk) == []


@pytest.mark.parametrize("fault", FAULTS)
async def test_two_faults_call_a_person(site: Site, talk: Talk, fault: str) -> None:
    site.assistant.plays(FAULTS[fault], FAULTS[fault])
    await talk.ask("山屿多少钱")
    assert len(site.assistant.calls) == 2
    await handed_over(site, talk, "山屿多少钱")


@pytest.mark.parametrize(
    ("locale", "said", "language"),
    [
        ("en-GB", "13800000001", "en"),
        ("zh-CN", "13800000001", "zh"),
        (None, "13800000001", "zh"),
        ("zh-CN", "how much is the 山屿", "en"),
        ("en-GB", "这个有 CarPlay 吗", "zh"),
    ],
)
async def test_the_notice_is_in_the_customers_language(
    site: Site, locale: str | None, said: str, language: str
) -> None:
    talk = await site.talk(locale)
    site.assistant.plays(Fault("timeout"), Fault("timeout"))
    await talk.ask(said)
    await handed_over(site, talk, said, language)


async def test_the_conversations_language_is_what_the_customer_last_wrote(site: Site) -> None:
    talk = await site.talk("zh-CN")
    site.assistant.plays(answer("Hello", language="en"), Fault("timeout"), Fault("timeout"))
    await talk.ask("hello")
    [notice] = await talk.ask("Yaochuan")
    assert notice["text"] == notices.TURN_FAILED["en"]


async def test_the_next_message_is_answered_again(site: Site, talk: Talk) -> None:
    site.assistant.plays(Fault("timeout"), Fault("timeout"))
    await talk.ask("山屿多少钱")
    [heard] = await talk.ask("还在吗")
    assert (heard["sender"], heard["text"]) == ("assistant", "≈还在吗")


async def test_messages_behind_a_failed_one_are_answered(site: Site, talk: Talk) -> None:
    site.assistant.gate.clear()
    site.assistant.plays(Fault("timeout"), Fault("timeout"))
    await talk.say("一")
    await talk.say("二")
    site.assistant.gate.set()
    heard = await talk.hears(2)
    assert [(one["sender"], one["text"]) for one in heard] == [
        ("system", notices.TURN_FAILED["zh"]),
        ("assistant", "≈二"),
    ]


@pytest.mark.usefixtures("quick")
async def test_an_assistant_that_starts_again_is_waited_for(site: Site, talk: Talk) -> None:
    site.assistant.plays(*[Fault("unreachable")] * 5, answer("15.98 万元"))
    [heard] = await talk.ask("山屿多少钱")
    assert heard["text"] == "15.98 万元"


@pytest.mark.usefixtures("quick")
async def test_an_assistant_that_stays_away_calls_a_person(site: Site, talk: Talk) -> None:
    site.assistant.plays(*[Fault("unreachable")] * 1000)
    await talk.ask("山屿多少钱")
    await handed_over(site, talk, "山屿多少钱")


async def test_an_answer_that_cannot_be_stored_calls_a_person(
    database: Database, clock: FixedClock, tmp_path: Path, quick: None
) -> None:
    unfit = Answer(Understanding(), [Reply("山屿", cards=[{"title": object()}])])
    fake = FakeTurn()
    fake.plays(*[unfit] * turns.CLAIMS)
    async with serving(database, clock, tmp_path, fake) as site:
        talk = await site.talk()
        await talk.ask("山屿多少钱")
        await handed_over(site, talk, "山屿多少钱")
        assert len(fake.calls) == turns.CLAIMS


async def test_a_turn_of_a_process_that_died_runs_again(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        conversation, token = await service.start(session, NOW, channel="web", locale=None)
    ids = []
    for text in ("山屿多少钱", "云驰呢"):
        async with database.transaction() as session:
            received = await inbox.receive(
                session, NOW, token=token, client_message_id=text, text=text
            )
            ids.append(received.message_id)
    async with database.transaction() as session:
        claimed = await turn_store.claim_turn(session, NOW, conversation.id, "dead")
        assert claimed is not None
        assert (claimed.id, claimed.turn) == (ids[0], "running")
    clock.advance(turn_store.LEASE + timedelta(seconds=1))
    async with serving(database, clock, tmp_path) as site:
        talk = Talk(site.client, conversation.id, token)
        heard = await talk.hears(2)
        assert [one["text"] for one in heard] == ["≈山屿多少钱", "≈云驰呢"]
        assert [call.message_id for call in site.assistant.calls] == ids


async def test_a_stop_leaves_no_message_behind(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    async with serving(database, clock, tmp_path) as site:
        talk = await site.talk()
        site.assistant.gate.clear()
        await talk.say("山屿多少钱")
        await site.assistant.entered.wait()
        await talk.say("云驰呢")
    async with serving(database, clock, tmp_path) as again:
        talk = Talk(again.client, talk.id, talk.token)
        heard = await talk.hears(2)
        assert [one["text"] for one in heard] == ["≈山屿多少钱", "≈云驰呢"]


async def test_a_message_that_kills_every_process_is_given_up(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        conversation, token = await service.start(session, NOW, channel="web", locale=None)
        await inbox.receive(session, NOW, token=token, client_message_id="m1", text="山屿")
    for _ in range(turns.CLAIMS):
        async with database.transaction() as session:
            await turn_store.claim_turn(session, NOW, conversation.id, "dead")
    clock.advance(turn_store.LEASE + timedelta(seconds=1))
    async with serving(database, clock, tmp_path) as site:
        talk = Talk(site.client, conversation.id, token)
        await talk.hears()
        await handed_over(site, talk, "山屿")
        assert site.assistant.calls == []


async def test_a_person_is_never_talked_over(site: Site, talk: Talk) -> None:
    await site.give_to(talk, "staff")
    await talk.say("陈经理在吗")
    shown = await talk.read()
    assert shown["typing"] is False
    assert [one["text"] for one in shown["messages"]] == ["陈经理在吗"]
    await site.give_to(talk, "assistant")
    [heard] = await talk.ask("山屿多少钱")
    assert heard["text"] == "≈山屿多少钱"
    # What was said to a person is not answered afterwards by the assistant.
    assert [call.text for call in site.assistant.calls] == ["山屿多少钱"]


async def test_while_a_person_is_awaited_the_assistant_still_answers(
    site: Site, talk: Talk
) -> None:
    await site.give_to(talk, "waiting")
    [heard] = await talk.ask("山屿多少钱")
    assert heard["sender"] == "assistant"
    assert (await site.conversation(talk)).owner == "waiting"


@pytest.mark.parametrize("outcome", [answer("15.98 万元"), Fault("timeout")])
async def test_an_answer_in_flight_is_dropped_when_a_person_takes_over(
    site: Site, talk: Talk, outcome: Answer | Fault
) -> None:
    site.assistant.gate.clear()
    site.assistant.plays(outcome, outcome)
    await talk.say("山屿多少钱")
    await site.assistant.entered.wait()
    await talk.say("在吗")
    await site.give_to(talk, "staff")
    site.assistant.gate.set()
    await talk.settles()
    assert [one["sender"] for one in (await talk.read())["messages"]] == ["customer"] * 2
    assert {call.text for call in site.assistant.calls} == {"山屿多少钱"}
    assert (await site.conversation(talk)).owner == "staff"
    assert await site.tasks(talk) == []


async def test_a_turn_ends_once(site: Site, talk: Talk) -> None:
    await talk.ask("山屿多少钱")
    before = await site.messages(talk)
    asked = before[0]
    async with site.database.transaction() as session:
        await turn_store.finish_turn(
            session, NOW, asked.id, "me", Understanding(), [Reply("第二次")]
        )
        await turn_store.fail_turn(session, NOW, asked.id, "me")
    after: list[Message] = await site.messages(talk)
    assert [(one.text, one.turn, one.intent) for one in after] == [
        (one.text, one.turn, one.intent) for one in before
    ]
    assert await site.tasks(talk) == []

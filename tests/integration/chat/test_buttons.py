"""Buttons and cards: the customer holds an opaque id, the meaning stays on the server."""

import json
from datetime import timedelta

from backend.clock import FixedClock
from backend.conversations.assistant import Answer
from backend.conversations.inbox import CHOICE_LIFE
from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import Talk, answer, refused

PAYLOAD = '/inform{"model": "shanyu"}'
CARD = {
    "title": "山屿 尊享版",
    "subtitle": "紧凑型 SUV",
    "facts": [{"label": "指导价", "value": "15.98 万元"}],
    "buttons": [{"title": "预约试驾", "payload": "/book_test_drive"}],
}


def offer() -> Answer:
    return answer("哪一款？", buttons=[("山屿", PAYLOAD), ("云驰", '/inform{"model": "yunchi"}')])


async def test_the_payload_never_leaves_the_server(site: Site, talk: Talk) -> None:
    site.assistant.plays(offer(), answer("请看", cards=[CARD]))
    [asked] = await talk.ask("有哪些车")
    [shown] = await talk.ask("看看山屿")
    assert [set(button) for button in asked["buttons"]] == [{"choice", "title"}] * 2
    assert [button["title"] for button in asked["buttons"]] == ["山屿", "云驰"]
    [card] = shown["cards"]
    assert set(card["buttons"][0]) == {"choice", "title"}
    everything = json.dumps(await talk.read(), ensure_ascii=False)
    for secret in ("payload", "/inform", "shanyu", "/book_test_drive"):
        assert secret not in everything


async def test_a_card_as_the_api_says(site: Site, talk: Talk) -> None:
    site.assistant.plays(answer("请看", cards=[CARD, {"title": "云驰"}]))
    [shown] = await talk.ask("看看山屿")
    first, second = shown["cards"]
    assert (first["title"], first["subtitle"]) == ("山屿 尊享版", "紧凑型 SUV")
    assert first["facts"] == [{"label": "指导价", "value": "15.98 万元"}]
    assert second == {"title": "云驰", "facts": []}


async def test_a_pressed_button_is_its_title_to_read_and_its_payload_to_the_assistant(
    site: Site, talk: Talk
) -> None:
    site.assistant.plays(offer())
    [asked] = await talk.ask("有哪些车")
    seq = await talk.press(asked["buttons"][0])
    await talk.settles()
    pressed = (await talk.read(after=seq - 1))["messages"][0]
    assert (pressed["sender"], pressed["text"]) == ("customer", "山屿")
    assert site.assistant.calls[-1].payload == PAYLOAD


async def test_a_button_on_a_card_works_too(site: Site, talk: Talk) -> None:
    site.assistant.plays(answer("请看", cards=[CARD]))
    [shown] = await talk.ask("看看山屿")
    await talk.press(shown["cards"][0]["buttons"][0])
    await talk.settles()
    assert site.assistant.calls[-1].payload == "/book_test_drive"


async def test_the_same_choice_may_be_pressed_again(site: Site, talk: Talk) -> None:
    site.assistant.plays(offer())
    [asked] = await talk.ask("有哪些车")
    for _ in range(2):
        await talk.press(asked["buttons"][1])
        await talk.settles()
    assert [call.payload is not None for call in site.assistant.calls] == [False, True, True]


async def test_a_yes_is_to_the_question_above_it(site: Site, talk: Talk) -> None:
    for _ in range(2):
        site.assistant.plays(answer("确认吗？", buttons=[("确认", "/affirm"), ("取消", "/deny")]))
    [first] = await talk.ask("周六三点试驾")
    [second] = await talk.ask("改成四点")
    before = await site.messages(talk)
    refused(await talk.post(choice=first["buttons"][0]["choice"]), 409, "expired_choice")
    assert len(await site.messages(talk)) == len(before)
    await talk.press(second["buttons"][0])
    # Pressed twice, it was meant once.
    refused(await talk.post(choice=second["buttons"][0]["choice"]), 409, "expired_choice")


async def test_a_choice_is_open_for_a_day(site: Site, talk: Talk, clock: FixedClock) -> None:
    site.assistant.plays(offer())
    [asked] = await talk.ask("有哪些车")
    clock.advance(CHOICE_LIFE + timedelta(seconds=1))
    refused(await talk.post(choice=asked["buttons"][0]["choice"]), 409, "expired_choice")


async def test_another_conversations_choice_is_unknown(site: Site, talk: Talk) -> None:
    site.assistant.plays(offer())
    [asked] = await talk.ask("有哪些车")
    other = await site.talk()
    refused(await other.post(choice=asked["buttons"][0]["choice"]), 404, "unknown_choice")
    assert await site.messages(other) == []


async def test_an_invented_choice_is_unknown(site: Site, talk: Talk) -> None:
    for invented in ("x" * 16, PAYLOAD, "/restart", "山屿"):
        refused(await talk.post(choice=invented), 404, "unknown_choice")
    refused(await talk.post(choice="x" * 65), 422)
    assert await site.messages(talk) == []
    assert site.assistant.calls == []


async def test_a_typed_payload_presses_no_button(site: Site, talk: Talk) -> None:
    site.assistant.plays(offer())
    await talk.ask("有哪些车")
    await talk.ask(PAYLOAD)
    assert site.assistant.calls[-1].payload is None

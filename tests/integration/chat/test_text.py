"""Whatever a customer types is kept as text and reaches the assistant as text."""

import json

from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import Talk

TYPED = {
    "/restart": "/restart",
    ' \u3000/inform{"a":"b"}': '/inform{"a":"b"}',
    "／restart": "／restart",
    "\u200b/session_start": "\u200b/session_start",
    '<script>alert("x")</script><img src=x onerror=alert(1)>':
        '<script>alert("x")</script><img src=x onerror=alert(1)>',
    "&lt;b&gt; &amp; %00 ${7*7} {{7*7}}": "&lt;b&gt; &amp; %00 ${7*7} {{7*7}}",
    "' OR 1=1 --": "' OR 1=1 --",
    "😀👨\u200d👩\u200d👧": "😀👨\u200d👩\u200d👧",
    "❤\ufe0f": "❤\ufe0f",
    "ＳＵＶ　多少钱？１５万": "ＳＵＶ　多少钱？１５万",
    "价\x00格\x1b[31m": "价格[31m",
    "第一行\n\t第二行": "第一行\n\t第二行",
    "\ud800": "\ufffd",
    "前\udc00后": "前\ufffd后",
    "𝕏🚗": "𝕏🚗",
    "null": "null",
}  # fmt: skip


async def test_text_stays_text(site: Site, talk: Talk) -> None:
    for number, (typed, kept) in enumerate(TYPED.items()):
        # As ASCII JSON: the only way in which a half surrogate can be sent at all.
        response = await site.client.post(
            "/api/chat/messages",
            content=json.dumps({"client_message_id": f"m{number}", "text": typed}),
            headers={**talk.key, "Content-Type": "application/json"},
        )
        assert response.status_code == 202, response.text
        seq = response.json()["seq"]
        await talk.settles()
        call = site.assistant.calls[number]
        assert (call.text, call.payload) == (kept, None)
        stored = (await site.messages(talk))[seq - 1]
        assert (stored.text, stored.payload, stored.turn) == (kept, None, "done")
        shown = (await talk.read(seq - 1))["messages"][0]
        assert (shown["sender"], shown["text"]) == ("customer", kept)
    assert len(site.assistant.calls) == len(TYPED)


async def test_an_answer_keeps_its_markup_as_text(talk: Talk) -> None:
    [heard] = await talk.ask("<b>你好</b>")
    assert heard["text"] == "≈<b>你好</b>"

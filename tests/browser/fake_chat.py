"""A server of the customer chat API, version 1, whose faults are scripted.

It runs uvicorn in a thread of the test process and keeps conversations in memory. The browser
reaches it through a TCP relay that can be cut (`url`), or directly (`direct_url`), for pages that
must load while the chat is cut off.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import uvicorn

from tests.browser.fake_api import FakeApi, Fault
from tests.browser.fake_conversation import Conversation, Message
from tests.browser.relay import Relay

WIDGET = Path(__file__).parents[2] / "web" / "widget"

HOST_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Host page</title>
<style>
  * {{ color: rgb(255, 0, 0); letter-spacing: 4px; text-transform: uppercase }}
  button {{ background: yellow !important; font-size: 40px }}
  body {{ margin: 0; background: #e9eef0 }}
</style>
<h1>Host page</h1><a id="before" href="#x">a link of the page</a>
<button id="ask" data-chefu-open="{draft}">ask</button>
{tag}"""
ONE_TAG = '<script src="/widget/chefu-chat.js" defer></script>'


class FakeChat:
    """Serves host page, widget and API; its public methods may be called from the test's thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._api = FakeApi(WIDGET)
        config = uvicorn.Config(
            self._api.application, log_level="critical", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._listener = socket.create_server(("127.0.0.1", 0))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = int(free.getsockname()[1])
        self._relay = Relay(self._listener.getsockname()[:2], self._port)
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def direct_url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def page(self) -> str:
        return self._api.page

    @page.setter
    def page(self, html: str) -> None:
        self._api.page = html

    @property
    def conversations(self) -> dict[str, Conversation]:
        return self._api.conversations

    @property
    def only(self) -> Conversation:
        """The one conversation there is; fails when the widget has created none or several."""
        (conversation,) = self.conversations.values()
        return conversation

    @property
    def client_ids(self) -> list[str]:
        """`client_message_id` of every POST that arrived, repeated ones included."""
        return self._api.client_ids

    @property
    def calls(self) -> list[str]:
        """Every call that arrived, such as "GET stream?after=0"."""
        return self._api.calls

    @property
    def replies(self) -> dict[str, list[Message]]:
        """What the assistant answers to a text, instead of repeating it."""
        return self._api.replies

    @property
    def faults(self) -> dict[str, list[Fault]]:
        return self._api.faults

    def start(self) -> None:
        self._thread.start()
        self.restore()

    def close(self) -> None:
        self.cut()
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def reset(self) -> None:
        """Forgets everything that a test scripted or caused."""

        async def forget() -> None:
            await self._relay.cut_inside(b"")
            await self._relay.swallow(False)
            self._api.forget()

        self._call(forget())
        self.page = HOST_PAGE.format(tag=ONE_TAG, draft="")
        if not self._relay.is_listening:
            self.restore()

    def fail(
        self,
        call: str,
        status: int,
        *,
        times: int = 1,
        code: str = "scripted",
        headers: dict[str, str] | None = None,
        after_storing: bool = False,
    ) -> None:
        """Lets the next `times` of a call, such as "POST messages", fail.

        With `after_storing` the request takes effect and its answer is lost.
        """
        fault = Fault(status, code, headers or {}, after_storing)
        self.faults.setdefault(call, []).extend([fault] * times)

    def hold_answers(self) -> None:
        """The assistant goes on typing until `release_answers`."""
        self._loop.call_soon_threadsafe(self._api.may_answer.clear)

    def release_answers(self) -> None:
        self._loop.call_soon_threadsafe(self._api.may_answer.set)

    def hold_uploads(self) -> None:
        """Uploads are read and not answered until `release_uploads`."""
        self._loop.call_soon_threadsafe(self._api.may_upload.clear)

    def release_uploads(self) -> None:
        self._loop.call_soon_threadsafe(self._api.may_upload.set)

    def hold_streams(self) -> None:
        """Streams are opened and bring nothing, as behind a proxy that keeps answers back."""
        self._api.streams_are_held = True

    def wait_for_posts(self, count: int) -> None:
        """Returns when so many messages have been posted since the start of the test."""
        arrived = self._api.arrived
        with arrived:
            assert arrived.wait_for(lambda: len(self.client_ids) >= count, timeout=15)

    def say(self, text: str, sender: str = "staff", **more: Any) -> None:
        """Someone else than the customer writes into the only conversation."""
        self._call(self.only.append({"sender": sender, "text": text, **more}))

    def change(self, **values: Any) -> None:
        """Changes the only conversation, for example its `state`, and tells those who listen."""
        self._call(self.only.change(**values))

    def forget_conversations(self) -> None:
        """From now on no token is known: each call with an old one is answered with 401."""
        self._call(self._api.forget_conversations())

    def cut(self) -> None:
        """Resets every TCP connection of the browser and accepts no new ones."""
        self._call(self._relay.cut())

    def cut_inside(self, text: str) -> None:
        """The network is lost when half of `text` has arrived, as in `json.dumps`."""
        self._call(self._relay.cut_inside(json.dumps(text, ensure_ascii=False)[1:-1].encode()))

    def swallow(self, swallows: bool = True) -> None:
        """Connections stay open and nothing gets through any more, until `swallow(False)`."""
        self._call(self._relay.swallow(swallows))

    def restore(self) -> None:
        """Accepts connections again, at the same address."""
        self._call(self._relay.listen())

    # Inside the thread

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve(sockets=[self._listener]))
        self._loop.run_until_complete(self._finish())
        self._loop.close()

    async def _finish(self) -> None:
        """Ends what waits for a message that will not come any more."""
        waiting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _call(self, coroutine: Coroutine[Any, Any, object]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=10)

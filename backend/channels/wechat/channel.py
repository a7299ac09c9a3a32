"""The WeChat Official Account as a channel: sends, fetches, and remembers what it needs to."""

import logging
from collections import OrderedDict
from datetime import timedelta

from fastapi import APIRouter

from backend.channels.base import FinalError, Limits, Outgoing
from backend.channels.wechat import rendering, webhook
from backend.channels.wechat.api import (
    GONE,
    NO_MENU_ACCOUNT,
    NO_MENUS,
    QUOTA_USED,
    WINDOW_CLOSED,
    RefusedError,
    WechatApi,
)
from backend.channels.wechat.choices import MOST_MERGED
from backend.channels.wechat.envelope import Gate
from backend.channels.wechat.reading import NAME
from backend.channels.wechat.settings import WechatSettings
from backend.clock import Clock
from backend.conversations import inbox
from backend.database import Database

log = logging.getLogger(__name__)

REMEMBERED = 1000
"""Messages in several pieces whose progress is kept."""
TEMPLATE_FIELD = 20
"""Characters of a `thing` field."""


class WechatChannel:
    """One Official Account; see `backend.channels.base.Channel`."""

    name = NAME
    # A press on the menu, a subscription and a scan open it for a minute and three messages
    # only; what comes later is then refused by WeChat itself.
    limits = Limits(window=timedelta(hours=48), quota=5)
    most_merged = MOST_MERGED

    def __init__(self, settings: WechatSettings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._api = WechatApi(settings, database, clock)
        self._menus = True
        self._done: OrderedDict[tuple[str, int], int] = OrderedDict()

    def router(self) -> APIRouter:
        return webhook.router(self._settings, Gate(self._settings))

    async def close(self) -> None:
        await self._api.close()

    async def fetch(self, ref: str) -> bytes:
        return await self._api.media(ref)

    async def send(self, outgoing: Outgoing) -> str | None:
        try:
            return await self._send(outgoing)
        except RefusedError as error:
            if error.number in GONE:
                await self._gone(outgoing.address)
            raise

    async def _send(self, outgoing: Outgoing) -> str | None:
        template = self._settings.template(outgoing.category)
        if not outgoing.outside:
            try:
                return await self._say(outgoing)
            except RefusedError as error:
                if not template or error.number not in (WINDOW_CLOSED, QUOTA_USED):
                    raise
        if not template:
            raise FinalError("window_closed")
        return await self._notify(outgoing, template)

    async def _say(self, outgoing: Outgoing) -> str | None:
        """Within the window: as customer-service messages."""
        try:
            return await self._pieces(outgoing, menus=self._menus)
        except RefusedError as error:
            if error.number not in NO_MENUS:
                raise
            if error.number == NO_MENU_ACCOUNT:
                log.warning("this account may not send menus; buttons become numbers")
                self._menus = False
            return await self._pieces(outgoing, menus=False)

    async def _pieces(self, outgoing: Outgoing, *, menus: bool) -> str | None:
        pieces = rendering.messages(outgoing.parts, outgoing.language, menus=menus)
        # What has arrived of a long text is not said again when its rest failed.
        key = (outgoing.key, len(pieces))
        platform_id = None
        for number in range(self._done.get(key, 0), len(pieces)):
            kind, content = pieces[number]
            answer = await self._api.send(
                "/cgi-bin/message/custom/send",
                {"touser": outgoing.address, "msgtype": kind, kind: content},
            )
            if answer.get("msgid"):
                platform_id = str(answer["msgid"])
            self._done[key] = number + 1
            if len(self._done) > REMEMBERED:
                self._done.popitem(last=False)
        self._done.pop(key, None)
        return platform_id

    async def _notify(self, outgoing: Outgoing, template: str) -> str | None:
        """Outside the window: as a template message. The text runs through its fields."""
        text = "\n".join(part.text for part in outgoing.parts)
        names = self._settings.template_fields
        answer = await self._api.send(
            "/cgi-bin/message/template/send",
            {
                "touser": outgoing.address,
                "template_id": template,
                # WeChat sends the same one once within ten minutes.
                "client_msg_id": outgoing.key,
                "data": {name: {"value": value} for name, value in _spread(text, names).items()},
            },
        )
        return str(answer["msgid"]) if answer.get("msgid") else None

    async def _gone(self, address: str) -> None:
        async with self._database.transaction() as session:
            await inbox.unreachable(session, self._clock.now(), channel=NAME, address=address)


def _spread(text: str, names: list[str]) -> dict[str, str]:
    """`text` over the fields in their order; what does not fit ends in an ellipsis."""
    left = " ".join(text.split())
    spread: dict[str, str] = {}
    for name in names:
        if not left:
            break
        last = name == names[-1]
        if last and len(left) > TEMPLATE_FIELD:
            spread[name] = left[: TEMPLATE_FIELD - 1] + "…"
        else:
            spread[name] = left[:TEMPLATE_FIELD]
        left = left[TEMPLATE_FIELD:]
    return spread

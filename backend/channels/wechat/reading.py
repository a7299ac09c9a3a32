"""From the fields of a delivery to what the inbox takes in.

Sources: the platform's guides "receiving messages" and "receiving event pushes".
"""

import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

from backend.channels.wechat import texts
from backend.channels.wechat.envelope import Refused
from backend.conversations.inbox import Attached, Inbound
from backend.texts import messengers

log = logging.getLogger(__name__)

NAME = "wechat"

_OPENID = re.compile(r"[\w-]{1,128}", re.ASCII)
_MEDIA_ID = re.compile(r"[\w.@=-]{1,256}", re.ASCII)
_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_LONGEST_KEY = 64
UNREADABLE = "收到不支持的消息类型，暂无法显示"
"""WeChat's own text, in brackets, in place of a message that it does not pass on."""


@dataclass(frozen=True)
class Said:
    """To be taken in. `menu_id` is of the button of a menu message that was pressed, if any."""

    inbound: Inbound
    menu_id: int = 0


@dataclass(frozen=True)
class Left:
    """The customer unsubscribed."""

    address: str


@dataclass(frozen=True)
class Finished:
    """What became of a template message: `delivered` or `failed`."""

    platform_id: str
    state: str


def read(
    fields: Mapping[str, str], *, account: str, commands: Mapping[str, str]
) -> Said | Left | Finished | None:
    """What a delivery means; None for what concerns nobody.

    `account`: our original id, empty if it is not known. Raises Refused for what WeChat would
    never send.
    """
    address = fields.get("FromUserName", "")
    if not _OPENID.fullmatch(address):
        raise Refused(400, "no sender")
    if account and fields.get("ToUserName") != account:
        raise Refused(403, "addressed to another account; compare CHEFU_WECHAT_ORIGINAL_ID")
    kind = fields.get("MsgType", "")
    if not kind:
        raise Refused(400, "no type")
    if kind == "event":
        return _event(address, fields, commands)
    return _message(address, kind, fields)


def _message(address: str, kind: str, fields: Mapping[str, str]) -> Said:
    platform_id = _message_id(fields)

    def said(
        text: str,
        media: Attached | None = None,
        payload: str | None = None,
        notice: dict[str, str] | None = None,
    ) -> Said:
        inbound = Inbound(
            NAME, address, platform_id, text, payload=payload, media=media, notice=notice
        )
        return Said(inbound)

    if kind == "text":
        text = fields.get("Content", "")
        if UNREADABLE in text:
            return said(texts.UNKNOWN, notice=messengers.UNSUPPORTED)
        pressed = fields.get("bizmsgmenuid", "")
        menu_id = int(pressed) if _NUMBER.fullmatch(pressed) else 0
        return Said(Inbound(NAME, address, platform_id, text), menu_id)
    if kind == "image":
        media = _media(fields, "image")
        return (
            said("", media=media) if media else said(texts.UNKNOWN, notice=messengers.UNSUPPORTED)
        )
    if kind == "voice":
        media, heard = _media(fields, "voice"), fields.get("Recognition", "")
        if heard:
            return said(heard, media=media)
        return said(texts.VOICE, media=media, notice=messengers.VOICE)
    if kind in ("video", "shortvideo"):
        # Nobody but a person can look at it.
        return said(texts.VIDEO, media=_media(fields, "video"), payload="/human_handoff")
    if kind == "file":
        name = f"{texts.FILE} {fields.get('Title', '')}".strip()
        return said(name, media=_media(fields, "file"), payload="/human_handoff")
    if kind == "location":
        place = fields.get("Label") or f"{fields.get('Location_X')}, {fields.get('Location_Y')}"
        return said(f"{texts.LOCATION} {place}")
    if kind == "link":
        return said("\n".join(filter(None, (fields.get("Title"), fields.get("Url")))))
    return said(texts.UNKNOWN, notice=messengers.UNSUPPORTED)


def _event(
    address: str, fields: Mapping[str, str], commands: Mapping[str, str]
) -> Said | Left | Finished | None:
    event, key = fields.get("Event", ""), fields.get("EventKey", "")

    def said(text: str, payload: str) -> Said:
        return Said(Inbound(NAME, address, _event_id(fields), text, payload=payload))

    match event.lower():
        case "subscribe":
            scene = key.removeprefix("qrscene_")
            return said(
                _with_scene(texts.FOLLOWED_BY_CODE, scene) if scene else texts.FOLLOWED, "/greet"
            )
        case "unsubscribe":
            return Left(address)
        case "scan":
            return said(_with_scene(texts.SCANNED, key), "/greet")
        case "click":
            command = commands.get(key)
            if command is None:
                log.warning(
                    "a menu key that means nothing: %r; see CHEFU_WECHAT_MENU", key[:_LONGEST_KEY]
                )
                return None
            return said(texts.COMMAND_TITLES.get(command, key), command)
        case "templatesendjobfinish":
            state = "delivered" if fields.get("Status") == "success" else "failed"
            return Finished(fields.get("MsgID") or fields.get("MsgId", ""), state)
        case _:
            return None


def _with_scene(text: str, scene: str) -> str:
    return f"{text}（{texts.SCENE} {scene[:_LONGEST_KEY]}）" if scene else text


def _media(fields: Mapping[str, str], kind: str) -> Attached | None:
    media_id = fields.get("MediaId", "")
    return Attached(media_id, kind) if _MEDIA_ID.fullmatch(media_id) else None


def _message_id(fields: Mapping[str, str]) -> str:
    """What stays the same when WeChat delivers a message again."""
    given = fields.get("MsgId", "")
    if _NUMBER.fullmatch(given):
        return given
    # A press on a menu message has been seen without an id.
    said = hashlib.sha256(fields.get("Content", "").encode()).hexdigest()[:16]
    return f"message:{_time(fields)}:{said}"


def _event_id(fields: Mapping[str, str]) -> str:
    """Events have no id: who, when, which and, for a menu, which key."""
    key = hashlib.sha256(fields.get("EventKey", "").encode()).hexdigest()[:16]
    return f"event:{_time(fields)}:{fields.get('Event', '')[:_LONGEST_KEY]}:{key}"


def _time(fields: Mapping[str, str]) -> str:
    created = fields.get("CreateTime", "")
    if not _NUMBER.fullmatch(created):
        raise Refused(400, "no time")
    return created

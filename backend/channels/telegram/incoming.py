"""Updates of the Bot API as messages and events.

Source: core.telegram.org/bots/api#update. An update comes from Telegram, but what customers put
into it is theirs: every part may be of any type.
"""

import hashlib
import re
from dataclasses import dataclass

from backend.channels import pictures
from backend.channels.webhooks import all_at, at, ident_at, malformed, text_at, whole_at
from backend.conversations.inbox import Attached, Inbound
from backend.texts import messengers

CHANNEL = "telegram"
GREET = "/greet"

_START = re.compile(r"/start(@\w+)?(\s.*)?", re.A | re.S)
"""What the button that opens the chat sends; all else that begins with a slash is text."""
_CHOICE = re.compile(r"[\w-]{1,64}", re.A)
_QUERY = re.compile(r"[\x21-\x7e]{1,64}")
_FILE = re.compile(r"[\w-]{1,256}", re.A)
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")
_PICTURES = ("image/jpeg", "image/png", "image/webp")

UNREADABLE = (
    "poll", "dice", "game", "story", "invoice", "paid_media", "checklist", "giveaway", "gift",
)  # fmt: skip
"""Kinds of content that a customer meant to tell us something with. What is in none of these
lists is Telegram's own news about the chat."""


@dataclass(frozen=True)
class Update:
    """`query` is to be answered, so that the pressed button stops waiting; `left` is the address
    of a customer who blocked the bot."""

    message: Inbound | None = None
    query: str = ""
    left: str = ""


def read(body: dict[str, object]) -> Update:
    """What an update says. Raises InvalidError when it is malformed; one that is nothing to us is
    empty."""
    if whole_at(body, "update_id") is None:
        raise malformed("not an update")
    for name in ("message", "edited_message"):
        if name in body:
            return Update(_message(body[name], edited=name != "message"))
    if "callback_query" in body:
        return _pressed(body["callback_query"])
    if "my_chat_member" in body:
        news = body["my_chat_member"]
        address = _private(at(news, "chat"))
        if address and text_at(news, "new_chat_member", "status") == "kicked":
            return Update(left=address)
    return Update()


def _private(chat: object) -> str:
    """The address of a private chat; empty for groups and channels. Raises InvalidError."""
    number, kind = whole_at(chat, "id"), text_at(chat, "type")
    if number is None or not kind:
        raise malformed("a chat lacks its id or type")
    return str(number) if kind == "private" else ""


@dataclass(frozen=True)
class _Said:
    """The part of a message that depends on its content."""

    text: str = ""
    payload: str | None = None
    media: Attached | None = None
    notice: dict[str, str] | None = None


def _message(message: object, *, edited: bool) -> Inbound | None:
    address, number = _private(at(message, "chat")), whole_at(message, "message_id")
    if number is None:
        raise malformed("a message lacks its id")
    if not address or at(message, "from", "is_bot") is True:
        return None
    said = _said(message)
    if said is None or (edited and (not said.text or said.media or said.notice)):
        # Edits that are not of words: a live location moves every few seconds.
        return None
    # A corrected text is a message of its own: it may change what is to be done. One whose words
    # are the same as before is not.
    digest = hashlib.sha256(said.text.encode("utf-8", "replace")).hexdigest()[:16]
    return _inbound(message, address, f"{number}:{digest}", said)


def _inbound(
    sent: object, address: str, platform_id: str, said: _Said, choice: str | None = None
) -> Inbound:
    names = [text_at(sent, "from", "first_name"), text_at(sent, "from", "last_name")]
    return Inbound(
        channel=CHANNEL,
        address=address,
        platform_id=platform_id,
        text=said.text,
        payload=said.payload,
        choice=choice,
        media=said.media,
        notice=said.notice,
        name=" ".join(name for name in names if name),
        locale=ident_at(_LANGUAGE, sent, "from", "language_code") or None,
    )


def _said(message: object) -> _Said | None:
    """None for what is no message of the customer's."""
    text = text_at(message, "text")
    if text:
        return _Said(text, payload=GREET if _START.fullmatch(text.strip()) else None)
    if at(message, "photo") is not None:
        return _picture(message)
    for kind, held, notice in (
        ("voice", "voice", messengers.VOICE),
        ("audio", "voice", messengers.VOICE),
        ("video", "video", messengers.VIDEO),
        ("video_note", "video", messengers.VIDEO),
        ("animation", "video", messengers.VIDEO),
        ("document", "file", messengers.FILE),
    ):
        # An animation is a document too, so this order.
        if isinstance(at(message, kind), dict):
            return _kept(message, kind, held, notice)
    number = text_at(message, "contact", "phone_number")
    if number:
        return _Said(number)
    if isinstance(at(message, "location"), dict):
        return _Said(_place(message), notice=messengers.PLACE)
    if text_at(message, "sticker", "emoji"):
        return _Said(text_at(message, "sticker", "emoji"))
    for kind in UNREADABLE:
        if at(message, kind) is not None:
            return _Said(f"[{kind}]", notice=messengers.UNSUPPORTED)
    return None


def _picture(message: object) -> _Said:
    """The largest size that may be kept."""
    sizes = [
        (whole_at(size, "file_size") or 0, index, ident_at(_FILE, size, "file_id"))
        for index, size in enumerate(all_at(message, "photo"))
    ]
    kept = [size for size in sizes if size[2] and size[0] <= pictures.LIMIT]
    caption = text_at(message, "caption").strip()
    if not kept:
        return _Said(caption or "[photo]", notice=messengers.TOO_LARGE)
    return _Said(caption, media=Attached(max(kept)[2], "image"))


def _kept(message: object, kind: str, held: str, notice: dict[str, str]) -> _Said:
    file = at(message, kind)
    ref, size = ident_at(_FILE, file, "file_id"), whole_at(file, "file_size") or 0
    caption = text_at(message, "caption").strip()
    name = caption or text_at(file, "file_name") or f"[{kind}]"
    if not ref or size > pictures.LIMIT:
        return _Said(name, notice=messengers.TOO_LARGE if ref else messengers.UNSUPPORTED)
    if kind == "document" and text_at(file, "mime_type") in _PICTURES:
        return _Said(caption, media=Attached(ref, "image"))
    # With words of the customer's beside it there is something to answer.
    return _Said(name, media=Attached(ref, held), notice=None if caption else notice)


def _place(message: object) -> str:
    """As staff read it."""
    named = [text_at(message, "venue", "title"), text_at(message, "venue", "address")]
    spot = [at(message, "location", "latitude"), at(message, "location", "longitude")]
    if all(isinstance(degrees, int | float) for degrees in spot):
        named.append(", ".join(str(degrees) for degrees in spot))
    return "📍 " + " · ".join(part for part in named if part)


def _pressed(query: object) -> Update:
    """A button below one of our messages."""
    number, chat = ident_at(_QUERY, query, "id"), at(query, "message", "chat")
    if not number:
        raise malformed("a callback query lacks its id")
    if chat is None:
        # Of a message that was sent through the bot elsewhere: none of ours.
        return Update(query=number)
    address, choice = _private(chat), ident_at(_CHOICE, query, "data")
    if not address:
        return Update(query=number)
    title = _title(query, choice)
    # Telegram shows old messages no more, and then nobody knows what the button said.
    said = _Said(title) if title else _Said("[…]", notice=messengers.BUTTON_GONE)
    pressed = _inbound(query, address, f"q{number}", said, choice if title and choice else None)
    return Update(pressed, query=number)


def _title(query: object, choice: str) -> str:
    rows = at(query, "message", "reply_markup", "inline_keyboard")
    for row in rows if isinstance(rows, list) else []:
        for button in row if isinstance(row, list) else []:
            if choice and text_at(button, "callback_data") == choice:
                return text_at(button, "text")
    return ""

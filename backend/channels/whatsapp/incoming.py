"""Webhooks of the Cloud API as messages and statuses.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference.
A body is signed, but what customers put into it is theirs: every part may be of any type.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from backend.channels.webhooks import all_at, at, ident_at, malformed, text_at
from backend.conversations.inbox import Attached, Inbound
from backend.texts import messengers

CHANNEL = "whatsapp"
ACCOUNT = "whatsapp_business_account"
GREET = "/greet"

_ID = re.compile(r"[\x21-\x7e]{1,256}")
_CHOICE = re.compile(r"[\w-]{1,64}", re.A)
_MEDIA = re.compile(r"[\w-]{1,128}", re.A)
_ADDRESS = re.compile(r"[0-9]{5,20}|[A-Z]{2}\.[A-Za-z0-9.]{1,128}")
"""A phone number, or where the customer hides it an id that only this business knows."""
_CHINESE = ("86", "852", "853", "886", "CN", "HK", "MO", "TW")

IGNORED = ("reaction", "sticker", "system", "ephemeral")
"""Feelings and news about the account: no answer is expected."""


@dataclass(frozen=True)
class Status:
    """What became of a message of ours: `sent`, `delivered`, `read` or `failed`. `key` is what we
    gave along."""

    platform_id: str
    state: str
    key: str = ""
    code: int | None = None


@dataclass
class Webhook:
    messages: list[Inbound] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    """Codes of troubles that belong to no message."""


def read(body: dict[str, object], phone_number_id: str) -> Webhook:
    """What a webhook says to our number. Raises InvalidError when it is malformed: then all of it
    is refused."""
    found = Webhook()
    if not isinstance(at(body, "object"), str) or not isinstance(at(body, "entry"), list):
        raise malformed("not a webhook")
    if at(body, "object") != ACCOUNT:
        return found
    for value in _values(body):
        if text_at(value, "metadata", "phone_number_id") != phone_number_id:
            continue
        names = _names(value)
        for message in all_at(value, "messages"):
            inbound = _message(message, names)
            if inbound is not None:
                found.messages.append(inbound)
        found.statuses += [_status(one) for one in all_at(value, "statuses")]
        found.errors += [code for one in all_at(value, "errors") if (code := _code(one))]
    return found


def _values(body: dict[str, object]) -> Iterator[object]:
    for entry in all_at(body, "entry"):
        if not isinstance(entry, dict):
            raise malformed("an entry is not an object")
        for change in all_at(entry, "changes"):
            if not isinstance(change, dict):
                raise malformed("a change is not an object")
            if change.get("field") != "messages":
                continue
            if not isinstance(change.get("value"), dict):
                raise malformed("a value is not an object")
            yield change["value"]


def _names(value: object) -> dict[str, str]:
    """Profile names by phone number and by user id."""
    found: dict[str, str] = {}
    for contact in all_at(value, "contacts"):
        name = text_at(contact, "profile", "name") or text_at(contact, "profile", "username")
        for kind in ("wa_id", "user_id"):
            known = text_at(contact, kind)
            if known:
                found[known] = name
    return found


def _message(message: object, names: dict[str, str]) -> Inbound | None:
    """One message; None when nobody expects anything of it."""
    platform_id = ident_at(_ID, message, "id")
    address = ident_at(_ADDRESS, message, "from") or ident_at(_ADDRESS, message, "from_user_id")
    kind = text_at(message, "type")
    if not (platform_id and address and kind):
        raise malformed("a message lacks its id, sender or type")
    if kind in IGNORED or at(message, "group_id") is not None:
        return None
    said = _said(kind, at(message, kind), message)
    return Inbound(
        channel=CHANNEL,
        address=address,
        platform_id=platform_id,
        text=said.text,
        payload=said.payload,
        choice=said.choice,
        media=said.media,
        notice=said.notice,
        name=names.get(address, ""),
        locale="zh" if address.startswith(_CHINESE) else "en",
    )


@dataclass(frozen=True)
class _Said:
    """The part of a message that depends on its type."""

    text: str = ""
    payload: str | None = None
    choice: str | None = None
    media: Attached | None = None
    notice: dict[str, str] | None = None


def _said(kind: str, content: object, message: object) -> _Said:
    if kind == "text" and text_at(content, "body"):
        return _Said(text_at(content, "body"))
    if kind == "interactive":
        return _chosen(content)
    if kind == "button" and text_at(content, "text"):
        # Of a template: its payload was never given out by us.
        return _Said(text_at(content, "text"))
    if kind == "request_welcome":
        return _Said(payload=GREET)
    if kind in ("image", "audio", "voice", "video", "document"):
        return _media(kind, content)
    if kind == "location" and isinstance(content, dict):
        return _Said(_place(content), notice=messengers.PLACE)
    if kind == "contacts":
        numbers = [
            text_at(phone, "phone")
            for contact in all_at(message, "contacts")
            for phone in all_at(contact, "phones")
        ]
        if any(numbers):
            return _Said(" ".join(number for number in numbers if number))
    return _Said(f"[{kind}]", notice=messengers.UNSUPPORTED)


def _chosen(content: object) -> _Said:
    kind = text_at(content, "type")
    if kind not in ("button_reply", "list_reply"):
        return _Said(f"[{kind or 'interactive'}]", notice=messengers.UNSUPPORTED)
    title, description = text_at(content, kind, "title"), text_at(content, kind, "description")
    # The row of a list has its whole title below it where that was too long, or else its card's.
    whole = title.endswith("…") and description.startswith(title[:-1].rstrip())
    text = description if whole else f"{description} {title}".strip()
    choice = ident_at(_CHOICE, content, kind, "id")
    return _Said(text, choice=choice or None)


def _media(kind: str, content: object) -> _Said:
    ref, caption = ident_at(_MEDIA, content, "id"), text_at(content, "caption").strip()
    if not ref:
        return _Said(caption or f"[{kind}]", notice=messengers.UNSUPPORTED)
    if kind == "image":
        return _Said(caption, media=Attached(ref, "image"))
    if kind in ("audio", "voice"):
        return _Said(media=Attached(ref, "voice"), notice=messengers.VOICE)
    held, notice = ("video", messengers.VIDEO) if kind == "video" else ("file", messengers.FILE)
    if caption:
        return _Said(caption, media=Attached(ref, held))
    return _Said(text_at(content, "filename"), media=Attached(ref, held), notice=notice)


def _place(content: object) -> str:
    """As staff read it."""
    named = [text_at(content, "name"), text_at(content, "address")]
    spot = [at(content, "latitude"), at(content, "longitude")]
    if all(isinstance(degrees, int | float) for degrees in spot):
        named.append(", ".join(str(degrees) for degrees in spot))
    return "📍 " + " · ".join(part for part in named if part)


def _status(status: object) -> Status:
    platform_id = ident_at(_ID, status, "id")
    if not platform_id:
        raise malformed("a status lacks its message")
    codes = [_code(error) for error in all_at(status, "errors")]
    return Status(
        platform_id=platform_id,
        state=text_at(status, "status"),
        key=ident_at(_CHOICE, status, "biz_opaque_callback_data"),
        code=codes[0] if codes else None,
    )


def _code(error: object) -> int | None:
    code = at(error, "code")
    return code if isinstance(code, int) and not isinstance(code, bool) else None

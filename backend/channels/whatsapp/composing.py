"""Messages as the Cloud API takes them.

Limits in characters: a text 4,096; with reply buttons 1,024, at most 3 of 20 characters; with a
list 4,096, at most 10 rows with 24 for the title, 72 for the description, 24 for the title of a
section. Source: developers.facebook.com/documentation/business-messaging/whatsapp/messages.
"""

from collections.abc import Sequence

from backend.channels.base import Outgoing
from backend.channels.composing import Option, cut, grouped, length, options, share, split, words

Payload = dict[str, object]

TEXT = 4096
BUTTONS_TEXT, BUTTONS, BUTTON_TITLE = 1024, 3, 20
ROWS, ROW_TITLE, ROW_DESCRIPTION, SECTION_TITLE = 10, 24, 72, 24
TEMPLATE_TEXT = 900
"""Characters of a template's variable: with the fixed words around it 1,024 are allowed."""

CHOOSE = {"zh": "请选择", "en": "Please choose"}
"""The button that opens a list; also the body where there are no other words."""
MORE = {"zh": "其他", "en": "More"}
"""The section of what stands on no card."""


def compose(outgoing: Outgoing) -> list[Payload]:
    """The calls that say all of it, one unless it is too long; the last one has the buttons."""
    offered = options(outgoing.parts)
    pieces = split(words(outgoing.parts, outgoing.language), TEXT)
    if offered and not pieces:
        pieces = [CHOOSE[outgoing.language]]
    payloads = [_text(piece) for piece in pieces]
    if offered:
        payloads[-1] = _interactive(pieces[-1], offered, outgoing.language)
    to = _to(outgoing)
    payloads = [{**to, **payload} for payload in payloads]
    if payloads:
        # Comes back with every status, also of a call whose answer never came. Only on the last:
        # it stands for the whole.
        payloads[-1]["biz_opaque_callback_data"] = outgoing.key
    return payloads


def template(outgoing: Outgoing, name: str, code: str) -> Payload:
    """An approved template whose only variable is the text."""
    # A variable may hold no line break, no tab, and no more than four blanks in a row.
    lines = [" ".join(line.split()) for line in _lines(outgoing)]
    said = cut(" · ".join(line for line in lines if line), TEMPLATE_TEXT)
    return {
        **_to(outgoing),
        "type": "template",
        "template": {
            "name": name,
            "language": {"code": code},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": said}]}],
        },
        "biz_opaque_callback_data": outgoing.key,
    }


def _lines(outgoing: Outgoing) -> list[str]:
    return words(outgoing.parts, outgoing.language).splitlines()


def _to(outgoing: Outgoing) -> Payload:
    # Who hides the phone number is addressed by the id that stands for it.
    field = "to" if outgoing.address.isdecimal() else "recipient"
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        field: outgoing.address,
    }


def _text(text: str) -> Payload:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _interactive(text: str, offered: Sequence[Option], language: str) -> Payload:
    titles = {option.title for option in offered}
    as_buttons = (
        len(titles) == len(offered) <= BUTTONS
        and len({option.group for option in offered}) == 1
        and all(length(title) <= BUTTON_TITLE for title in titles)
        and length(text) <= BUTTONS_TEXT
    )
    if as_buttons:
        kind, action = "button", _buttons(offered)
    else:
        kind, action = "list", _list(share(offered, ROWS), language)
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": text}, "action": action},
    }


def _buttons(offered: Sequence[Option]) -> Payload:
    return {
        "buttons": [
            {"type": "reply", "reply": {"id": option.choice, "title": option.title}}
            for option in offered
        ]
    }


def _list(offered: Sequence[Option], language: str) -> Payload:
    groups = grouped(offered)
    plain = CHOOSE if len(groups) == 1 else MORE
    return {
        "button": CHOOSE[language],
        "sections": [
            {
                "title": cut(group[0].group or plain[language], SECTION_TITLE),
                "rows": [_row(option) for option in group],
            }
            for group in groups
        ],
    }


def _row(option: Option) -> Payload:
    title = cut(option.title, ROW_TITLE)
    row: Payload = {"id": option.choice, "title": title}
    # What the customer sees as his own answer: the whole title, or else what it belongs to.
    below = option.title if title != option.title else option.group
    if below:
        row["description"] = cut(below, ROW_DESCRIPTION)
    return row

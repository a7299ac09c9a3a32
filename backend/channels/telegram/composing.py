"""Messages as the Bot API takes them: plain text, and buttons below the last one."""

from collections.abc import Sequence

from backend.channels.base import Outgoing
from backend.channels.composing import Option, cut, grouped, options, share, split, width, words

Payload = dict[str, object]

TEXT = 4096
BUTTONS = 100
"""Telegram allows that many below one message."""
TITLE = 64
ROW_WIDTH, ROW_BUTTONS = 26, 3
"""Columns of text and buttons that a row on a phone holds."""

CHOOSE = {"zh": "请选择：", "en": "Please choose:"}
"""Where there are no other words: a message cannot be empty."""


def compose(outgoing: Outgoing) -> list[Payload]:
    """The calls of sendMessage that say all of it, one unless it is too long.

    No parse mode: nothing in a text is markup, whoever wrote it.
    """
    offered = options(outgoing.parts)
    pieces = split(words(outgoing.parts, outgoing.language), TEXT)
    if offered and not pieces:
        pieces = [CHOOSE[outgoing.language]]
    payloads: list[Payload] = [
        {
            "chat_id": int(outgoing.address),
            "text": piece,
            "link_preview_options": {"is_disabled": True},
        }
        for piece in pieces
    ]
    if offered:
        payloads[-1]["reply_markup"] = {"inline_keyboard": _keyboard(share(offered, BUTTONS))}
    return payloads


def _keyboard(offered: Sequence[Option]) -> list[list[Payload]]:
    """Rows of buttons; those of one card are together, with its title if there are others."""
    groups = grouped(offered)
    rows: list[list[Payload]] = []
    for group in groups:
        row: list[Payload] = []
        used = 0
        for option in group:
            label = cut(option.full if len(groups) > 1 else option.title, TITLE)
            if row and (used + width(label) > ROW_WIDTH or len(row) == ROW_BUTTONS):
                rows.append(row)
                row, used = [], 0
            row.append({"text": label, "callback_data": option.choice})
            used += width(label)
        rows.append(row)
    return rows

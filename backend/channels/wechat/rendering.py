"""From messages of the transcript to what WeChat can show: text, and a menu to press on.

Buttons are numbered, in a menu and in plain text alike, since not every account may send menus:
the number typed counts as the button (`backend.channels.wechat.choices`).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from backend.channels.base import Part
from backend.channels.wechat import texts

TEXT_BYTES = 2047
"""Of one text, in UTF-8. The guides name no figure; 2,047 has been measured, and the platform's
neighbours (WeCom, WeChat KF) document 2,048."""
MENU_HEAD_BYTES = 1024
MENU_ITEM_BYTES = 128
MENU_ITEMS = 10
"""As documented for the same menu in WeChat KF; with more, error 45098."""

_BREAKS = (("\n",), ("。", "！", "？", "；", ". ", "! ", "? ", "; "), ("，", "、", ", ", " "))
"""Where a long text may be cut, best first."""
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
"""Letters of which two make a flag."""


@dataclass(frozen=True)
class Option:
    """A button as the customer sees it: `1. 看配置` where it stands, `1. 山屿 看配置` in a menu
    that holds those of several cards."""

    choice: str
    title: str
    label: str
    full: str

    @property
    def menu_id(self) -> int:
        return menu_id(self.choice)


def menu_id(choice: str) -> int:
    """What a menu message calls a button: WeChat hands back numbers only, 0 for anything else."""
    return int.from_bytes(sha256(choice.encode()).digest()[:4]) % (2**31 - 1) + 1


def options(messages: Sequence[tuple[Sequence[Any], Sequence[tuple[str, str]]]]) -> list[Option]:
    """The buttons of messages that leave together, numbered through.

    A message is its cards and its own buttons, as pairs of choice and title.
    """
    groups: list[tuple[str, Sequence[tuple[str, str]]]] = []
    for cards, buttons in messages:
        for card in cards:
            own = [(str(b["choice"]), str(b["title"])) for b in _buttons(card)]
            groups.append((str(card.get("title") or ""), own))
        groups.append(("", buttons))
    several = sum(bool(buttons) for _, buttons in groups) > 1
    found = [(group, *button) for group, buttons in groups for button in buttons]
    return [
        Option(
            choice,
            title,
            f"{number}. {title}",
            f"{number}. {group} {title}" if several and group else f"{number}. {title}",
        )
        for number, (group, choice, title) in enumerate(found, 1)
    ]


def offered(parts: Sequence[Part]) -> list[Option]:
    return options([(part.cards, part.buttons) for part in parts])


def plain(parts: Sequence[Part], language: str) -> str:
    """All of it as one text, every button in its place, numbered."""
    numbered = offered(parts)
    left = iter(numbered)
    blocks: list[str] = []
    for part in parts:
        sections = [[part.text] if part.text else []]
        for card in part.cards:
            lines = [_card(card), *(next(left).label for _ in _buttons(card))]
            sections.append([line for line in lines if line])
        sections[-1] += [next(left).label for _ in part.buttons]
        blocks += ["\n".join(lines) for lines in sections]
    if numbered:
        blocks.append(texts.CHOOSE[language])
    return "\n\n".join(block for block in blocks if block)


def messages(
    parts: Sequence[Part], language: str, *, menus: bool
) -> list[tuple[str, dict[str, Any]]]:
    """The calls that it takes to say `parts`, as pairs of `msgtype` and its object.

    One call nearly always: a customer's message allows for five.
    """
    numbered = offered(parts)
    if menus and numbered:
        blocks = [text for part in parts for text in (part.text, *map(_card, part.cards))]
        head = "\n\n".join(filter(None, blocks))
        fits = (
            len(numbered) <= MENU_ITEMS
            and size(head) <= MENU_HEAD_BYTES
            and all(size(option.full) <= MENU_ITEM_BYTES for option in numbered)
        )
        if fits:
            items = [{"id": str(option.menu_id), "content": option.full} for option in numbered]
            menu = {"head_content": head, "list": items, "tail_content": texts.CHOOSE[language]}
            return [("msgmenu", menu)]
    return [("text", {"content": piece}) for piece in split(plain(parts, language))]


def size(text: str) -> int:
    """In bytes, as WeChat counts."""
    return len(text.encode())


def split(text: str, limit: int = TEXT_BYTES) -> list[str]:
    """Pieces of at most `limit` bytes, cut between lines, sentences or words and never inside
    what is seen as one character."""
    pieces: list[str] = []
    while size(text) > limit:
        end = _fitting(text, limit)
        cut = next((at for marks in _BREAKS if (at := _last(text, marks, end)) > end // 2), end)
        pieces.append(text[:cut].strip())
        text = text[cut:].strip()
    pieces.append(text)
    return [piece for piece in pieces if piece]


def _last(text: str, marks: Sequence[str], end: int) -> int:
    """Right behind the last of `marks` that ends before `end`; 0 if there is none."""
    return max(text.rfind(mark, 0, end) + len(mark) if mark in text[:end] else 0 for mark in marks)


def _fitting(text: str, limit: int) -> int:
    """How many code points fit into `limit` bytes as whole characters."""
    fitting = len(text.encode()[:limit].decode(errors="ignore"))
    end = fitting
    while end > 1 and _joined(text[end - 1], text[end]):
        end -= 1
    # Crafted text may have no end of a character at all.
    return end if end > 1 else fitting


def _joined(before: str, after: str) -> bool:
    return (
        _JOINER in (before, after)
        or unicodedata.category(after) in ("Mn", "Me", "Mc")
        or ord(after) in _SKIN_TONES
        or (ord(before) in _FLAGS and ord(after) in _FLAGS)
    )


def _card(card: Mapping[str, Any]) -> str:
    """A card with nothing but buttons says nothing: its buttons carry its title."""
    lines = [str(card.get("subtitle") or "")]
    lines += [f"{fact['label']}：{fact['value']}" for fact in card.get("facts") or ()]
    told = [line for line in lines if line]
    return "\n".join([f"【{card.get('title', '')}】", *told]) if told else ""


def _buttons(card: Mapping[str, Any]) -> Sequence[Any]:
    return card.get("buttons") or ()

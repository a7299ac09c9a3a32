"""The written form of a conversation: what is said, what must be heard, what must be in the store.

A file holds `conversations:`, each with a `case` (its name), `talk` (its turns), and, as far as
they matter, `lang` (`en`; Chinese without), `records`, `owner`, `xfail`. A turn is what the
customer says, or a mapping:

- `say` or `press` (the title of a button); `as: b` for a second customer of the same conversation
  file entry, with a chat and a phone of his own;
- `amounts`: figures (`tests/conversations/live/figures.py`) that must be all the amounts of money
  told; `tells`: figures that must be among the numbers told;
- `has`: patterns that must be found, `lacks`: that must not; each may be a list;
- `buttons`: titles that must be offered; `cards`: titles of the cards shown, in any order.

In what is said, and in records, `{phone}` is the customer's own number (`{phone_b}` the second
one's), `{number}` the last booking or complaint number that anybody was told.

`records` are all the records of the (first) customer's chat, `records_b` those of the second:
`drive: MODEL`, `visit: [ITEMS]` or `complaint: PATTERN`, and the fields that matter. A drive, a
visit is `booked` and a complaint `open` unless `state` says otherwise. Without `records` nothing
may have been written.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
_TURN = {"say", "press", "as", "amounts", "tells", "has", "lacks", "buttons", "cards"}
_CASE = {"case", "lang", "talk", "records", "records_b", "owner", "xfail"}


@dataclass(frozen=True)
class Turn:
    said: str
    pressed: bool = False
    who: str = "a"
    amounts: tuple[str, ...] | None = None
    tells: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    cards: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Script:
    """One conversation. `index` is its place among all of them, for a phone of its own."""

    id: str
    index: int
    turns: tuple[Turn, ...]
    english: bool = False
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    owner: str | None = None
    xfail: str | None = None

    def phone(self, who: str) -> str:
        return f"139{1 if who == 'a' else 2}{self.index:07d}"


def _several(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in (value if isinstance(value, list) else [value]))


def _turn(written: Any) -> Turn:
    if isinstance(written, str | int):
        return Turn(str(written))
    unknown = set(written) - _TURN
    if unknown or ("say" in written) == ("press" in written):
        raise ValueError(f"not a turn: {written}")
    patterns = {
        key: _several(written[key])
        for key in ("tells", "has", "lacks", "buttons")
        if key in written
    }
    return Turn(
        said=str(written.get("say", written.get("press"))),
        pressed="press" in written,
        who=written.get("as", "a"),
        amounts=_several(written["amounts"]) if "amounts" in written else None,
        cards=_several(written["cards"]) if "cards" in written else None,
        **patterns,
    )


def _script(written: dict[str, Any], file: Path, index: int) -> Script:
    unknown = set(written) - _CASE
    if unknown:
        raise ValueError(f"{file.name}: {written.get('case')}: what is {', '.join(unknown)}?")
    return Script(
        id=f"{file.stem}: {written['case']}",
        index=index,
        turns=tuple(_turn(turn) for turn in written["talk"]),
        english=written.get("lang") == "en",
        records={"a": written.get("records") or [], "b": written.get("records_b") or []},
        owner=written.get("owner"),
        xfail=written.get("xfail"),
    )


def scripts(folder: Path = FOLDER) -> list[Script]:
    """All conversations. Raises ValueError for one that is not written in this form."""
    found: list[Script] = []
    for file in sorted(folder.glob("*.yml")):
        for written in yaml.safe_load(file.read_text())["conversations"]:
            found.append(_script(written, file, len(found) + 1))
    names = [script.id for script in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two conversations are called {', '.join(twice)}")
    return found

"""The numbers on every open page: of each view of the inbox, and of what calls for its reader."""

import hashlib
from typing import Any

from backend.staff.inbox_queries import MOST, VIEWS, Counts, Own


def digest(*told: object) -> str:
    """Short, and another one for whatever is told differently."""
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def number_in(counts: Counts, view: str, staff_id: int) -> int:
    """How many conversations a view holds; `MOST` stands for at least as many."""
    if view == "mine":
        return counts.own.get(staff_id, Own()).open
    return counts.waiting if view == "waiting" else int(getattr(counts.totals, view))


def at_most(number: int) -> str:
    """At most three digits and a plus."""
    return str(number) if number < MOST else f"{MOST - 1}+"


def told(counts: Counts, staff_id: int) -> dict[str, Any]:
    """What the page of one member of staff is told: `views`, and what calls for them.

    `number` of conversations that wait for a person or are theirs with something unread; `latest`
    is the newest reason, a moment with the id of its conversation.
    """
    own = counts.own.get(staff_id, Own())
    latest = max((at for at in (counts.line.newest, own.newest) if at), default=None)
    return {
        "views": {view: at_most(number_in(counts, view, staff_id)) for view in VIEWS},
        "waiting": counts.waiting,
        "number": counts.waiting + own.unread,
        "latest": f"{latest[0].isoformat()} {latest[1]}" if latest else "",
    }

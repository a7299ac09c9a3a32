"""How a run of simulated customers went: a table, and the dialogues that went wrong."""

from collections import defaultdict
from pathlib import Path
from statistics import median

from tests.simulation.bookings import Booking
from tests.simulation.dialogue import Dialogue

LEAST_REACHED = 0.97
MOST_TURNS = 4
"""The wish, when and with which car, who he is, the yes; in the middle of all, those included who
answer one thing of what they were asked."""
MOST_SENTENCES = 4
"""Three, and one more where danger needs it."""


def reached(dialogues: list[Dialogue]) -> float:
    """The share of dialogues in which everything was reached."""
    return sum(one.result == "reached" for one in dialogues) / len(dialogues)


def wrong(dialogues: list[Dialogue]) -> list[Dialogue]:
    return [one for one in dialogues if one.result == "wrong"]


def booked(dialogues: list[Dialogue]) -> list[Booking]:
    goals = [goal for one in dialogues for goal in one.goals]
    return [goal for goal in goals if isinstance(goal, Booking) and goal.booked]


def turns_to_book(dialogues: list[Dialogue]) -> float:
    """Messages of the customer until the booking stands, in the middle of all bookings; his own
    detours do not count."""
    taken = [goal.booked_after for goal in booked(dialogues)]
    return median(taken) if taken else 0


def table(dialogues: list[Dialogue]) -> str:
    kinds: dict[str, list[str]] = defaultdict(list)
    for one in dialogues:
        for goal in one.goals:
            later = getattr(goal, "later", "") or ("stop" if getattr(goal, "gives_up", "") else "")
            kinds[f"{goal.name}{' ' + later if later else ''}"].append(goal.result)
    lines = [f"{'goal':<16}{'all':>6}{'reached':>9}{'missed':>8}{'wrong':>7}"]
    for kind, results in sorted(kinds.items()):
        counts = [results.count(result) for result in ("reached", "missed", "wrong")]
        lines.append(f"{kind:<16}{len(results):>6}{counts[0]:>9}{counts[1]:>8}{counts[2]:>7}")
    lines += [
        f"dialogues {len(dialogues)}, everything reached {reached(dialogues):.1%}, "
        f"wrong records or figures {len(wrong(dialogues))}",
        f"median turns to book {turns_to_book(dialogues):g}, with detours "
        f"{median([goal.booked_in_all for goal in booked(dialogues)] or [0]):g}, "
        f"longest reply {max(one.longest for one in dialogues)} sentences",
    ]
    return "\n".join(lines)


def write_failures(dialogues: list[Dialogue], file: Path) -> None:
    """The transcripts of what was not reached, each with the numbers that repeat it."""
    failed = [one for one in dialogues if one.result != "reached"]
    file.parent.mkdir(parents=True, exist_ok=True)
    blocks = [
        f"=== SEED={one.seed} ONLY={one.index} {one.result}: {one.why}\n"
        + "\n".join(one.transcript)
        for one in failed
    ]
    file.write_text("\n\n".join(blocks) + "\n")

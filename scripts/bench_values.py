"""`make bench PART=values`: what the worst crafted texts cost the grammar of values.

Every piece of the test corpus is repeated up to the longest message that a customer may send.
"""

import time

from scripts.ground import say
from tests.unit.values.test_cost import LENGTH, NOTHING, NOW, ORDINARY, SOMETHING, filled
from values import find_all

RUNS = 10
SHOWN = 5


def seconds(text: str) -> float:
    """The processor's time of the best of some runs."""
    best = float("inf")
    for _ in range(RUNS):
        begun = time.process_time()
        find_all(text, now=NOW)
        best = min(best, time.process_time() - begun)
    return best


def main() -> int:
    pieces = [*NOTHING, *SOMETHING]
    costs = sorted(((seconds(filled(piece)), piece) for piece in pieces), reverse=True)
    say(f"values in {LENGTH} characters, {len(pieces)} crafted texts")
    say(f"  {seconds(filled(ORDINARY)) * 1000:6.1f} ms  ordinary sentences")
    for cost, piece in costs[:SHOWN]:
        say(f"  {cost * 1000:6.1f} ms  {piece!a}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

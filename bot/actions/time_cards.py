"""Free times as a choice: a card for each day, a button for each time, and the same in words.

A channel that shows no cards shows the text alone, so the words hold all that the cards hold.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from bot.actions import wording
from bot.actions.context import Turn

DAYS = 3
"""Days that are offered at once."""
TIMES = 6
"""Times that are offered of one day."""
APART = timedelta(minutes=60)
LOOKED_AT = 160
"""Free quarters of an hour that are looked at: enough for three long days."""


def spread(times: Sequence[datetime], turn: Turn, count: int = TIMES) -> list[datetime]:
    """A choice instead of neighbours: whole and half hours first, an hour apart; where there are
    more than `count` of them, from the whole of the day. `times` in order."""
    for wanted in ((0, 30), (15, 45)):
        chosen: list[datetime] = []
        for when in times:
            fits = turn.local(when).minute in wanted
            if fits and (not chosen or when - chosen[-1] >= APART):
                chosen.append(when)
        if chosen:
            last = len(chosen) - 1
            if last < count:
                return chosen
            return [chosen[round(n * last / (count - 1))] for n in range(count)]
    return []


def choice(times: Iterable[datetime], turn: Turn) -> list[datetime]:
    """At most three days with at most six times each, in order."""
    days = _by_day(sorted(times), turn)[:DAYS]
    return [when for _, those in days for when in spread(those, turn)]


def time_cards(times: Iterable[datetime], turn: Turn) -> list[dict[str, Any]]:
    """One card for each day of `times`, at most three with at most six buttons.

    A button shows the time of day; pressed, it says day and time.
    """
    cards = []
    for _, those in _by_day(sorted(times), turn)[:DAYS]:
        buttons = [
            {
                "title": f"{turn.local(when):%H:%M}",
                "said": wording.near(when, turn),
                "payload": f'/inform{{"time": "{turn.local(when):%Y-%m-%dT%H:%M}"}}',
            }
            for when in those[:TIMES]
        ]
        cards.append({"title": wording.near_day(those[0], turn), "buttons": buttons})
    return cards


def in_words(cards: Sequence[dict[str, Any]], turn: Turn) -> str:
    """What the cards offer, a line for each, each on a line of its own: to be put behind a
    sentence. Empty without cards."""
    comma = turn.either("、", ", ")
    return "".join(
        f"\n{card['title']} {comma.join(button['title'] for button in card['buttons'])}"
        for card in cards
    )


def _by_day(times: Sequence[datetime], turn: Turn) -> list[tuple[date, list[datetime]]]:
    return [
        (day, list(those)) for day, those in groupby(times, lambda when: turn.local(when).date())
    ]

"""How often Python looks for cycles of objects that nobody holds any more."""

import gc

YOUNG = 10_000
"""Objects made and not yet gone before the youngest are looked at; Python's own 700 are fewer than
one message makes."""


def settle() -> None:
    """Once everything that stays has been loaded: it is not looked at again.

    Without this a process with a hundred thousand objects walks through all of them every few
    messages, for nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)

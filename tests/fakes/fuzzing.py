"""Bodies of webhooks as no platform sends them."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

_TEXTS = st.text(max_size=20) | st.sampled_from(
    ["", "\x00", "\ud800", "a\x00b", "../..", "-1", "1" * 400, "𝕏", "NaN", "private", "text"]
)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, -1, 2**31, 2**63, 2**64, 10**40])
    | st.floats()
    | _TEXTS
)


def anything() -> st.SearchStrategy[Any]:
    return st.recursive(
        _LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
        max_leaves=8,
    )


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in nested objects and lists, as its holder and its key."""
    found: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            found += [(value, key), *places(value[key])]
    return found


@st.composite
def changed(draw: st.DrawFn, bodies: Sequence[Any]) -> Any:
    """One of `bodies` with up to three of its parts replaced by anything, or taken out."""
    body = deepcopy(draw(st.sampled_from(bodies)))
    for _ in range(draw(st.integers(1, 3))):
        found = places(body)
        if not found:
            break
        holder, key = draw(st.sampled_from(found))
        if draw(st.booleans()):
            holder[key] = draw(anything())
        else:
            del holder[key]
    return body

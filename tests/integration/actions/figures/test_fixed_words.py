"""Figures that stand in fixed words of ours: each has a reason, none is a claim about an offer.

A new figure in a text of the domain, of an action or of the backend fails here until its reason
is written down, or until it comes from a record.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.actions.dialogue import ROOT, domain
from tests.integration.actions.figures.reading import figures

EMERGENCY = "the emergency numbers of police and ambulance"
TRIANGLE = "where the warning triangle stands, road traffic regulation of the PRC, article 60"
EXAMPLE = "an example of how to answer"
AROUND_THE_CLOCK = "the hotline answers day and night"

FIXED: dict[str, str] = {
    "120": EMERGENCY,
    "122": EMERGENCY,
    "119": EMERGENCY,
    "110": EMERGENCY,
    "150": TRIANGLE,
    "50": TRIANGLE,
    "100": TRIANGLE,
    "24": AROUND_THE_CLOCK,
}
"""Figure as it is written → why it may stand in a text about faults."""

RESPONSES: dict[str, tuple[str, ...]] = {
    "utter_danger": ("24", "120"),
    "utter_motorway_stop_now": ("150", "122"),
    "utter_motorway_grave": ("150",),
    "utter_motorway_mild": ("150",),
    "utter_motorway_unclear": ("150",),
    "utter_stopped_stop_now": ("50", "100", "150"),
    "utter_roadside_requested": ("24",),
    "utter_roadside_hotline": ("24",),
}
EXAMPLES: dict[str, tuple[str, ...]] = {
    "utter_explain_test_drive_time": ("3",),
    "utter_what_to_change": ("10",),
    "utter_explain_service_items": ("20,000",),
    "utter_explain_service_plate": ("12345",),
    "utter_explain_service_time": ("10",),
    "utter_plate_invalid": ("12345", "5", "6"),
    "utter_work_too_long": (),
    "utter_explain_trade_in_year": ("2019",),
    "utter_explain_trade_in_km": ("80,000", "8"),
}
"""Responses whose figures show how to answer, or which say one of a thing in words."""
BACKEND = {"appointments.py": ("1", "5")}
"""Grades, from the worst to the best."""
NOT_SAID = frozenset({"utf-8", ",.2f"})
"""Constants of the code."""

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def literal(text: str) -> list[str]:
    """The figures of a text outside of its placeholders."""
    plain = re.sub(r"{[^{}]*}", " ", text)
    return [found.rstrip(",") for found in _DIGITS.findall(plain)]


def texts() -> Iterator[tuple[str, str]]:
    for name, variations in domain()["responses"].items():
        for one in variations:
            yield name, one["text"]
            for button in one.get("buttons", ()):
                yield name, button["title"]


def test_no_response_of_the_domain_claims_a_figure() -> None:
    unknown = [
        (name, found, text)
        for name, text in texts()
        for found in literal(text)
        if found not in RESPONSES.get(name, ()) and found not in EXAMPLES.get(name, ())
    ]
    assert unknown == []
    assert all(found in FIXED for known in RESPONSES.values() for found in known)


def test_no_response_says_a_figure_in_words() -> None:
    """两年, "three months": nor in words; the two colleagues and the one moment are none."""
    worded = [
        (name, str(figure), text)
        for name, text in texts()
        for figure in figures(_DIGITS.sub(" ", re.sub(r"{[^{}]*}", " ", text)))
        if name not in RESPONSES and name not in EXAMPLES
    ]
    assert worded == []


SAYING = {"either", "tell"}


def _said(path: Path) -> Iterator[str]:
    """The constant parts of what an action composes: arguments of `either` and `tell`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in SAYING
        ):
            for argument in [*node.args, *(word.value for word in node.keywords)]:
                yield from _constants(argument)


def _constants(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (c for part in node.values for c in _constants(part))
    elif isinstance(node, (ast.BinOp, ast.IfExp, ast.List, ast.ListComp)):
        yield from (c for part in ast.iter_child_nodes(node) for c in _constants(part))


MEASURED = {"bot/actions/comparison.py": ("100",)}
"""What is measured bears a figure in its name: 0–100 km/h."""

ACTIONS = sorted((ROOT / "bot/actions").glob("*.py"))


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.stem)
def test_no_action_composes_a_figure_of_its_own(path: Path) -> None:
    own = MEASURED.get(str(path.relative_to(ROOT)), ())
    assert [(c, f) for c in _said(path) for f in literal(c) if f not in own] == []


TEXTS = sorted((ROOT / "backend/texts").glob("*.py"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_text_of_the_backend_claims_a_figure(path: Path) -> None:
    """Reminders, notices, hand-over: figures come in by their placeholders only."""
    tree = ast.parse(path.read_text())
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings
    ]
    known = BACKEND.get(path.name, ())
    said = [text for text in constants if text not in NOT_SAID]
    assert [(t, found) for t in said for found in literal(t) if found not in known] == []

"""The report as one HTML page that needs nothing else: no scripts, nothing from elsewhere."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from scripts.understanding import measuring
from scripts.understanding.outcomes import LANGUAGES, Evaluation
from scripts.understanding.report_text import percent

OPENED = 15
"""Confusions whose sentences show at once."""


def _name(intent: str) -> Markup:
    """An intent's name, which may go on in the next line after each of its words."""
    return Markup("_<wbr>").join(escape(part) for part in intent.split("_"))


def _width(share: float | None) -> str:
    """For `width:` of a style."""
    return f"{100 * (share or 0.0):.1f}%"


def _template_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=percent, name=_name, width=_width)
    return environment


def render(evaluation: Evaluation, when: str = "") -> str:
    """The page. `when`: the moment of measuring, as it is to be shown."""
    return (
        _template_environment()
        .get_template("report.html")
        .render(
            evaluation=evaluation,
            used=evaluation.thresholds,
            when=when,
            measuring=measuring,
            languages=LANGUAGES,
            groups=measuring.groups(evaluation.held_back),
            scores=measuring.scores(evaluation.held_back),
            confusions=measuring.confusions(evaluation.held_back),
            opened=OPENED,
        )
    )


def write(evaluation: Evaluation, path: Path, when: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(evaluation, when), encoding="utf-8")

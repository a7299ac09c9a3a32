"""WCAG 2.1 AA as axe-core finds it on a page in a real browser."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def findings(
    page: Page, within: str | None = None, without: tuple[str, ...] = ()
) -> tuple[list[tuple[str, str, str]], int]:
    """(rule, what, where) of each violation, and how many checks passed.

    `within`: only what this selector finds; `without`: rules that are left out.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate(
        "([context, options]) => axe.run(context, options)",
        [
            {"include": [[within]]} if within else {"exclude": []},
            {"runOnly": TAGS, "rules": {rule: {"enabled": False} for rule in without}},
        ],
    )
    violations = [
        (rule["id"], node["failureSummary"], node["html"][:200])
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
    return violations, sum(len(rule["nodes"]) for rule in result["passes"])

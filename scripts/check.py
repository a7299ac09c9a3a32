"""`make check`: formatting, linters, types and file rules, each shown even if another fails."""

import subprocess
import sys
import time
from pathlib import Path

from scripts import file_rules
from scripts.ground import APP, ASSISTANT, ROOT, python_of, say

ASSISTANT_SIDE = (
    "bot/nlu", "bot/engine", "bot/channel.py", "bot/remote_actions.py", "bot/turn_request.py",
    "scripts/stock/channel.py", "tests/nlu", "tests/unit/bot_nlu", "tests/unit/channel",
    "scripts/understanding/parsing.py", "scripts/parse_times.py",
)  # fmt: skip
"""Runs on Python 3.10 with Rasa; everything else on the app side. `values` runs on both."""


def _existing(*paths: str) -> list[str]:
    return [
        path for path in paths
        if (ROOT / path).is_file() or any((ROOT / path).rglob("*.py"))
    ]  # fmt: skip


def commands() -> dict[str, list[str]]:
    """What is run, by the name it is shown under."""
    tools = python_of(APP).parent
    left_out = "|".join(path.replace(".", r"\.") for path in ASSISTANT_SIDE)
    mypy = [str(tools / "python"), "-m", "mypy", "--pretty"]
    return {
        "format": [str(python_of(APP)), "-m", "ruff", "format", "--check", "--quiet", "."],
        "lint": [str(python_of(APP)), "-m", "ruff", "check", "--quiet", "."],
        "types, app side": [
            *mypy, "--exclude", f"^({left_out})", "--exclude", r"^\.venvs/",
            "--exclude", "^backend/migrations/versions/",
            "backend", "bot/actions", "values", "scripts", "tests",
        ],
        "types, Rasa's side": [
            *mypy, "--python-version", "3.10", "--python-executable", str(python_of(ASSISTANT)),
            "--cache-dir", ".mypy_cache/assistant",
            # Type stubs are installed on the app side alone.
            "--disable-error-code", "import-untyped",
            *_existing("values", "tests/unit/values", *ASSISTANT_SIDE),
        ],
    }  # fmt: skip


def _timed(name: str, started: float, good: bool) -> bool:
    say(f"  {'ok  ' if good else 'FAIL'} {time.monotonic() - started:5.1f} s  {name}")
    return good


def check(root: Path = ROOT) -> bool:
    """Whether everything is in order."""
    good = True
    for name, command in commands().items():
        started = time.monotonic()
        answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if answer.returncode:
            say(answer.stdout + answer.stderr)
        good &= _timed(name, started, answer.returncode == 0)
    started = time.monotonic()
    broken = list(file_rules.broken(file_rules.files(root), root))
    for line in broken:
        say(line)
    return _timed("file rules", started, not broken) and good


if __name__ == "__main__":
    sys.exit(0 if check() else 1)

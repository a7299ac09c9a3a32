"""Where things are, and how the tools speak to the person at the terminal.

Standard library only: this runs before any environment exists.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENVS = ROOT / ".venvs"
ASSISTANT = VENVS / "assistant"
APP = VENVS / "app"
TOOLS = VENVS / "tools"
REQUIREMENTS = ROOT / "requirements"
MODELS = ROOT / "models"
DEMO = ROOT / "demo"


class Failure(Exception):
    """Something the person at the terminal can put right; its text is one helpful line."""


def python_of(environment: Path) -> Path:
    return environment / "bin" / "python"


def say(text: str) -> None:
    """One line of progress, at once, even into a pipe."""
    print(text, flush=True)


def fail(error: Failure) -> int:
    """Shows the reason and answers the exit status of a command that failed."""
    sys.stdout.flush()
    print(f"\nStopped: {error}", file=sys.stderr, flush=True)
    return 1

"""The action server imports the modules in the order of their names: any may come first."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
EACH_FIRST = """
import importlib, sys
for name in sys.argv[1:]:
    for known in [m for m in sys.modules if m.startswith("bot.actions")]:
        del sys.modules[known]
    importlib.import_module("bot.actions." + name)
    print(name)
"""


def test_each_module_can_be_imported_first() -> None:
    names = sorted(p.stem for p in (ROOT / "bot/actions").glob("*.py") if p.stem != "__init__")
    answer = subprocess.run(
        [sys.executable, "-c", EACH_FIRST, *names],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == names

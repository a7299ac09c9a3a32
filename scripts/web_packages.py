"""Installs the browser files of the console, and what browser tests need, from
`web/package-lock.json`.

Standard library only: this runs before any environment exists.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts import environments
from scripts.ground import REQUIREMENTS, ROOT, TOOLS, Failure, python_of, say

WEB = ROOT / "web"
OLDEST_NODE = 20
TESTS = "tests"
"""Stands in the stamp of a folder with the development packages."""


def ensure(web: Path = WEB, *, tests: bool = False) -> bool:
    """`npm ci` when the lock changed since the last time; answers whether it ran.

    `tests` adds the development packages; a folder that once had them keeps them, so that
    `make run` and `make test` do not take turns at installing.
    """
    lock = web / "package-lock.json"
    stamp = web / "node_modules" / environments.STAMP
    stamped = stamp.read_text().split() if stamp.exists() else []
    tests = tests or TESTS in stamped
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    wanted = [digest, TESTS] if tests else [digest]
    if stamped == wanted:
        return False
    say("  installing browser files (web/package-lock.json)")
    npm, path = find_npm()
    answer = subprocess.run(
        [npm, "ci", "--include=dev" if tests else "--omit=dev", "--ignore-scripts", "--no-audit",
         "--no-fund", "--loglevel=error"],
        cwd=web, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if answer.returncode:
        output = (answer.stdout + answer.stderr).splitlines()
        for line in output[-15:]:
            say(f"    {line}")
        raise Failure(
            environments.likely_reason(output)
            or "npm could not install the browser files, see above"
        )
    stamp.write_text(" ".join(wanted) + "\n")
    return True


def find_npm() -> tuple[str, str]:
    """npm and the PATH to run it with: the machine's own, else a Node from a Python package."""
    path = os.environ.get("PATH", os.defpath)
    npm = shutil.which("npm")
    if npm and _node_version(shutil.which("node")) >= OLDEST_NODE:
        return npm, path
    own = TOOLS / "bin"
    if _node_version(str(own / "node")) < OLDEST_NODE:
        say("  installing Node into .venvs/tools")
        uv = environments.find_uv()
        if not environments.runs(python_of(TOOLS)):
            subprocess.run([uv, "venv", "--quiet", "--no-project", str(TOOLS)], check=True)
        environments.install(uv, TOOLS, REQUIREMENTS / "node.txt", exact=False)
    return str(own / "npm"), f"{own}{os.pathsep}{path}"


def _node_version(node: str | None) -> int:
    if not node:
        return 0
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0

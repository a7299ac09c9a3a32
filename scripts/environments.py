"""Creates the Python environments from the hash-locked requirements.

Standard library only: this runs before any environment exists.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.ground import APP, ASSISTANT, REQUIREMENTS, TOOLS, VENVS, Failure, python_of, say

STAMP = ".chefu-lock"
DISK_NEEDED = {"assistant": 4_000_000_000, "app": 500_000_000}
"""Bytes; Rasa brings TensorFlow with it."""
OLDEST_UV = (0, 5)

REASONS = (
    (r"no space left|os error 28", "the disk is full; the environments need about 4 GB"),
    (
        r"error sending request|dns error|failed to fetch|could not connect|unreachable"
        r"|timed? ?out|name resolution|newconnectionerror|connection (refused|reset)",
        "the package index cannot be reached; check the network, or name a mirror in "
        "UV_DEFAULT_INDEX",
    ),
    (
        r"hash mismatch|hashes are required|do not match the hashes",
        "a downloaded package differs from its locked hash; a mirror may be altering packages",
    ),
    (r"permission denied", "a file in .venvs cannot be written; who owns that folder?"),
)


@dataclass(frozen=True)
class Environment:
    """One virtual environment and the lock it is made from; `full` adds what tests need."""

    folder: Path
    lock: str
    full: str
    version: str
    """`3.10` exactly, or `""` for the Python that runs the set-up."""


SIDES = (
    Environment(ASSISTANT, "assistant.txt", "assistant-tests.txt", "3.10"),
    Environment(APP, "app.txt", "development.txt", ""),
)


def lock_digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def ensure(side: Environment, *, tests: bool) -> bool:
    """Brings `side` to its lock; answers whether anything had to be done.

    An environment that once had the packages of the tests keeps them, so that `make run` and
    `make test` do not take turns at installing.
    """
    stamp = side.folder / STAMP
    stamped = stamp.read_text().split() if stamp.exists() else []
    lock = REQUIREMENTS / (side.full if tests or side.full in stamped[:1] else side.lock)
    wanted = [lock.name, lock_digest(lock)]
    if stamped == wanted and runs(python_of(side.folder)):
        return False
    uv = find_uv()
    if not runs(python_of(side.folder), side.version):
        _check_disk(side.folder)
        python = find_python(uv, side.version) if side.version else Path(sys.executable)
        say(f"  creating .venvs/{side.folder.name} with {python}")
        _run(
            [
                uv,
                "venv",
                "--quiet",
                "--clear",
                "--no-project",
                "--python",
                str(python),
                str(side.folder),
            ]
        )
    say(f"  installing requirements/{lock.name} into .venvs/{side.folder.name}")
    stamp.unlink(missing_ok=True)
    install(uv, side.folder, lock, exact=True)
    stamp.write_text(" ".join(wanted) + "\n")
    return True


def install(uv: str, folder: Path, lock: Path, *, exact: bool) -> None:
    """Installs the locked packages; `exact` removes everything else.

    Compiled at once: without bytecode Rasa takes three times as long to start, and where
    Python is told to write none, it would do so at every start.
    """
    how = ["sync"] if exact else ["install", "-r"]
    _run(
        [
            uv,
            "pip",
            *how,
            str(lock),
            "--require-hashes",
            "--compile-bytecode",
            "--python",
            str(python_of(folder)),
        ],
        quiet=re.compile(r"^ *[+~-] "),
    )


def find_uv() -> str:
    """The path of a usable uv; installed into .venvs/tools when the machine has none."""
    for candidate in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if candidate and _uv_is_usable(candidate):
            return candidate
    say("  installing uv into .venvs/tools")
    tools_python = python_of(TOOLS)
    if not runs(tools_python) or not (TOOLS / "bin" / "pip").exists():
        try:
            _run([sys.executable, "-m", "venv", "--clear", str(TOOLS)])
        except Failure as error:
            raise Failure(
                "this Python cannot create environments (on Debian: install python3-venv); "
                "or install uv and try again"
            ) from error
    _run(
        [str(tools_python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--require-hashes", "-r", str(REQUIREMENTS / "tools.txt")],
    )  # fmt: skip
    return str(TOOLS / "bin" / "uv")


def _uv_is_usable(path: str) -> bool:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    found = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_UV


def find_python(uv: str, version: str) -> Path:
    """An interpreter of exactly this minor version, fetched by uv if the machine has none."""
    for candidate in _installed_pythons(version):
        if runs(candidate, version):
            return candidate
    found = _uv_python(uv, version)
    if not found:
        say(f"  fetching Python {version}")
        try:
            _run([uv, "python", "install", version])
        except Failure as error:
            raise Failure(
                f"Python {version}, which Rasa needs, is not on this machine and could not be "
                f"fetched ({error}); install it, for example with `pyenv install {version}`"
            ) from error
        found = _uv_python(uv, version)
    if not found:
        raise Failure(f"Python {version} was installed but does not run")
    return found


def _installed_pythons(version: str) -> Iterator[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = (root / "versions").glob(f"{version}.*/bin/python{version}")
    yield from sorted(found, key=_patch_number, reverse=True)
    # A shim of pyenv stands on the PATH even when the version it names is switched off:
    # whether it runs is tried by the caller.
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield Path(on_path)


def _patch_number(path: Path) -> int:
    digits = re.search(r"\.(\d+)$", path.parent.parent.name)
    return int(digits[1]) if digits else -1


def _uv_python(uv: str, version: str) -> Path | None:
    answer = subprocess.run(
        [uv, "python", "find", "--no-project", version],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    path = Path(answer.stdout.strip() or "nowhere")
    return path if answer.returncode == 0 and runs(path, version) else None


def runs(python: Path, version: str = "") -> bool:
    """Whether this interpreter starts, is complete, and has the minor version if one is named."""
    program = "import sys, ssl, sqlite3; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(python), "-c", program], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return answer.returncode == 0 and (not version or answer.stdout.strip() == version)


def _check_disk(folder: Path) -> None:
    VENVS.mkdir(exist_ok=True)
    needed = DISK_NEEDED.get(folder.name, 0)
    free = shutil.disk_usage(VENVS).free
    if free < needed:
        raise Failure(
            f"not enough disk space for .venvs/{folder.name}: {free / 1e9:.1f} GB free, "
            f"{needed / 1e9:.1f} GB needed"
        )


def _run(command: list[str], quiet: re.Pattern[str] | None = None) -> None:
    """Runs a command, shows what it says except lines that match `quiet`.

    Raises Failure with the likely reason in one line.
    """
    environment = dict(os.environ)
    # uv reads none of pip's settings; a mirror set for pip holds for it too.
    if "PIP_INDEX_URL" in environment:
        environment.setdefault("UV_DEFAULT_INDEX", environment["PIP_INDEX_URL"])
    lines: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.strip() and not (quiet and quiet.match(line)):
                say(f"    {line.rstrip()}")
    if process.returncode:
        raise Failure(likely_reason(lines) or f"`{' '.join(command)}` failed, see above")


def likely_reason(lines: list[str]) -> str | None:
    """One helpful line for the known ways in which an installation fails."""
    text = "\n".join(lines).lower()
    return next((reason for pattern, reason in REASONS if re.search(pattern, text)), None)

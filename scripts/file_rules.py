"""Rules that every file of the repository keeps; `make check` applies them.

What they prevent: a lock that only resolves through one company's mirror, and paths of the
machine on which a file happened to be written.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from scripts.ground import ROOT

# In pieces, so that this file keeps its own rules.
REGISTRIES = re.compile(
    "|".join(
        [r"pypi\." "org", r"python" r"hosted\.org", r"registry\.npm" r"js\.org", "npm" "mirror",
         r"registry\.yarn" r"pkg\.com", r"mirrors?\.(aliyun|tuna|ustc|cloud)"]
    )
)  # fmt: skip
MACHINE_PATHS = re.compile(
    r"(?<![\w.~-])/(root|work|home/\w+|Users/\w+|private/var)/|(?<!\w)/tmp/\w"
)
IN_LOCKS = re.compile(r"^\s*(-i|-f|--index|--extra-index|--find-links)|file:/|https?:/|@ ", re.M)
BINARY = {".png", ".jpg", ".webp", ".ico", ".woff2", ".xlsx", ".gz"}


def files(root: Path = ROOT) -> list[Path]:
    """What is in the repository or would be after `git add`."""
    answer = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = {root / name for name in answer.stdout.split("\0") if name}
    return sorted(path for path in found if path.is_file() and path.suffix not in BINARY)


def broken(paths: list[Path], root: Path = ROOT) -> Iterator[str]:
    """One line for each broken rule: the place and the reason."""
    for path in paths:
        name = path.relative_to(root)
        text = path.read_text(errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if REGISTRIES.search(line):
                yield f"{name}:{number}: names a package registry's host"
            if MACHINE_PATHS.search(line):
                yield f"{name}:{number}: holds a path of one machine"
        if name.parent == Path("requirements") and name.suffix == ".txt":
            yield from _broken_lock(name, text)
        if name.name == "package-lock.json" and '"resolved"' in text:
            yield f"{name}: names where its packages come from; see web/.npmrc"


def _broken_lock(name: Path, text: str) -> Iterator[str]:
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    if IN_LOCKS.search(code):
        yield f"{name}: names where its packages come from"
    packages = re.findall(r"^[A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?==.*(?:\n +.*)*", code, re.M)
    if not packages:
        yield f"{name}: locks nothing"
    for package in packages:
        if "--hash=sha256:" not in package:
            yield f"{name}: no hash for {package.partition('=')[0]}"

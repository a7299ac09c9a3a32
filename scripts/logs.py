"""Shows the programs' log files on the terminal as they grow, each line with its program."""

import os
import sys
import threading
from pathlib import Path
from typing import IO

PACE = 0.2
"""Seconds between two looks."""
COLOURS = ("\033[36m", "\033[35m", "\033[33m")


class LogFollower:
    """Follows files from their present end, across rotation, until closed."""

    def __init__(self, files: dict[str, Path], out: IO[str] | None = None) -> None:
        self._files = files
        self._out = out or sys.stdout
        self._open: dict[str, IO[bytes]] = {}
        self._rest: dict[str, bytes] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="logs", daemon=True)
        self._colour = self._out.isatty() and "NO_COLOR" not in os.environ
        self._width = max(len(name) for name in files)
        for name, file in files.items():
            if file.exists():
                self._open[name] = file.open("rb")
                self._open[name].seek(0, os.SEEK_END)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Shows what has been written until now and stops."""
        self._done.set()
        self._thread.join()
        for handle in self._open.values():
            handle.close()

    def _follow(self) -> None:
        while not self._done.wait(PACE):
            self._look()
        self._look()

    def _look(self) -> None:
        for name, file in self._files.items():
            handle = self._open.get(name)
            if handle is None:
                if not file.exists():
                    continue
                handle = self._open[name] = file.open("rb")
            self._show(name, handle.read())
            if _replaced(file, handle):
                # What was written between the last read and the rotation.
                self._show(name, handle.read())
                handle.close()
                del self._open[name]

    def _show(self, name: str, data: bytes) -> None:
        *lines, rest = (self._rest.get(name, b"") + data).split(b"\n")
        self._rest[name] = rest
        for line in lines:
            self._out.write(f"{self._prefix(name)} {line.decode(errors='replace')}\n")
        if lines:
            self._out.flush()

    def _prefix(self, name: str) -> str:
        prefix = f"{name:<{self._width}} |"
        if not self._colour:
            return prefix
        colour = COLOURS[list(self._files).index(name) % len(COLOURS)]
        return f"{colour}{prefix}\033[0m"


def _replaced(file: Path, handle: IO[bytes]) -> bool:
    """Whether the path now leads to another file, or the same one was cut."""
    try:
        now = file.stat()
    except FileNotFoundError:
        return False
    return now.st_ino != os.fstat(handle.fileno()).st_ino or now.st_size < handle.tell()


def last_lines(file: Path, count: int = 30) -> list[str]:
    if not file.exists():
        return []
    with file.open("rb") as handle:
        handle.seek(max(0, file.stat().st_size - 64_000))
        return handle.read().decode(errors="replace").splitlines()[-count:]

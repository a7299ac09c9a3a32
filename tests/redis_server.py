"""A Redis server of the test's own, from the installed binary, on a free port."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from tests.postgres import free_port

READY_LIMIT = 20.0


def binary() -> str:
    """Raises RuntimeError when Redis is not installed."""
    found = shutil.which("redis-server")
    if found is None:
        raise RuntimeError("Redis is not installed: install the package `redis-server`")
    return found


class RedisServer:
    """Started by `with`, stopped at its end. On loopback, keeps nothing."""

    def __init__(self) -> None:
        self._binary = binary()
        self._folder = Path(tempfile.mkdtemp(prefix="chefu-redis-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> "RedisServer":
        command = [
            self._binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
            "--appendonly", "no", "--dir", str(self._folder), "--daemonize", "no",
        ]  # fmt: skip
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        end = time.monotonic() + READY_LIMIT
        while b"ready to accept connections" not in (self._folder / "log").read_bytes().lower():
            if self._process.poll() is not None or time.monotonic() > end:
                text = (self._folder / "log").read_text(errors="replace")
                self.__exit__(None, None, None)
                raise RuntimeError(f"Redis did not start:\n{text}")
            time.sleep(0.02)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

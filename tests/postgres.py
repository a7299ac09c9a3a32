"""A PostgreSQL server of the test's own, from the installed binaries, on a free port."""

import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from uuid import uuid4


def binaries() -> Path:
    """The folder of the server's programs. Raises RuntimeError when PostgreSQL is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "createdb")):
            return folder
    raise RuntimeError("PostgreSQL is not installed: install the package `postgresql`")


_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 15_000


def free_port() -> int:
    """Below those that the system gives to outgoing connections: a server binds its port seconds
    after it was chosen, and any connection could have taken it by then."""
    end = int(_RANGE.read_text().split()[0]) if _RANGE.exists() else 32_768
    while True:
        port = random.SystemRandom().randrange(LOWEST, max(end, LOWEST + 1000))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    while True:
        first = free_port()
        with ExitStack() as probes:
            try:
                for port in range(first, first + count):
                    probe = probes.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError):
                continue
        return first


class PostgresServer:
    """Started by `with`, stopped at its end. Trusts local connections; holds test data only.

    Its folder is its own: pytest shuts the parent of its temporary folders to other users.
    """

    def __init__(self) -> None:
        self._bin = binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="chefu-postgres-"))
        self._data = self._folder / "data"
        self.port = free_port()
        # initdb refuses to run as root.
        self._user = "nobody" if os.geteuid() == 0 else None

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, user=self._user, cwd="/", stdout=subprocess.DEVNULL)

    def __enter__(self) -> "PostgresServer":
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._run(
            str(self._bin / "initdb"), "-D", str(self._data), "-U", "chefu", "-A", "trust",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        self.start()
        return self

    def start(self) -> None:
        """Starts it, also again after `stop`, on the same port and with the same data."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        # As docs/run-at-a-dealership.md says for several processes.
        options += " -c max_connections=250"
        self._run(
            str(self._bin / "pg_ctl"), "-D", str(self._data), "-w",
            "-l", str(self._folder / "log"), "-o", options, "start",
        )  # fmt: skip

    def stop(self, how: str = "fast") -> None:
        """Stops it and cuts every connection; `immediate` as a power cut does."""
        self._run(str(self._bin / "pg_ctl"), "-D", str(self._data), "-w", "-m", how, "stop")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_database(self, template: str = "template1") -> str:
        """The SQLAlchemy URL of a fresh database, empty or a copy of `template`."""
        name = f"test_{uuid4().hex[:12]}"
        self._run(
            str(self._bin / "createdb"),
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "chefu",
            "-T",
            template,
            name,
        )
        return f"postgresql+psycopg://chefu@127.0.0.1:{self.port}/{name}"

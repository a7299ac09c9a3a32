"""The three processes: how each is started, with which environment, and when it is ready.

Used by `make run` through the supervisor and by the live tests directly.
"""

import socket
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.ground import APP, ASSISTANT, ROOT, Failure, python_of

LOOPBACK = "127.0.0.1"
LOCK_LIFETIME = 25
"""Seconds of Rasa's conversation lock: above one try of a turn in the backend (20 s)."""


@dataclass(frozen=True)
class Addresses:
    """Where the processes listen; only the backend may listen beyond this machine."""

    host: str = LOOPBACK
    backend: int = 8000
    rasa: int = 5005
    actions: int = 5055

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Addresses":
        """Raises Failure for a port that is none."""

        def port(name: str, default: int) -> int:
            text = environment.get(name) or str(default)
            if not text.isdigit() or not 0 < int(text) < 65536:
                raise Failure(f"{name}={text} is not a port (1 to 65535)")
            return int(text)

        return cls(
            environment.get("CHEFU_HOST") or LOOPBACK,
            port("CHEFU_PORT", cls.backend),
            port("CHEFU_RASA_PORT", cls.rasa),
            port("CHEFU_ACTIONS_PORT", cls.actions),
        )

    @property
    def reachable(self) -> str:
        """The host to call the backend by from this machine."""
        return LOOPBACK if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104

    @property
    def site(self) -> str:
        return f"http://{self.reachable}:{self.backend}"

    def check_free(self) -> None:
        """Raises Failure naming the first port that something else listens on."""
        for variable, host, port in (
            ("CHEFU_PORT", self.host, self.backend),
            ("CHEFU_RASA_PORT", LOOPBACK, self.rasa),
            ("CHEFU_ACTIONS_PORT", LOOPBACK, self.actions),
        ):
            with socket.socket() as probe:
                # As servers do: a connection that has just been closed is no obstacle.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((host, port))
                except OSError as error:
                    raise Failure(
                        f"port {port} on {host} cannot be used ({error.strerror}); stop what "
                        f"listens there, or choose another with {variable}=…"
                    ) from error


@dataclass(frozen=True)
class Process:
    """One program; it is ready when `probe` answers 200."""

    name: str
    command: tuple[str, ...]
    probe: str

    def answers(self, timeout: float = 1.0) -> bool:
        """Whether it is ready now. `timeout` in seconds."""
        try:
            with urllib.request.urlopen(self.probe, timeout=timeout) as response:  # noqa: S310
                return bool(response.status == 200)
        except (OSError, urllib.error.URLError, ValueError):
            return False


def processes(model: Path, at: Addresses) -> tuple[Process, ...]:
    """Rasa first: it takes longest to start."""
    # The modules, not the console scripts: those hold the path of the folder in which the
    # environment was made.
    rasa = (
        str(python_of(ASSISTANT)), "-m", "rasa", "run",
        "--interface", LOOPBACK, "--port", str(at.rasa), "--model", str(model),
        "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
    )  # fmt: skip
    app = str(python_of(APP))
    return (
        Process("rasa", rasa, f"http://{LOOPBACK}:{at.rasa}/"),
        Process("actions", (app, "-m", "bot.actions"), f"http://{LOOPBACK}:{at.actions}/health"),
        Process("backend", (app, "-m", "backend"), f"{at.site}/healthz"),
    )


def environment(
    base: Mapping[str, str], at: Addresses, var: Path, clock_offset: float
) -> dict[str, str]:
    """What all three processes and the steps of the set-up are started with.

    `base` brings the secrets and DATABASE_URL; `clock_offset` is in seconds, injected time
    minus machine time, and survives the restart of a process.
    """
    return {
        **base,
        "CHEFU_HOST": at.host,
        "CHEFU_PORT": str(at.backend),
        "CHEFU_RASA_PORT": str(at.rasa),
        "CHEFU_ACTIONS_PORT": str(at.actions),
        "CHEFU_VAR": str(var),
        "CHEFU_CATALOGUE": str(var / "catalogue.json"),
        "CHEFU_CLOCK_OFFSET": repr(clock_offset),
        "CHEFU_TRACKER_URL": tracker_url(base.get("DATABASE_URL", ""), var),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TICKET_LOCK_LIFETIME": str(LOCK_LIFETIME),
    }


def tracker_url(database_url: str, var: Path) -> str:
    """Rasa's tracker: in the same PostgreSQL database as the store, else a SQLite file.

    Its driver is another than the app side's, so it is named here and not in DATABASE_URL.
    """
    scheme, _, rest = database_url.partition("://")
    if scheme in ("postgresql", "postgres"):
        return f"postgresql+psycopg2://{rest}"
    return f"sqlite:///{var / 'tracker.db'}"


def prepare_tracker(var: Path) -> None:
    """Puts Rasa's SQLite tracker into WAL mode, a property that stays with the file.

    Rasa gives no way to ask for it, and without it a reader blocks a turn.
    """
    connection = sqlite3.connect(var / "tracker.db")
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()

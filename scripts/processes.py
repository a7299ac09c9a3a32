"""The processes: how each is started, with which environment, and when it is ready.

One each of rasa, actions and backend, or several that share PostgreSQL and Redis. Used by
`make run` through the supervisor and by the live tests directly.
"""

import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts.ground import APP, ASSISTANT, ROOT, Failure, python_of

LOOPBACK = "127.0.0.1"
LOCK_LIFETIME = 25
"""Seconds of Rasa's conversation lock: above one try of a turn in the backend (20 s)."""

REDIS_LOCKS = "bot.engine.lock_store.LeaseLockStore"
MOST_PROCESSES = 64


@dataclass(frozen=True)
class Addresses:
    """Where the processes listen; only the backend may listen beyond this machine.

    Of several of a kind the first has the port, the others the ports that follow.
    """

    host: str = LOOPBACK
    backend: int = 8000
    rasa: int = 5005
    actions: int = 5055
    backend_processes: int = 1
    rasa_processes: int = 1
    actions_processes: int = 1

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Addresses":
        """Raises Failure for a port that is none, and for processes that could not share."""

        def number(name: str, default: int, most: int, what: str) -> int:
            text = environment.get(name) or str(default)
            if not text.isdigit() or not 0 < int(text) <= most:
                raise Failure(f"{name}={text} is not {what} (1 to {most})")
            return int(text)

        def port(name: str, default: int) -> int:
            return number(name, default, 65535, "a port")

        def processes(name: str) -> int:
            return number(name, 1, MOST_PROCESSES, "a number of processes")

        at = cls(
            environment.get("CHEFU_HOST") or LOOPBACK,
            port("CHEFU_PORT", cls.backend),
            port("CHEFU_RASA_PORT", cls.rasa),
            port("CHEFU_ACTIONS_PORT", cls.actions),
            processes("CHEFU_BACKEND_PROCESSES"),
            processes("CHEFU_RASA_PROCESSES"),
            processes("CHEFU_ACTIONS_PROCESSES"),
        )
        at._check_sharing(environment)
        return at

    def _check_sharing(self, environment: Mapping[str, str]) -> None:
        several = max(self.backend_processes, self.rasa_processes, self.actions_processes) > 1
        if several and not _is_postgresql(environment.get("DATABASE_URL", "")):
            raise Failure(
                "several processes of a kind need PostgreSQL: set DATABASE_URL, or leave "
                "CHEFU_BACKEND_PROCESSES, CHEFU_RASA_PROCESSES and CHEFU_ACTIONS_PROCESSES at 1"
            )
        if self.rasa_processes > 1 and not environment.get("CHEFU_REDIS_URL"):
            raise Failure(
                "several processes of rasa need Redis for the locks of conversations: set "
                "CHEFU_REDIS_URL, such as redis://127.0.0.1:6379/0, or leave "
                "CHEFU_RASA_PROCESSES at 1"
            )
        ports = [port for _, _, port in self.ports()]
        if max(ports) > 65535 or len(set(ports)) < len(ports):
            raise Failure(
                "CHEFU_PORT, CHEFU_RASA_PORT and CHEFU_ACTIONS_PORT leave no room for as many "
                "processes: each kind takes as many ports from its own on"
            )

    @property
    def backend_ports(self) -> range:
        return range(self.backend, self.backend + self.backend_processes)

    @property
    def rasa_ports(self) -> range:
        return range(self.rasa, self.rasa + self.rasa_processes)

    @property
    def actions_ports(self) -> range:
        return range(self.actions, self.actions + self.actions_processes)

    def ports(self) -> list[tuple[str, str, int]]:
        """Every port with its variable and host."""
        return [
            *(("CHEFU_PORT", self.host, port) for port in self.backend_ports),
            *(("CHEFU_RASA_PORT", LOOPBACK, port) for port in self.rasa_ports),
            *(("CHEFU_ACTIONS_PORT", LOOPBACK, port) for port in self.actions_ports),
        ]

    @property
    def reachable(self) -> str:
        """The host to call the backend by from this machine."""
        return LOOPBACK if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104

    @property
    def site(self) -> str:
        return f"http://{self.reachable}:{self.backend}"

    def check_free(self) -> None:
        """Raises Failure naming the first port that something else listens on."""
        for variable, host, port in self.ports():
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
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it has besides the environment of all: nothing secret, and no quotes in it."""

    def answers(self, timeout: float = 1.0) -> bool:
        """Whether it is ready now. `timeout` in seconds."""
        try:
            with urllib.request.urlopen(self.probe, timeout=timeout) as response:  # noqa: S310
                return bool(response.status == 200)
        except (OSError, urllib.error.URLError, ValueError):
            return False


def processes(model: Path, at: Addresses) -> tuple[Process, ...]:
    """Rasa first: it takes longest to start."""
    return (
        *(_rasa(number, port, model) for number, port in enumerate(at.rasa_ports)),
        *(_actions(number, port) for number, port in enumerate(at.actions_ports)),
        *(_backend(number, port, at) for number, port in enumerate(at.backend_ports)),
    )


def _name(kind: str, number: int) -> str:
    """`rasa`, `rasa-2`, …"""
    return f"{kind}-{number + 1}" if number else kind


def _rasa(number: int, port: int, model: Path) -> Process:
    # The modules, not the console scripts: those hold the path of the folder in which the
    # environment was made.
    command = (
        str(python_of(ASSISTANT)), "-m", "rasa", "run",
        "--interface", LOOPBACK, "--port", str(port), "--model", str(model),
        "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
    )  # fmt: skip
    # NumPy's helper threads wait for more work in a loop: of each sentence that is encoded, ten
    # times as long as that takes, on a processor that a turn could have. Like this for
    # microseconds.
    threads = {"OPENBLAS_THREAD_TIMEOUT": "4"}
    return Process(_name("rasa", number), command, f"http://{LOOPBACK}:{port}/", threads)


def _actions(number: int, port: int) -> Process:
    command = (str(python_of(APP)), "-m", "bot.actions")
    own = {"CHEFU_ACTIONS_PORT": str(port)}
    return Process(_name("actions", number), command, f"http://{LOOPBACK}:{port}/health", own)


def _backend(number: int, port: int, at: Addresses) -> Process:
    command = (str(python_of(APP)), "-m", "backend")
    probe = f"http://{at.reachable}:{port}/healthz"
    return Process(_name("backend", number), command, probe, {"CHEFU_PORT": str(port)})


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
        "CHEFU_ACTIONS_URLS": ",".join(
            f"http://{LOOPBACK}:{port}/webhook" for port in at.actions_ports
        ),
        "CHEFU_RASA_URLS": ",".join(f"http://{LOOPBACK}:{port}" for port in at.rasa_ports),
        **lock_store(base.get("CHEFU_REDIS_URL", "")),
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
    if _is_postgresql(database_url):
        return f"postgresql+psycopg2://{database_url.partition('://')[2]}"
    return f"sqlite:///{var / 'tracker.db'}"


def _is_postgresql(database_url: str) -> bool:
    return database_url.startswith(("postgresql://", "postgres://"))


def lock_store(redis_url: str) -> dict[str, str]:
    """Variables for the locks of conversations in endpoints.yml: in Redis when it is given, else
    in the process. Raises Failure for an address that is none."""
    parts = urllib.parse.urlsplit(redis_url)
    try:
        port = parts.port or 6379
        database = int(parts.path.strip("/") or 0)
    except ValueError:
        port, database = 0, -1
    if redis_url and (
        parts.scheme not in ("redis", "rediss") or not parts.hostname or not port or database < 0
    ):
        raise Failure(
            "CHEFU_REDIS_URL is not an address such as redis://user:password@127.0.0.1:6379/0"
        )
    return {
        "CHEFU_LOCK_STORE": REDIS_LOCKS if redis_url else "in_memory",
        "CHEFU_REDIS_HOST": parts.hostname or LOOPBACK,
        "CHEFU_REDIS_PORT": str(port),
        "CHEFU_REDIS_DATABASE": str(database),
        "CHEFU_REDIS_USERNAME": urllib.parse.unquote(parts.username or ""),
        "CHEFU_REDIS_PASSWORD": urllib.parse.unquote(parts.password or ""),
        # Every text is a yes but the empty one.
        "CHEFU_REDIS_TLS": "yes" if parts.scheme == "rediss" else "",
    }

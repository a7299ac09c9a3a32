"""Addresses, environment, tracker and locks of the processes."""

import socket
from pathlib import Path

import pytest
import yaml

from scripts.ground import ROOT, Failure
from scripts.processes import Addresses, environment, lock_store, processes, tracker_url

POSTGRESQL = {"DATABASE_URL": "postgresql://u@db/chefu"}
REDIS = {"CHEFU_REDIS_URL": "redis://127.0.0.1:6379/0"}


def test_ports_come_from_the_environment() -> None:
    at = Addresses.of({"CHEFU_PORT": "81", "CHEFU_RASA_PORT": "82", "CHEFU_ACTIONS_PORT": "83"})
    assert (at.backend, at.rasa, at.actions) == (81, 82, 83)
    assert Addresses.of({"CHEFU_PORT": ""}) == Addresses()


@pytest.mark.parametrize("text", ["0", "65536", "-1", "eighty", "8000.0"])
def test_a_port_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(Failure, match="CHEFU_RASA_PORT"):
        Addresses.of({"CHEFU_RASA_PORT": text})


def test_a_busy_port_is_named_with_its_variable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Failure, match=rf"port {port} .*CHEFU_ACTIONS_PORT"):
            Addresses(backend=_free(), rasa=_free(), actions=port).check_free()


def test_free_ports_pass() -> None:
    Addresses(backend=_free(), rasa=_free(), actions=_free()).check_free()


def test_only_the_backend_leaves_loopback() -> None:
    at = Addresses(host="0.0.0.0")  # noqa: S104 - what an operator may choose
    rasa, actions, backend = processes(Path("m.tar.gz"), at)
    assert "127.0.0.1" in rasa.command
    assert "0.0.0.0" not in " ".join(rasa.command + actions.command)  # noqa: S104
    assert "--enable-api" not in rasa.command
    assert backend.probe == "http://127.0.0.1:8000/healthz"


def test_the_tracker_goes_where_the_store_is(tmp_path: Path) -> None:
    assert tracker_url("", tmp_path) == f"sqlite:///{tmp_path}/tracker.db"
    assert tracker_url("sqlite:////srv/own.db", tmp_path) == f"sqlite:///{tmp_path}/tracker.db"
    expected = "postgresql+psycopg2://u:p@db:5433/chefu"
    assert tracker_url("postgresql://u:p@db:5433/chefu", tmp_path) == expected
    assert tracker_url("postgres://u:p@db:5433/chefu", tmp_path) == expected


def test_several_processes_have_ports_and_names_of_their_own(tmp_path: Path) -> None:
    counts = {
        "CHEFU_RASA_PROCESSES": "2",
        "CHEFU_ACTIONS_PROCESSES": "3",
        "CHEFU_BACKEND_PROCESSES": "2",
    }
    at = Addresses.of({**POSTGRESQL, **REDIS, **counts, "CHEFU_PORT": "9000"})
    programs = {program.name: program for program in processes(Path("m.tar.gz"), at)}
    assert list(programs) == [
        "rasa", "rasa-2", "actions", "actions-2", "actions-3", "backend", "backend-2",
    ]  # fmt: skip
    assert "5006" in programs["rasa-2"].command
    assert programs["actions-3"].environment["CHEFU_ACTIONS_PORT"] == "5057"
    assert programs["actions-3"].probe == "http://127.0.0.1:5057/health"
    assert programs["backend-2"].environment["CHEFU_PORT"] == "9001"
    variables = environment(POSTGRESQL, at, tmp_path, 0.0)
    assert variables["CHEFU_RASA_URLS"] == "http://127.0.0.1:5005,http://127.0.0.1:5006"
    assert variables["CHEFU_ACTIONS_URLS"].count(",") == 2
    assert [port for _, _, port in at.ports()] == [9000, 9001, 5005, 5006, 5055, 5056, 5057]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"CHEFU_ACTIONS_PROCESSES": "2"}, "PostgreSQL"),
        ({"CHEFU_BACKEND_PROCESSES": "2", "DATABASE_URL": "sqlite:////a.db"}, "PostgreSQL"),
        ({"CHEFU_RASA_PROCESSES": "2", **REDIS}, "PostgreSQL"),
        ({"CHEFU_RASA_PROCESSES": "2", **POSTGRESQL}, "CHEFU_REDIS_URL"),
        ({"CHEFU_RASA_PROCESSES": "0"}, "CHEFU_RASA_PROCESSES=0"),
        ({"CHEFU_RASA_PROCESSES": "two"}, "CHEFU_RASA_PROCESSES=two"),
        ({"CHEFU_RASA_PROCESSES": "51", **POSTGRESQL, **REDIS}, "no room"),
        ({"CHEFU_ACTIONS_PORT": "65535", "CHEFU_ACTIONS_PROCESSES": "2", **POSTGRESQL}, "no room"),
        ({"CHEFU_PORT": "5005"}, "no room"),
    ],
)
def test_processes_that_could_not_share_are_refused(settings: dict[str, str], told: str) -> None:
    with pytest.raises(Failure, match=told):
        Addresses.of(settings)


def test_actions_and_backend_need_no_redis() -> None:
    counts = {"CHEFU_ACTIONS_PROCESSES": "2", "CHEFU_BACKEND_PROCESSES": "2"}
    assert Addresses.of({**POSTGRESQL, **counts}).actions_processes == 2


def test_locks_are_in_redis_when_it_is_given() -> None:
    assert lock_store("")["CHEFU_LOCK_STORE"] == "in_memory"
    variables = lock_store("rediss://me:p%40ss@cache.example.com:6380/3")
    assert variables == {
        "CHEFU_LOCK_STORE": "bot.engine.lock_store.LeaseLockStore",
        "CHEFU_REDIS_HOST": "cache.example.com",
        "CHEFU_REDIS_PORT": "6380",
        "CHEFU_REDIS_DATABASE": "3",
        "CHEFU_REDIS_USERNAME": "me",
        "CHEFU_REDIS_PASSWORD": "p@ss",
        "CHEFU_REDIS_TLS": "yes",
    }
    assert lock_store("redis://127.0.0.1")["CHEFU_REDIS_PORT"] == "6379"


@pytest.mark.parametrize(
    "url", ["127.0.0.1:6379", "http://a", "redis://", "redis://a:x", "redis://a/x", "redis://a/-1"]
)
def test_an_address_of_redis_that_is_none(url: str) -> None:
    with pytest.raises(Failure, match="CHEFU_REDIS_URL"):
        lock_store(url)


def test_every_variable_of_the_rasa_files_is_set(tmp_path: Path) -> None:
    text = (ROOT / "endpoints.yml").read_text()
    variables = environment({}, Addresses(), tmp_path, 1.5)
    for name, value in variables.items():
        text = text.replace(f"${{{name}}}", value)
    assert "$" not in text
    endpoints = yaml.safe_load(text)
    assert endpoints["action_endpoint"]["url"] == "http://127.0.0.1:5055/webhook"
    assert endpoints["tracker_store"]["url"].startswith("sqlite:")
    assert endpoints["lock_store"]["type"] == "in_memory"
    assert not endpoints["lock_store"]["use_ssl"]
    assert variables["CHEFU_CLOCK_OFFSET"] == "1.5"
    assert variables["RASA_TELEMETRY_ENABLED"] == "false"


def test_one_channel_is_open_in_production() -> None:
    assert list(yaml.safe_load((ROOT / "credentials.yml").read_text())) == [
        "bot.channel.ChefuChannel"
    ]


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

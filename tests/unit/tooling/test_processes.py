"""Addresses, environment and tracker of the three processes."""

import socket
import sqlite3
from pathlib import Path

import pytest
import yaml

from scripts.ground import ROOT, Failure
from scripts.processes import Addresses, environment, prepare_tracker, processes, tracker_url


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


def test_the_sqlite_tracker_is_in_wal_mode_for_whoever_opens_it(tmp_path: Path) -> None:
    prepare_tracker(tmp_path)
    connection = sqlite3.connect(tmp_path / "tracker.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_every_variable_of_the_rasa_files_is_set(tmp_path: Path) -> None:
    text = (ROOT / "endpoints.yml").read_text()
    variables = environment({}, Addresses(), tmp_path, 1.5)
    for name, value in variables.items():
        text = text.replace(f"${{{name}}}", value)
    assert "$" not in text
    endpoints = yaml.safe_load(text)
    assert endpoints["action_endpoint"]["url"] == "http://127.0.0.1:5055/webhook"
    assert endpoints["tracker_store"]["url"].startswith("sqlite:")
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

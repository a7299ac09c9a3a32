"""The generated `.env`: random, private, never overwritten."""

import stat
from pathlib import Path

from backend.settings import Settings
from scripts import dotenv


def test_first_start_writes_secrets_that_only_the_owner_can_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert dotenv.ensure(file)
    values = dotenv.parse(file.read_text())
    assert set(values) == set(dotenv.SECRETS)
    assert len(set(values.values())) == len(values)
    assert all(len(value) >= 40 for value in values.values())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_installations_never_share_a_secret(tmp_path: Path) -> None:
    for name in ("one", "two"):
        dotenv.ensure(tmp_path / name)
    one, two = (dotenv.parse((tmp_path / name).read_text()) for name in ("one", "two"))
    assert not set(one.values()) & set(two.values())


def test_the_backend_accepts_the_generated_secrets(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    dotenv.ensure(file)
    values = dotenv.parse(file.read_text())
    settings = Settings(
        channel_secret=values["CHEFU_CHANNEL_SECRET"],  # type: ignore[arg-type]
        session_secret=values["CHEFU_SESSION_SECRET"],  # type: ignore[arg-type]
    )
    assert settings.channel_secret.get_secret_value() == values["CHEFU_CHANNEL_SECRET"]


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    dotenv.ensure(file)
    before = file.read_bytes()
    assert not dotenv.ensure(file)
    assert file.read_bytes() == before


def test_what_the_owner_wrote_stays_and_only_the_missing_secret_is_added(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    own = "# ours\nCHEFU_PORT=9000\nCHEFU_CHANNEL_SECRET=written-by-the-owner-himself-0123\n"
    file.write_text(own)
    assert dotenv.ensure(file)
    assert file.read_text().startswith(own)
    values = dotenv.parse(file.read_text())
    assert values["CHEFU_CHANNEL_SECRET"] == "written-by-the-owner-himself-0123"
    assert values["CHEFU_PORT"] == "9000"
    assert len(values["CHEFU_SESSION_SECRET"]) >= 40


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("CHEFU_PORT=9000\nCHEFU_HOST=10.0.0.5\n")
    loaded = dotenv.load({"CHEFU_PORT": "9100"}, file)
    assert loaded == {"CHEFU_PORT": "9100", "CHEFU_HOST": "10.0.0.5"}


def test_quotes_comments_and_export_are_taken_off() -> None:
    text = "export A='x # y'\nB=\"two words\"\nC=plain # why\n#D=no\nE=a=b\nnothing\n"
    assert dotenv.parse(text) == {"A": "x # y", "B": "two words", "C": "plain", "E": "a=b"}

"""The fingerprint that names a model, and when training is left out."""

import json
import os
import sys
from pathlib import Path

import pytest

from scripts import training
from scripts.ground import Failure

NAMES = [
    {"kind": "model", "ref": "shanyu", "text": "山屿"},
    {"kind": "model", "ref": "yunchi", "text": "云驰"},
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The files that a model is made from."""
    for name in ("bot/data/nlu.yml", "bot/nlu/words.txt", "values/money.py", "domain.yml"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    (tmp_path / "config.yml").write_text("assistant_id: x\n")
    write_names(tmp_path, NAMES)
    return tmp_path


def write_names(tree: Path, names: list[dict[str, str]], version: int = 1) -> Path:
    file = tree / "catalogue.json"
    file.write_text(json.dumps({"schema": 1, "version": version, "names": names}))
    return file


def mark(tree: Path) -> str:
    return training.fingerprint(tree / "catalogue.json", tree)


@pytest.mark.parametrize(
    "name",
    ["config.yml", "domain.yml", "bot/data/nlu.yml", "bot/nlu/words.txt", "values/money.py"],
)
def test_each_source_changes_the_fingerprint(tree: Path, name: str) -> None:
    before = mark(tree)
    (tree / name).write_text("changed")
    assert mark(tree) != before


def test_a_new_and_a_moved_file_change_it(tree: Path) -> None:
    before = mark(tree)
    (tree / "bot/data/more.yml").write_text("")
    added = mark(tree)
    (tree / "bot/data/more.yml").rename(tree / "bot/data/other.yml")
    assert len({before, added, mark(tree)}) == 3


def test_only_the_names_of_the_catalogue_count(tree: Path) -> None:
    before = mark(tree)
    write_names(tree, list(reversed(NAMES)), version=9)
    assert mark(tree) == before
    write_names(tree, [*NAMES, {"kind": "model", "ref": "new", "text": "新车"}])
    assert mark(tree) != before


def test_what_running_leaves_behind_does_not_count(tree: Path) -> None:
    before = mark(tree)
    (tree / "values/__pycache__").mkdir()
    (tree / "values/__pycache__/money.cpython-310.pyc").write_text("x")
    os.utime(tree / "config.yml", (1, 1))
    assert mark(tree) == before


@pytest.fixture
def trainer(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of Rasa's Python: writes the model, or fails when told to."""
    program = tree / "environment" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"""#!{sys.executable}
import os, sys
print("2026 INFO hooks - Starting to train component 'bot.nlu.Tokenizer'.")
if os.environ.get("BREAK"):
    print("the reason")
    sys.exit(1)
out = sys.argv[sys.argv.index("--out") + 1]
name = sys.argv[sys.argv.index("--fixed-model-name") + 1]
open(os.path.join(out, name + ".tar.gz"), "w").write("trained")
"""
    )
    program.chmod(0o755)
    monkeypatch.setattr(training, "ROOT", tree)
    monkeypatch.setattr(training, "ASSISTANT", tree / "environment")
    fingerprint = training.fingerprint
    monkeypatch.setattr(training, "fingerprint", lambda file: fingerprint(file, tree))
    return tree


def test_a_model_is_trained_once_for_one_state(
    trainer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = trainer / "models"
    catalogue = trainer / "catalogue.json"
    first = training.ensure_model(catalogue, {}, models)
    assert first.read_text() == "trained"
    assert "training Tokenizer" in capsys.readouterr().out
    first.write_text("kept")
    assert training.ensure_model(catalogue, {}, models) == first
    assert first.read_text() == "kept"
    assert capsys.readouterr().out == ""


def test_the_last_two_models_are_kept(trainer: Path) -> None:
    models = trainer / "models"
    made = []
    for count in range(3):
        (trainer / "domain.yml").write_text(f"state {count}")
        made.append(training.ensure_model(trainer / "catalogue.json", {}, models))
        os.utime(made[-1], (1_000 + count, 1_000 + count))
    assert sorted(models.iterdir()) == sorted(made[1:])


def test_a_training_that_fails_leaves_no_model_and_tells_why(
    trainer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = trainer / "models"
    with pytest.raises(Failure):
        training.ensure_model(trainer / "catalogue.json", {"BREAK": "1"}, models)
    assert "the reason" in capsys.readouterr().out
    assert list(models.iterdir()) == []


def test_a_configuration_that_rasa_would_rewrite_is_refused(trainer: Path) -> None:
    (trainer / "config.yml").write_text("language: zh\n")
    with pytest.raises(Failure, match="assistant_id"):
        training.ensure_model(trainer / "catalogue.json", {}, trainer / "models")

"""Trains the model when something it is made from has changed, and finds the trained one.

A model is named by the fingerprint of everything that goes into it, so that a wrong one can
never be served, and one that has been trained is never trained again.
"""

import hashlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.ground import ASSISTANT, MODELS, REQUIREMENTS, ROOT, Failure, python_of, say

KEEP = 2
"""Models kept: the one in use and the one before it."""

SOURCES = ("config.yml", "domain.yml", "domain", "bot/data", "bot/nlu", "values")
STEPS = (
    ("Starting to train component '", "training "),
    ("Restored component '", "reusing "),
    ("Your Rasa model is trained", "saving the model"),
)


def fingerprint(catalogue: Path, root: Path = ROOT) -> str:
    """A short name for configuration, domain, data, code, packages and catalogue names.

    `catalogue` is the exported file; its version does not count, only the names in it.
    """
    digest = hashlib.sha256()
    for file in _inputs(root):
        digest.update(f"{file.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    digest.update((REQUIREMENTS / "assistant.txt").read_bytes())
    names = json.loads(catalogue.read_text())["names"]
    digest.update("\n".join(sorted(json.dumps(name, sort_keys=True) for name in names)).encode())
    return digest.hexdigest()[:16]


def _inputs(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        path = root / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc":
                yield file


def model_for(catalogue: Path, models: Path = MODELS) -> Path:
    """Where the model for this state of the tree is, or will be."""
    return models / f"chefu-{fingerprint(catalogue)}.tar.gz"


def ensure_model(catalogue: Path, environment: Mapping[str, str], models: Path = MODELS) -> Path:
    """The model for this state of the tree, trained now if it does not exist yet.

    Raises Failure when the training fails; a model that exists is then still whole.
    """
    model = model_for(catalogue, models)
    if model.exists():
        # It was used just now: keeps it when old ones are removed.
        os.utime(model)
        return model
    if "assistant_id:" not in (ROOT / "config.yml").read_text():
        # Rasa would write a random one into the file, and with it change the fingerprint.
        raise Failure("config.yml names no assistant_id")
    models.mkdir(exist_ok=True)
    say("Training the model: configuration, data, code or catalogue names have changed.")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=".training-", dir=models) as folder:
        name = model.name.removesuffix(".tar.gz")
        train(Path(folder), name, environment)
        (Path(folder) / model.name).replace(model)
    say(f"Trained {model.name} in {time.monotonic() - started:.0f} s.")
    _remove_old(models)
    return model


def train(
    out: Path,
    name: str,
    environment: Mapping[str, str],
    *,
    config: Path = Path("config.yml"),
    domain: Path | None = None,
    data: Path = Path("bot/data"),
) -> None:
    """Trains anew, without Rasa's cache, into `out`; ours unless told otherwise. Raises Failure."""
    domain = domain or Path("domain" if (ROOT / "domain").is_dir() else "domain.yml")
    command = [
        str(python_of(ASSISTANT)), "-m", "rasa", "train", "--force", "--config", str(config),
        "--domain", str(domain), "--data", str(data), "--out", str(out),
        "--fixed-model-name", name,
    ]  # fmt: skip
    # Rasa's own cache looks at a component's class alone and would miss a change in `values`
    # or in the catalogue; the fingerprint above replaces it.
    variables = {**environment, "RASA_MAX_CACHE_SIZE": "0", "PYTHONUNBUFFERED": "1"}
    started = time.monotonic()
    lines: list[str] = []
    # A group of its own, so that stopping takes everything that training has started.
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", start_new_session=True,
    ) as process:  # fmt: skip
        done = threading.Event()
        beat = threading.Thread(target=_heartbeat, args=(done, started), daemon=True)
        beat.start()
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            for line in process.stdout:
                lines.append(line.rstrip())
                step = _step(line)
                if step:
                    say(f"  {time.monotonic() - started:4.0f} s  {step}")
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            done.set()
    if process.returncode or not (out / f"{name}.tar.gz").exists():
        for line in lines[-40:]:
            say(f"    {line}")
        raise Failure("the training failed, see above")


def _heartbeat(done: threading.Event, started: float) -> None:
    while not done.wait(20):
        say(f"  {time.monotonic() - started:4.0f} s  …")


def _step(line: str) -> str | None:
    for text, wording in STEPS:
        if text in line:
            rest = line.partition(text)[2].partition("'")[0] if text.endswith("'") else ""
            return wording + rest.rpartition(".")[2]
    return None


def _remove_old(models: Path) -> None:
    found = sorted(models.glob("chefu-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in found[:-KEEP]:
        old.unlink(missing_ok=True)

"""Small programs in the place of the three processes, and `make run` with them.

`python -m tests.unit.tooling.stand_ins FOLDER PORT…` runs what `make run` runs, with the store
and the training left out.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from scripts import dotenv, processes, run, training
from scripts.processes import Process

PROGRAM = Path(__file__).with_name("answering.py")


def answering(name: str, port: int) -> Process:
    """A program whose every address answers with its process id and its clock's offset."""
    command = (sys.executable, str(PROGRAM), name, str(port))
    return Process(name, command, f"http://127.0.0.1:{port}/")


def main(folder: str, *ports: str) -> int:
    names = ("rasa", "actions", "backend")
    programs = tuple(answering(name, int(port)) for name, port in zip(names, ports, strict=True))
    variables = {
        "CHEFU_VAR": folder,
        "CHEFU_RASA_PORT": ports[0],
        "CHEFU_ACTIONS_PORT": ports[1],
        "CHEFU_PORT": ports[2],
        "CHEFU_CLOCK": "2026-11-25T10:00:00+08:00",
    }
    with (
        patch.object(dotenv, "load", lambda: variables),
        patch.object(run, "prepare_store", lambda *_, **__: None),
        patch.object(training, "ensure_model", lambda *_: Path("model.tar.gz")),
        patch.object(processes, "processes", lambda *_: programs),
    ):
        return run.main()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

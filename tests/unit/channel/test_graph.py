"""A graph gives the same without a scheduler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.engine.graph import DirectGraphRunner

CALLS: list[str] = []


class Part(GraphComponent):
    """Notes its calls; joins what it is given."""

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def create(cls, config: Any, model_storage: Any, resource: Any, execution_context: Any) -> Part:
        return cls(config["name"])

    def join(self, **given: Any) -> str:
        CALLS.append(self._name)
        return f"{self._name}({','.join(f'{key}={value}' for key, value in given.items())})"

    def fail(self, **_: Any) -> str:
        raise RuntimeError("no")


def node(name: str, fn: str = "join", **needs: str) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Part, constructor_name="create", fn=fn, config={"name": name}, eager=True
    )


SCHEMA = GraphSchema(
    {
        "last": node("last", second="b", first="a", message="__message__"),
        "b": node("b", x="a", y="provider"),
        "a": node("a", message="__message__"),
        "provider": node("provider"),
        "not wanted": node("not wanted", x="last"),
        "broken": node("broken", "fail"),
        "clash": node("clash", x="b"),
    }
)


def runner(kind: type[DaskGraphRunner], folder: Path) -> DaskGraphRunner:
    return kind.create(SCHEMA, LocalModelStorage(folder), ExecutionContext(SCHEMA))


@pytest.mark.parametrize("targets", [["last"], ["b"], ["b", "last"], ["provider", "a"], ["clash"]])
def test_it_gives_what_dask_gives(targets: list[str], tmp_path: Path) -> None:
    direct = runner(DirectGraphRunner, tmp_path)
    stock = runner(DaskGraphRunner, tmp_path)
    for message in ("m", "n"):
        CALLS.clear()
        expected = stock.run({"__message__": message}, targets)
        called = sorted(CALLS)
        CALLS.clear()
        assert direct.run({"__message__": message}, targets) == expected
        assert sorted(CALLS) == called


def test_a_node_can_be_given(tmp_path: Path) -> None:
    inputs = {"__message__": "m", "a": 5}
    direct, stock = runner(DirectGraphRunner, tmp_path), runner(DaskGraphRunner, tmp_path)
    assert direct.run(inputs, ["last"]) == stock.run(inputs, ["last"])


@pytest.mark.parametrize("kind", [DirectGraphRunner, DaskGraphRunner])
def test_failures_are_those_of_rasa(kind: type[DaskGraphRunner], tmp_path: Path) -> None:
    made = runner(kind, tmp_path)
    with pytest.raises(Exception, match="broken"):
        made.run({}, ["broken"])
    with pytest.raises(GraphRunError):
        # What nothing provides.
        made.run({}, ["a"])

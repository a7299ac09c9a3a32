"""Runs a trained graph step by step, without a scheduler.

Rasa runs it through dask, which plans the few steps anew for each message and each prediction. The
plan depends on the model alone, so here it is made once.
"""

from __future__ import annotations

from typing import Any

import rasa.core.processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

Step = tuple[str, GraphNode, tuple[str, ...]]
"""Name, node, and the names of those whose output it takes."""


class DirectGraphRunner(DaskGraphRunner):
    """Gives what `DaskGraphRunner` gives, in the order in which the nodes need each other."""

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Raises `GraphRunError` as the original does."""
        wanted = tuple(targets or self._graph_schema.target_names)
        done: dict[str, Any] = {}
        self._add_inputs_to_graph(inputs, done)
        try:
            for name, node, needs in self._steps(wanted):
                if name not in done:
                    # A need that nothing provides is passed by its name, as dask does.
                    done[name] = node(*(done.get(need, need) for need in needs))
            return dict(done[target] for target in wanted)
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error

    def _steps(self, targets: tuple[str, ...]) -> list[Step]:
        plans: dict[tuple[str, ...], list[Step]] = self.__dict__.setdefault("_plans", {})
        if targets not in plans:
            plans[targets] = self._plan(targets)
        return plans[targets]

    def _plan(self, targets: tuple[str, ...]) -> list[Step]:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        steps: list[Step] = []
        planned: set[str] = set()

        def plan(name: str) -> None:
            if name in planned or name not in nodes:
                return
            planned.add(name)
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                plan(need)
            steps.append((name, self._instantiated_nodes[name], needs))

        for target in targets:
            plan(target)
        return steps


def install() -> None:
    """Models that are loaded from now on are run this way."""
    rasa.core.processor.DaskGraphRunner = DirectGraphRunner

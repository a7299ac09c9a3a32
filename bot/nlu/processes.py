"""Runs a function on several inputs in as many processes as there are processors.

Training uses it for NumPy and SciPy work that one thread would do alone. The processes are forks:
they see what the function needs without copying it.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

Input = TypeVar("Input")
Output = TypeVar("Output")

_PARTS = 16
"""The same on every machine, and so is what is computed of each part."""

_work: dict[str, Any] = {}


def _call(index: int) -> Any:
    # One thread each: together they have all processors already.
    with threadpool_limits(1):
        return _work["function"](_work["inputs"][index])


def parts_of(inputs: Sequence[Input]) -> list[Sequence[Input]]:
    """The inputs in a few parts of one size, in their order: more parts than processors, so that
    none waits long for the last."""
    size = len(inputs) // _PARTS + 1
    return [inputs[first : first + size] for first in range(0, len(inputs), size)]


def in_processes(function: Callable[[Input], Output], inputs: Sequence[Input]) -> list[Output]:
    """``function`` of each input, in their order; what it raises is raised here.

    One after the other where processes cannot be forked, or with one processor or input.
    """
    workers = min(os.cpu_count() or 1, len(inputs))
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return [function(each) for each in inputs]
    _work.update(function=function, inputs=inputs)
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            return list(pool.map(_call, range(len(inputs))))
    finally:
        _work.clear()

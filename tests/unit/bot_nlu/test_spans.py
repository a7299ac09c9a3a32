from bot.nlu.spans import Span, longest, settle


def span(kind: str, start: int, end: int) -> Span:
    return Span(kind, start, end, "x" * (end - start), kind)


def test_the_longer_finding_wins() -> None:
    assert settle([span("ordinal", 0, 3)], [span("time", 0, 5)]) == [span("time", 0, 5)]
    assert settle([span("model", 0, 4)], [span("number", 2, 4)]) == [span("model", 0, 4)]


def test_on_the_same_words_a_name_goes_before_a_value_and_a_value_before_a_generic_word() -> None:
    assert settle([span("model", 0, 2)], [span("mileage", 0, 2)]) == [span("model", 0, 2)]
    assert settle([span("energy", 0, 2)], [span("person", 0, 2)]) == [span("person", 0, 2)]


def test_a_model_inside_a_trim_name_stays_only_with_the_trim() -> None:
    mentions = [span("trim", 0, 6), span("model", 0, 2)]
    assert settle(mentions, []) == [span("model", 0, 2), span("trim", 0, 6)]
    assert settle(mentions, [span("person", 0, 9)]) == [span("person", 0, 9)]


def test_neighbours_do_not_compete() -> None:
    assert longest([span("model", 2, 4), span("trim", 4, 7)]) == [
        span("model", 2, 4),
        span("trim", 4, 7),
    ]


def test_an_entity_leaves_out_what_it_has_not() -> None:
    assert span("model", 0, 1).entity() == {
        "entity": "model",
        "value": "model",
        "start": 0,
        "end": 1,
        "text": "x",
        "extractor": "bot.nlu",
    }
    open_trim = Span("trim", 0, 3, "豪华版", "a", ("a", "b"))
    assert open_trim.entity()["alternatives"] == ["a", "b"]

import pytest

from bot.nlu.processes import in_processes


def inverse(number: int) -> float:
    return 1 / number


def test_results_keep_the_order_of_the_inputs() -> None:
    assert in_processes(inverse, range(1, 40)) == [1 / number for number in range(1, 40)]


@pytest.mark.parametrize("inputs", [[], [4]])
def test_few_inputs_need_no_process(inputs: list[int]) -> None:
    assert in_processes(lambda number: number * 2, inputs) == [number * 2 for number in inputs]


def test_a_function_need_not_be_importable() -> None:
    added = 3
    assert in_processes(lambda number: number + added, [1, 2, 3]) == [4, 5, 6]


def test_what_a_function_raises_is_raised_and_the_next_call_works() -> None:
    with pytest.raises(ZeroDivisionError):
        in_processes(inverse, [1, 0, 2])
    assert in_processes(inverse, [1, 2]) == [1, 0.5]

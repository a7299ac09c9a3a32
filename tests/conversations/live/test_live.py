"""The written conversations of this folder, side by side against one running system."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from tests.conversations.live.playing import Played
from tests.conversations.live.script import Script, scripts
from tests.e2e.conftest import NOW
from tests.e2e.customer import Office
from tests.system import RunningSystem

SIDE_BY_SIDE = 6
ALL = scripts()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address and staff token of the system."""
    with RunningSystem(tmp_path_factory.mktemp("live"), clock=NOW) as system:
        yield system.base_url, system.staff_token()


@pytest.fixture(scope="session")
def played(
    site: tuple[str, str], request: pytest.FixtureRequest
) -> Iterator[dict[str, Future[Played]]]:
    """The selected conversations, all begun at once: each test waits for its own."""
    calls = [getattr(item, "callspec", None) for item in request.session.items]
    selected: list[Script] = [c.params["script"] for c in calls if c and "script" in c.params]
    address, token = site
    with (
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
        ThreadPoolExecutor(SIDE_BY_SIDE) as pool,
    ):
        office = Office(client, token)
        yield {s.id: pool.submit(Played(client, office, s).play) for s in selected}


def _parameter(script: Script) -> object:
    marks = [pytest.mark.xfail(reason=script.xfail, strict=True)] if script.xfail else []
    return pytest.param(script, id=script.id, marks=marks)


@pytest.mark.parametrize("script", [_parameter(script) for script in ALL])
def test_conversation(played: dict[str, Future[Played]], script: Script) -> None:
    conversation = played[script.id].result()
    if conversation.wrong:
        pytest.fail("\n".join([*conversation.wrong, "", *conversation.transcript]), pytrace=False)


def test_there_are_enough_in_both_languages() -> None:
    english = sum(script.english for script in ALL)
    assert english >= 50
    assert len(ALL) - english >= 100


def test_no_two_want_the_same_car_or_too_many_bays_at_one_time() -> None:
    """They run side by side in any order: none may depend on what another books."""
    drives: list[tuple[str, str]] = []
    visits: list[str] = []
    for script in ALL:
        for row in [*script.records["a"], *script.records["b"]]:
            if "at" in row:
                hour = str(row["at"])[5:13]
                if "drive" in row:
                    drives.append((row["drive"], hour))
                elif "visit" in row:
                    visits.append(hour)
    assert len(set(drives)) == len(drives), {one for one in drives if drives.count(one) > 1}
    assert all(visits.count(hour) <= 2 for hour in visits)

"""A loan for several cars at once, without interest, and against paying in full."""

from tests.integration.actions import demo, reckon
from tests.integration.actions.dialogue import Dialogue, mention
from tests.integration.actions.drives import SHANYU

E5 = mention("model", "xinghe-e5")
GUITU = mention("model", "guitu-m8")


def first(model: str) -> str:
    return min(demo.trims_of(model), key=lambda code: demo.prices()[code])


def paid(model: str) -> int:
    return demo.prices()[first(model)] - reckon.discount(first(model))


def each(principal: int, months: int, plan: str) -> str:
    return demo.yuan(reckon.monthly(principal, months, demo.plan(plan)["annual_rate_percent"]))


async def test_each_car_is_reckoned_under_its_own_plans(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿和星禾E5首付三成48期月供多少", "ask_finance", SHANYU, E5)
    head, petrol, electric, *_ = said.text.splitlines()
    assert "各款" in head
    share = paid("shanyu") * 30 // 100
    assert petrol.startswith(f"• 山屿 {demo.trims()[first('shanyu')]['name_zh']}（")
    assert f"月供 {each(paid('shanyu') - share, 48, 'standard')}" in petrol
    assert demo.plan("green")["name_zh"] not in petrol
    share = paid("xinghe-e5") * 30 // 100
    assert f"月供 {each(paid('xinghe-e5') - share, 48, 'green')}" in electric
    # The cars stay in question.
    (said,) = await chat.says("那36期呢", "inform")
    assert len([line for line in said.text.splitlines() if "36 期" in line]) == 2


async def test_too_little_down_takes_the_least_of_each(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿和星禾E5首付5千，60期", "ask_finance", SHANYU, E5)
    _, petrol, electric, *_ = said.text.splitlines()
    assert "（20%）" in petrol
    assert "（15%）" in electric


async def test_without_interest_names_the_cars_that_have_it(chat: Dialogue) -> None:
    await chat.says("山屿贷款三成36期", "ask_finance", SHANYU)
    (said,) = await chat.says("有没有免息的", "ask_finance")
    assert said.text.startswith("山屿没有免息方案，免息的是：")
    assert "归途 M8：归途 24 期免息" in said.text
    (said,) = await chat.says("哪款车有免息", "ask_finance")
    assert said.text.startswith("免息的有：")
    # It is that car then.
    (said,) = await chat.says("那多少钱", "ask_price")
    assert "归途 M8" in said.text


async def test_without_interest_on_a_car_that_has_it_is_reckoned(chat: Dialogue) -> None:
    (said,) = await chat.says("归途M8免息的话首付五成24期", "ask_finance", GUITU)
    assert "总利息 0 元" in said.text


async def test_paying_in_full_against_a_loan(chat: Dialogue) -> None:
    await chat.says("月供3000能买什么", "ask_finance")
    said = await chat.says("山屿全款和贷款哪个划算", "ask_finance", SHANYU)
    assert said[0].text.startswith("全款没有利息")
    # The instalment named for another question is none for this one.
    assert "总利息" in said[1].text

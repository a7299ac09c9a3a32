"""What customers who wait for a person write about the waiting, told from everything else."""

import pytest

from bot.actions.line_words import asks_about_line, declines_person, needs_nothing

ASKS = """
人呢
人呢？？
人工呢
客服呢？
顾问怎么还没来
人工什么时候来
有人吗
还有人吗
有没有人啊
有人在吗？
没人吗
怎么没人理我
怎么还没人回
在吗
还在吗？
还要多久
还要等多久
还要多长时间啊
要等多久呀
大概要多久
到底还要等多久？
多久能到我
多久有人
什么时候有人来
什么时候轮到我
几点有人
轮到我了吗
到我了没
排到几了
排到第几位了
我排第几
前面还有几个人
前面还有多少人？
等了好久了
还在等呢
催一下
快点
能不能快点
請問還要等多久
anyone there
anyone there?
Is anyone there??
is anybody here
hello, is there anyone
someone there?
how long
how long?
how much longer
how long is the wait
how long will it take
how long do I have to wait
how long until someone answers
still waiting
I'm still waiting
still waiting for someone
where is everyone
when will someone reply
when is somebody coming
what's my place in line
where am I in the queue
how many people are ahead of me
am I next?
any news
hurry up please
""".strip().splitlines()

DECLINES = """
不用人工了
不用转人工了
不需要人工客服了
不用找人了
不用叫人了，谢谢
不用麻烦顾问了
别转了
不用转了
不用等了
不等了
不排队了
取消排队
取消转人工
取消等待
问题解决了
问题已经解决了，谢谢
已经解决了
不用安排人了
no need for a person
no need for a human anymore
no need to wait
I don't need a person any more
don't need an agent anymore
I no longer need a consultant
never mind the person
forget about the agent
cancel the handover
stop waiting
I won't wait
not waiting anymore
take me out of the line
leave the queue
it's solved
that's sorted now, thanks
problem solved
all sorted
""".strip().splitlines()

NEITHER = """
山屿多少钱
提车要等多久
保养要多久
充满电要多久
这车有人买吗
周六有人试驾吗
你们几点开门
有没有天窗
人脸识别有吗
人多吗周末
快充要多久
快点的车有吗
前面还有几个车位
how long is the warranty
how long does a service take
how long is the car
is anyone selling a used one there
when will my car be ready
what is the price
any news on my order
I want to talk to a person
转人工
我要人工
不要机器人，要人工
不等了，直接转人工
问题没解决
问题还没解决，转人工
不要这个颜色
不用人工智能
不用换机油吗
我不需要置换
don't want a robot
it isn't solved
I still want a person
I don't need a test drive
别人都说好
不要人家的旧车
""".strip().splitlines()


@pytest.mark.parametrize("text", ASKS)
def test_asking_again(text: str) -> None:
    assert asks_about_line(text)
    assert not declines_person(text)


@pytest.mark.parametrize("text", DECLINES)
def test_nobody_is_needed(text: str) -> None:
    assert declines_person(text)
    assert not asks_about_line(text)


@pytest.mark.parametrize("text", NEITHER)
def test_everything_else(text: str) -> None:
    assert not asks_about_line(text)
    assert not declines_person(text)


@pytest.mark.parametrize(
    "text",
    ["不用了", "不需要了，谢谢", "没事了", "不用麻烦了", "明白了，谢谢", "never mind", "nvm",
     "no need", "no thanks", "it's fine", "that's all, thank you", "got it, thanks"],
)  # fmt: skip
def test_perhaps_nothing_is_needed(text: str) -> None:
    assert needs_nothing(text)


@pytest.mark.parametrize("text", ["不对", "不是这个", "谢谢", "wrong", "that's not it", "thanks"])
def test_a_plain_no_or_thanks_is_about_something_else(text: str) -> None:
    assert not needs_nothing(text)


@pytest.mark.parametrize("text", ["人呢" * 1000, "等" * 2000, "how long " * 200, "", "不用" * 900])
def test_long_texts_say_more_than_that(text: str) -> None:
    assert not asks_about_line(text)
    assert not declines_person(text)

"""Anger at the dealership, told from enthusiasm, from a calm complaint and from anger at others."""

import time
from pathlib import Path

import pytest
import yaml

from backend.conversations.anger import is_angry

ROOT = Path(__file__).parents[3]

ANGRY_ZH = """
你们什么垃圾
你们这是什么垃圾服务
垃圾店，以后谁来谁傻
一群废物，连个电话都不会打
你们就是骗子
你們就是騙子
奸商！
真是黑店
客服是死光了吗
你这机器人是不是脑子有病
能不能说人话
少废话，马上给我叫人来
别跟我废话了，到底有没有人管
滚蛋吧
都给我滚
你们脑子进水了吧
你们有病吧，一天打我八个电话
傻逼系统
王八蛋，还我定金
把我当猴耍是吧
你们拿我当冤大头呢
什么破店，一问三不知
这什么鬼服务
再不处理我就打12315
我已经打了 12315 了，等着吧
打 12315 举报你们
明天我就去消协告你们
我要向市场监管局举报
直接去市场监管局
投诉到总部去
给厂家打电话投诉你们
再不回我就曝光你们
我要找媒体
我找记者来拍
发到抖音让大家避雷你们家
挂到小红书上曝光
今天不给我解决我就报警
不退钱我就起诉你们
咱们法院见
等着收律师函吧
我要去你们店门口拉横幅
信不信我把你们招牌砸了你们店
到底有没有人管？？？？？
等了三个小时没人理我！！！
打了八遍电话都没人接，太过分了
什么态度啊，问一句顶十句，气死我了
烦死了，到底还要问几遍！
妈的，又没人回
他妈的到底修不修
太离谱了，拖了两个月还没动静
赶紧给我退钱！！！
真服了，说好今天回电话，又没人打
受够了，马上给我退车
我操，等了两个小时还没人来
谁给你们的胆子乱收费
真当我好欺负是吧
你们的售后太垃圾了，车不错有什么用
车是好看，可是你们服务就是垃圾
态度恶劣，我要投诉！！！
敷衍我三次了，还没处理
你们太欺负人了，定金不退，电话不接
三番五次找你们，没一次给解决，离谱到家了
问你三遍了，你是聋了吗
白痴客服
真是一帮骗子
骗我交定金，完了就不认账，你们还要不要脸
我要去消费者协会投诉你们
等着被315曝光吧
行，那我找12345了
不给退我天天来你们店门口坐着
滚，叫人工
废物机器人
垃圾软件
妈的等一上午了，人呢
人呢？？？？？？都等半个小时了！！！
还有没有人管了？！？！
服务烂到家了，再也不会来第二次
你是智障吗
你是不是傻
听得懂中文吗你
说了多少遍了，烦不烦！！
我受够你们了
你们店的人素质太差了，气死我了
退钱！退钱！退钱！
有完没完，问来问去都是这几句
呵呵，骗子公司
一个破保养折腾一天，你们会不会干活
乜嘢垃圾服务啊
丢，等咗两个钟都冇人理
"""

ANGRY_EN = """
you are useless
You people are a complete joke
your service is pathetic
what a bunch of liars
you're nothing but crooks
this dealership is a disgrace
total rip-off
you scammed me
this bot is useless
fuck you
piss off
shut up and get me somebody
worst dealership I have dealt with
I'm going to sue you
you will hear from my lawyer
see you in court
I am reporting you to trading standards
I'll call 12315 about this
going to the press with this
I will report you to the consumer council
fix it today or I will post this everywhere
this is my final warning
I'm fed up, nobody ever calls me back
sick of this, still waiting after two weeks
ABSOLUTELY RIDICULOUS, ANSWER ME
WTF IS GOING ON WITH MY CAR
I HAVE BEEN WAITING FOR THREE HOURS
NOBODY ANSWERS THE DAMN PHONE
what the fuck, no one has called me back
called five times, this is unacceptable
I want my money back, you lied to me
waited two hours and no one came, outrageous
still no reply!!! ridiculous
this is a waste of my time, get me the manager
rubbish workshop, scratched my door
nice car, but your staff are useless
had enough of this place
you guys are a bunch of clowns
Are you people deaf? I asked three times already
this is bullshit
bullshit, you promised friday
I've never been treated so badly, your manager is a liar
give me a human you stupid bot
stupid bot
Absolutely disgusted with your service
I will go to the consumer protection and post about you online
Your dealership stole my deposit
are you kidding me??? third time this week
what kind of service is this!!! nobody picks up
utterly useless, the lot of you
I'm so angry right now, you ruined my car
YOU LIED TO ME
stop wasting my time, get me a manager right now
you will be hearing from my solicitor
this place is a scam
"""

CALM_ZH = """
气死我了这车真好看
卧槽这车太帅了
我靠，这价格也太香了吧！！！
妈的太好看了，想买
他妈的这加速爽死了
牛逼！！！
哇！！！天窗好大！！！
真的吗？？？这么便宜？
太离谱了，居然这么省油
笑死我了哈哈哈
烦死了，颜色太多选不出来
你们的车太漂亮了，气死隔壁老王
山屿多少钱？
在吗？？？
人呢
有没有人
马上就要提车了，好激动！！！
周六就去试驾！！！
赶紧帮我约一下试驾
能不能快点
我要投诉
我要投诉你们销售，承诺的脚垫没送
等了两个小时没人管
师傅态度一般，希望改进
服务有点慢，建议加人
你们店里垃圾桶在哪
车里的垃圾袋有送吗
别再给我发垃圾短信了
12315是什么电话
12345
12315
12315 怎么打
我的电话是13812315678
车牌浙A12315
你们不会是骗子吧
怎么防骗子
听说别家店骗人，你们家靠谱吗
上一家4s店就是骗子，所以来你们这看看
隔壁店态度太差，气死我了
网上有人说你们是黑店，真的假的
堵车堵死了，烦死了，晚到一会儿
今天下雨，气死人，改到明天吧
孩子一直哭，烦死了，晚点聊
老公不同意，气死我了
刹车失灵了！！！
车冒烟了怎么办？？？
防盗报警一直响
胎压报警灯亮了
撞车了，我已经报警了
轮胎被扎了，真倒霉
车机有点傻，语音听不懂
这个辅助驾驶是不是智障，怎么老提醒
请律师看过合同了，没问题
提车发朋友圈有礼物吗
发抖音有没有奖励
你妈妈的车也是这款吗
给我妈买的，她不喜欢太大的
滚装船运过来的车吗
滚筒刷洗车会不会伤漆
怎么还没到呀，等了三天了
到底是油车好还是电车好
到底哪款更省油？
价格还能再低点吗，太贵了
不要了，算了
你说的不对
不是这个意思
我生气了哦，哈哈
再不降价我就买别的了
要是不满意可以退吗
废旧电池怎么处理
气死了，昨天错过优惠了
这也太便宜了吧！！！你们没标错？
到底几点开门啊？
你们几点关门？？我快到了！！
麻烦马上给我回个电话，谢谢
我老婆说你们家车是垃圾堆里捡的，哈哈开玩笑
不许骗人哦
骗你的啦
不是骗人的吧，这么大优惠
你们是正规4s店吗，怕被骗
后备箱垃圾好多，能洗吗
说人话就是想要个省油的
别废话文学，直接报价
废话不多说，落地多少
滚动轴承要换吗
混蛋儿子把车刮了，补漆多少钱
我儿子是个小混蛋，把屏幕弄花了
傻傻分不清高配和顶配
我是小白，问个傻问题
我瞎了才会买隔壁那款
现在谁不忽悠，还是你们实在
太敷衍了这雨，下一会儿停一会儿
赔钱货老车能置换多少
出了事故保险赔多少
对方全责，怎么赔
我想举报一个超速的
退定金要多久
能退款吗
等一个小时可以吗
修了三次终于好了，感谢师傅
打了两次电话才约上，不过还是谢谢
没人接电话，是下班了吗
昨天没人回我，今天再问问
太过分了，这么好看让我怎么选
离谱，这配置才15万
无语，我又忘带证件了
生气，没抢到
服气，你们速度真快
真服了我自己，又说错了，是山屿
操作复杂吗
草绿色有吗
靠谱吗
靠边停车了
卧槽冒烟了
我操刹车失灵了怎么办
妈的车打不着火了
他妈的爆胎了
完了完了撞车了！！！
"""

CALM_EN = """
damn this car looks good
holy shit that is fast, love it
this car is fucking gorgeous
WOW I LOVE IT
I LOVE THE NEW SHANYU SO MUCH
bloody brilliant
what the hell, that's cheap!!!
is anyone there???
hello??
how much is it???
can someone call me back please
I'd like to make a complaint
I waited two hours and nobody came
the service was a bit slow
I want to complain about the delay
could I get a refund of the deposit?
please fix it right now if you can
this may be a stupid question, but does it have a spare wheel
I feel stupid, I forgot the appointment
is this offer a scam?
I keep getting scam calls
I was ripped off by another dealer, so I'm careful
my last garage was useless
the traffic is terrible, I'll be late
sick of petrol prices, show me electric ones
my kids are driving me mad, so a third row please
what is 12315?
how do I contact trading standards?
ABS AND ESP LIGHTS ARE ON
MY PLATE IS ZHE A12345
VIN LSVAA4182E2184841
there is smoke coming out of the bonnet!!!
the brakes are gone!!!
the boot is rubbish for golf clubs
that colour is awful, do you have others
what a terrible day, my battery died
is the warranty any good or is it useless
never mind
no, that's wrong
I don't want this one
my husband is angry, he wanted red
I was angry with the old car, it always broke down
that's insane value!!!
no way, really???
hell yes
are you kidding me, that cheap?
stupid me, wrong number
the idiot in front of me braked and I hit him
some moron keyed my car, can you fix the paint
my idiot brother scratched it
is the old engine really rubbish?
I hate white cars
I hate waiting, how long does an oil change take
don't rip me off please, what's your best price
how do I report a stolen car
HOW MUCH IS IT
CAN I COME ON SATURDAY
PLEASE CALL ME BACK
what time do you close???
nobody told me I needed the invoice, where do I get one
I've been waiting for this model for months, so excited
I've been waiting for my number plate for two weeks, is that normal?
it's been a terrible week, need some good news, any discounts?
the old dealer lied to me, can you do better?
damn, forgot my appointment
shit, the engine is smoking
fuck the brakes don't work
WTF my car is on fire
"""


def sentences(*texts: str) -> list[str]:
    return [line for text in texts for line in text.splitlines() if line]


def test_there_are_enough_of_both() -> None:
    assert len(sentences(ANGRY_ZH, ANGRY_EN)) > 130
    assert len(sentences(CALM_ZH, CALM_EN)) > 170


@pytest.mark.parametrize("text", sentences(ANGRY_ZH, ANGRY_EN))
def test_anger_is_heard(text: str) -> None:
    assert is_angry(text)


@pytest.mark.parametrize("text", sentences(CALM_ZH, CALM_EN))
def test_no_false_alarm(text: str) -> None:
    assert not is_angry(text)


TELLING = frozenset({"complaint", "human_handoff"})
"""Intents whose sentences may be angry: that the others are not, is their annotators' word."""


def test_false_alarms_are_rare_where_nobody_complains() -> None:
    """Every sentence of the training data and of those held back, by its intent."""
    seen, heard = 0, []
    for folder in ("bot/data", "tests/nlu"):
        for path in sorted((ROOT / folder).glob("*.yml")):
            for entry in yaml.safe_load(path.read_text()).get("nlu", []):
                if entry.get("intent", "complaint") in TELLING:
                    continue
                for line in entry["examples"].splitlines():
                    seen += 1
                    if is_angry(line.removeprefix("- ")):
                        heard.append(line)
    assert seen > 20_000
    assert len(heard) <= seen // 3_000, heard


@pytest.mark.parametrize(
    "text",
    ["", "？", "!" * 2000, "?!" * 1000, "你们" * 1000, "再不" * 1000, "a " * 1000, "SHIT " * 400,
     "没人" * 1000, "打了" * 1000, "this is " * 250, "you " * 500, "发到抖音" * 500, "\n" * 2000],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()
    is_angry(text)
    # Of the order of a millisecond; the limit is for a machine that is busy.
    assert time.perf_counter() - started < 1

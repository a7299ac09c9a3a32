"""The words by which a customer's anger at the dealership is heard, in both languages.

All patterns meet text in lower case, half width and simplified characters, Chinese without spaces
(see `anger`), clause by clause. `unless` names what makes a sign void in the same clause.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


_GAPS = {"~": r"[^，。；,.;!?！？\n]{0,8}", "≈": r"[^，。；,.;!?！？\n]{0,24}"}


def sign(pattern: str, unless: str = "") -> Sign:
    """`~` stands for a short gap within a clause, `≈` for a long one."""
    for mark, gap in _GAPS.items():
        pattern, unless = pattern.replace(mark, gap), unless.replace(mark, gap)
    return Sign(re.compile(pattern), re.compile(unless) if unless else None)


# ---- one of these is enough ----

_WE = (
    r"(?:你们|贵店|本店|这家|这店|这个店|这破|店里|你这|客服|顾问|销售|师傅|经理|机器人|助手|服务"
    r"|售后|4s店|车行)"
)
_BAD = (
    r"(?:垃圾(?!桶|袋|箱|堆|站|分|短信|邮件|电话|广告|扔|处|车)|废物|不要脸|无耻|脑残|智障|弱智|白痴"
    r"|蠢(?:货|死|猪)|猪脑|饭桶|吃干饭|吃屎|狗屁|狗屎|流氓|缺德|黑心|坑人|坑爹|坑钱|骗钱|骗人|骗子"
    r"|死光|烂透|有病(?!人|毒))"
)
_ASKED = r"是不是|会不会|不会是|不是(?!个|一)|并非|不像|怎么(?:防|辨|避)|怕|担心|别人|有人说"
_BAD_EN = (
    r"(?:useless|pathetic|idiots?|morons?|imbeciles?|stupid|incompetent|liars?|scammers?|thieves"
    r"|crooks?|cheats|disgrac\w+|disgusting|garbage|trash|rubbish|crap|bullshit|shit\w*|clowns?"
    r"|scum|muppets?|clueless|brain-?dead|con ?men|an? (?:\w+ )?joke)"
)
_REMARK = r"\b(?:question|if|silly me|i'm|i am|i feel|i was|my own|bin|bins|tip|at \w+)\b"

INSULTS = (
    sign(_WE + "~" + _BAD, _ASKED),
    sign(
        r"(?:垃圾|狗屁|狗屎|骗子|黑心)(?:4s)?(?:店|服务|客服|公司|机器人|车行|售后|销售|态度|系统|商家|玩意)",
        _ASKED,
    ),
    sign(
        r"(?:什么|啥|这)(?:垃圾|狗屁|狗屎|鬼|破|烂)(?:玩意|东西|店|服务|客服|态度|机器人|公司|系统)"
    ),
    sign(r"什么垃圾(?!桶|袋|箱)|(?:真|太|纯|就是|简直)(?:他妈)?垃圾(?!桶|袋|箱)", _ASKED),
    sign(r"黑店|奸商|一(?:群|帮|伙)(?:骗子|废物|垃圾|流氓|土匪|强盗)|死骗子|大骗子", _ASKED),
    sign(
        r"傻[逼比b叉x]|煞笔|沙雕客服|[操草艹日]你|去你(?:妈|大爷|的吧)|你妈[的逼]|死全家|cnm|nmsl"
    ),
    sign(
        r"王八蛋|混蛋|畜生|狗东西|狗日的|龟儿子|扑街仔|滚(?:蛋|犊子|远点|一边)|(?:都|给我|你)滚(?!动|轮|装|刷)"
        r"|^滚[吧啊开]?$",
        r"儿子|女儿|孩子|小混蛋|弟|哥|姐|妹|室友|邻居|狗狗|猫",
    ),
    sign(
        r"你们?(?:是|是不是|怕不是|真是|简直是|就是)(?:个|一群|不是)?(?:智障|傻|白痴|弱智|脑残|聋|瞎|猪|废物|蠢|有病)"
        r"|(?:白痴|废物|垃圾|智障|弱智|狗屁|傻瓜?|破|蠢)(?:客服|机器人|软件|系统|助手|ai|程序)"
    ),
    sign(
        r"(?:说|听不懂|会不会说|能不能说)人话|听得懂(?:中文|人话)吗|有完没完|你们?(?:到底)?会不会(?:干活|做事|做生意)|脑子(?:有病|进水|坏|有坑|被)"
        r"|你们?(?:是)?(?:瞎|聋)"
    ),
    sign(r"闭嘴|装死|死哪去|死绝|吃白饭", r"他|她|孩子"),
    sign(r"(?:把我|拿我|当我|当客户|当顾客|把人|把客户)~(?:当傻|当猴|傻子|猴耍|韭菜|冤大头)|耍猴"),
    sign(
        r"\bare (?:you|u)(?: people| guys| lot)? (?:all )?(?:deaf|stupid|dumb|blind|retarded"
        r"|brain-?dead|thick)\b"
        r"|\b(?:you|your (?:\w+ )?(?:dealership|company|shop|staff|people|salesm[ae]n|garage|guys?"
        r"|lot))"
        r"(?: people| guys| lot)?(?: all)? (?:stole|robbed|cheated|conned|tricked|lied|are lying"
        r"|is lying)\b"
        r"|^(?:what an? )?(?:stupid|dumb|useless|idiotic|crap|shit|fucking|damn|bloody) (?:bot"
        r"|robot|machine"
        r"|chat\w*|computer|ai|software|people)\b"
        r"|^(?:utterly|absolutely|completely|totally) (?:useless|pathetic|incompetent|hopeless"
        r"|disgraceful)$",
        r"\b(?:your? (?:own )?bot is not)\b",
    ),
    sign(rf"\b(?:you|you're|your|u|ur|y'all|youre)\b≈\b{_BAD_EN}\b", _REMARK),
    sign(
        r"\b(?:this|these|what an?|such an?|total|absolute|complete|utter|bunch of)\b"
        rf"(?: (?:dealership|dealer|place|company|shop|bot|chat|garage|service|is|are|so|an?|just"
        rf"|total|utter|complete|absolute|load|pile|bunch|of|absolutely|completely))*\s{_BAD_EN}\b",
        _REMARK + r"|\?$",
    ),
    sign(
        r"\bf(?:u|\*|\W)?(?:c|\*)?k(?:ing)?\b[^.;!?\n]{0,12}\b(?:you|off|yourself|this|useless"
        r"|idiots?"
        r"|liars?|joke|awful|terrible|scam\w*|hopeless)\b",
        r"\b(?:love|loving|beautiful|gorgeous|awesome|amazing|great|cool|good)\b",
    ),
    sign(
        r"\b(?:piss off|screw you|go to hell|shut up|bugger off|sod off|up yours|get stuffed)\b",
        r"\b(?:he|she|they|says?|won't|wouldn't|never)\b",
    ),
    sign(
        r"\b(?:scam(?:mers?|ming|med)?|rip(?:ped|ping)?[- ]?(?:me )?off|con artists?|fraudsters?"
        r"|daylight robbery|robbing bastards?|bastards?|arseholes?|assholes?)\b",
        r"\b(?:avoid|afraid|worried|heard|other|another|elsewhere|protect|last time at"
        r"|is (?:it|this|that)|are (?:you|there)|not an?|don't want|how do i|insurance|calls?"
        r"|callers?"
        r"|emails?|texts?|messages?|don't|do not|won't|didn't)\b",
    ),
    sign(
        r"^(?:rubbish|garbage|trash|crap|shit\w*|useless|pathetic) (?:dealer\w*|workshop|garage"
        r"|service"
        r"|place|shop|bot|company|staff|lot)\b|\bhad enough of (?:you|your|this (?:place|dealer\w*"
        r"|bot))\b"
    ),
    sign(r"谁给你们的(?:胆|脸)|(?:真当|以为|觉得)我~(?:好欺负|好骗|是傻)|欺负(?:女|老|外地)"),
    sign(
        r"\bworst (?:\w+ )?(?:service|dealer(?:ship)?|company|experience|garage|place|shop|staff"
        r"|bot)\b"
    ),
)

_NOT_US = (
    r"别(?:家|的店|的4s|人家)|其他(?:店|家)|另一家|上一家|之前那家|隔壁|人家|他们家|朋友|同事|邻居|网上"
    r"|听说|据说|新闻|看到有人|中介|黄牛|二手(?:车|贩)|保险公司|电商|骗子(?:太)?多"
    r"|\b(?:other|another|previous|last|old) (?:dealer\w*|garage|shop|company|place)\b"
    r"|\belsewhere\b"
    r"|\b(?:heard|read|news|they say|reviews?)\b"
)
NOT_US = re.compile(_NOT_US)
"""Of others, or hearsay: no anger at us."""

_INFORMS = (
    r"什么(?:电话|号码|部门|意思|机构)|是多少|是啥|有用吗|管不管|管用|怎么打|吗$|\bwhat is\b"
    r"|\bhow do\b"
)

THREATS = (
    sign(
        r"(?:打|拨|找|去|向|到|上|给|跟|call|phone|ring|to|with|tell)~(?<!\d)123[14]5(?!\d)"
        r"|(?<![\da-z])123[14]5(?!\d)~(?:投诉|举报|告|见|反映|曝光|complain|report)",
        _INFORMS,
    ),
    sign(
        r"(?:找|去|向|到|上|给|打|跟|要|会|就)~(?:消协|消费者协会|消保委|工商局?|市场监督|市场监管|市监局|质监"
        r"|厂家|总部|总公司|主机厂)~(?:投诉|举报|告|反映|反应|曝光)",
        _INFORMS,
    ),
    sign(
        r"(?:我|就|直接|这就|马上|准备)(?:要)?(?:去|找|上)~(?:消协|消费者协会|消保委|工商局?|市场监管局?|市监局)",
        _INFORMS,
    ),
    sign(r"(?:投诉|举报|告)(?:你们?)?(?:到|去)~(?:消协|工商|市场监管|总部|厂家|315)", _INFORMS),
    sign(
        r"起诉你|告(?:死)?你们|告上法|法院见|法庭见|(?:发|寄|收)~律师函|(?:找|请|叫)~律师~(?:告|跟你|和你|找你)"
        r"|跟你们~打官司|走法律(?:手段|途径|程序)"
    ),
    sign(
        r"曝光(?:你|到|给|出来|一下你)|(?:被|315)曝光|(?:要|去|会|就|给你们?)曝光|(?:找|叫|联系|请)(?:媒体|记者|电视台|焦点)"
    ),
    sign(
        r"(?:发|挂|放|传)(?:到)?(?:抖音|小红书|微博|网上|朋友圈|车友群|贴吧|快手)≈(?:避雷|曝光|臭|骂|你们?的?嘴脸|看看你们|评评理)"
    ),
    sign(
        r"(?:再不|再没|要是不|如果不|不然|否则|要不然|信不信|今天不|不给我)≈(?:投诉|举报|曝光|起诉|报警|退车|退钱"
        r"|退款|退定|砸|拉横幅|堵(?:门|你)|没完|不客气|后果)"
    ),
    sign(
        r"拉横幅|(?:来|去|到|在)你们~(?:门口|大厅)~(?:坐|闹|堵|拉|举|骂)|堵(?:你们?)?(?:店)?门|砸(?:了)?你们?(?:的)?(?:店|招牌)"
        r"|跟你们没完|走着瞧|没完没了地耍"
    ),
    sign(
        r"\b(?:sue (?:you|the)|suing (?:you|the)|take (?:you|this) to court|see you in court"
        r"|(?:taking|take) legal action|my (?:lawyer|solicitor|attorney)s?\b(?: will|'ll| is| are"
        r"| on| about)"
        r"|(?:from|see|seeing|call|calling|contact\w*|speak\w*|talk\w*) (?:to )?my (?:lawyer"
        r"|solicitor"
        r"|attorney)s?\b"
        r"|small claims|trading standards|(?:consumer|consumers'?) (?:protection|affairs|council"
        r"|association|watchdog|rights)|ombudsman|report (?:you|this (?:place|dealership|shop))\b"
        r"|name and shame|to the (?:press|media|papers)|all over (?:social media|twitter|facebook"
        r"|google|the internet)|final warning|last warning|(?:or|otherwise) i(?:'ll| will| am|'m)"
        r" (?:complain\w*|report\w*|post\w*|sue|suing))",
        r"\b(?:what|how|which|where)\b",
    ),
)

# ---- of these it takes two kinds ----

SWEARING = sign(
    r"妈的|他妈|[t特]m[d的]|特么|卧槽|我[操靠艹]|尼玛|泥马|你大爷|狗日|(?:^|[啊呀了])[靠艹草丢](?:$|[!啊])|丢你|扑街|叼你"
    r"|\b(?:fuck\w*|f\*+\w*|f[- ]?ing|shit\w*|wtf|damn\w*|bloody|crap|bollocks|goddamn\w*|hell is"
    r"|bullshit|bs|arse|ass)\b",
    r"^(?:damn|bloody) (?:good|nice|fine)",
)
FED_UP = sign(
    r"受够|忍无可忍|忍不(?:了|下)|气(?:死|炸|坏|疯)|火大|恼火|愤怒|窝火|生气|来气|烦(?:死|透|不烦|人)|无语"
    r"|不能忍|过分|离谱|欺人太甚|欺负(?:人|客户|我)|寒心|恶心|差劲|太烂|真烂|烂(?:得|到)|太差|极差|真差|差到"
    r"|什么态度|态度~(?:差|恶劣|冷)|敷衍|忽悠|糊弄|耍我|耍人|踢皮球|推来推去|推三阻四|推卸|推脱|不负责任"
    r"|不作为|不像话|岂有此理|搞什么(?:鬼|飞机)|逗我|玩我|(?:少|别|不要)(?:跟我|给我|再)?废话|有完没完|会不会干活|听得懂(?:中文|人话)|狗都|三番五次|没素质"
    r"|素质~差|要(?:不要)?脸|丢人|到家了|搞什么|真服了|别跟我扯|坑(?:死|惨)|有没有搞错|什么玩意|垃圾(?!桶|袋|箱|堆|站|分|短信|邮件)"
    r"|\b(?:fed up|sick (?:and tired )?of|had enough|furious|livid|angry|fuming|ridiculous"
    r"|unacceptable|outrageous|disgrace\w*|appalling|disgust\w+|shambles|shambolic|terrible"
    r"|horrible"
    r"|awful|dreadful|pathetic|useless|hopeless|(?:a|some) joke|unbelievable|waste of (?:my )?time"
    r"|wasting my time|insult(?:ing|ed)?|lied|lying|fobbed|cheated|fooled|taken for a ride|rude"
    r"|never (?:ever )?(?:buying|coming|setting foot|using)"
    r"|treat(?:ed|ing)? (?:me|us|customers|people) like)\b",
    r"气死我了?(?:的|就)|(?:烦|生气)~(?:孩子|老公|老婆|媳妇)",
)
IGNORED = sign(
    r"(?:没|冇)(?:有)?(?:一?个)?人(?:管|理|接|回|处理|负责|来|应|搭理|鸟)|都没(?:人|反应|动静|回)|不(?:回|理|接)(?:我|人|电话|消息|信息)"
    r"|等(?:了|咗)?~(?:小时|钟|上午|下午|早上|晚上|天|个月|星期|礼拜|周)(?!末)|(?:打|问|说|催|找|跑|修)了~(?:遍|次|回|趟|个电话)"
    r"|到底|拖了|拖到|拖着|多久了|几遍了|几次了|多少(?:遍|次|回)|又(?:没|不)(?:人|回|来)|还(?:没|不)(?:回|来人|处理|解决)"
    r"|\b(?:nobody|no one|no-one)\b|\bstill (?:waiting|no|not|nothing|haven't)\b|\bwait(?:ed"
    r"|ing) (?:for )?"
    r"(?:\d+|an|two|three|four|five|six|hours|days|weeks|months|forever|ages|all day|so long)\b"
    r"|\b(?:called|asked|emailed|rang|told|phoned|texted|messaged|come|came"
    r"|been)\b[^.;!?\n]{0,16}\btimes\b"
    r"|\bhow many times\b|\b(?:third|fourth|fifth|sixth|tenth|umpteenth|hundredth|last) time\b"
    r"|\byou promised\b|\bignor(?:ed|ing)\b|\bagain and again\b|\bover and over\b"
    r"|\bnever (?:answer|reply|call|get back)\w*\b"
    r"|\bkeep (?:passing|sending|telling|putting)\b|\bwhat is wrong with you\b"
)
DEMANDS = sign(
    r"(?:赶紧|立刻|马上|现在就|必须|赶快|今天就)(?:给我|给老子|让|叫|处理|解决|回|退|滚|把)|给(?:我)?(?:个|一个)(?:说法|交代|解释)"
    r"|退钱|退车|退款|退定|赔(?:钱|我|偿)|(?:叫|让|喊)~(?:出来|滚)|投诉|举报|我要(?:告|维权)|维权"
    r"|\b(?:refund|money back|i demand|want answers|want an explanation|explain yourself|right now"
    r"|immediately|this instant|get me (?:the|your|a) (?:manager|boss)|complain\w*|compensat\w+)\b"
)

AIMED = sign(
    r"(?:你们?|贵店|店里|客服|销售|售后|顾问|服务|态度)(?:的|真|太|也|就|这|都|是|人|实在|简直|服务|态度|店){0,4}(?:太|真|好)?"
    r"(?:欺负(?:人|客户|我)|恶心|敷衍|忽悠|糊弄|耍(?:我|人)|差劲|不负责|推卸|没素质|没良心|不要脸|烂|恶劣|缺德)"
    r"|受够(?:了)?你"
    r"|\b(?:disgusted|appalled|fed up|sick|disgraceful|appalling|disgusting"
    r"|horrified)\b[^.;!?\n]{0,12}\byour?\b"
    r"|\byour (?:\w+ )?(?:service|staff|dealership|company|garage|workshop|attitude|people"
    r"|managers?|salesm[ae]n|shop|communication|support) (?:is|are|was|were) (?:so |absolutely "
    r"|just |utterly |truly )?(?:disgraceful|appalling"
    r"|disgusting|awful|terrible|dreadful|shameful)\b"
)
"""Crossness that names us counts twice."""

PRAISE = re.compile(
    r"(?<!不)(?<!不太)(?<!不怎么)(?<!没)(?:好看|漂亮|帅|酷(?!刑)|美(?:死|炸|爆|哭|得|呀|啊|滴)|太美|真美|喜欢|爱了|爱死|绝了"
    r"|绝绝子|真香|牛[逼批b掰]|\bnb\b|厉害|棒|点赞|不错|满意|心动|种草|惊艳|划算|便宜|开心|高兴|激动|期待"
    r"|好开|省油|舒服|超值|给力|香(?:死|啊|了)|可爱|拉风|霸气|爽)"
    r"|哈哈|嘿嘿|嘻嘻|hhh|233|[😍🥰😂🤣😆👍❤😊😄😁😋🤩😘🎉]"
    r"|(?<!not )(?<!n't )(?<!no )\b(?:love|loving|loved|gorgeous|beautiful|awesome|amazing"
    r"|fantastic|lovely"
    r"|stunning|brilliant|sexy|sick car|badass|excited|haha\w*|lol|lmao|happy|cheap|pretty|perfect"
    r"|so (?:good|cool|nice|fast|cheap)|looks? (?:good|great|nice|cool|sick))\b"
)
"""A clause with one of these is no anger, however strong its words."""
OTHER_CAUSES = re.compile(
    r"堵车|塞车|堵死|下雨|暴雨|天气|太热|蚊子|限行|油价|加班|上班|开会|孩子|熊孩子|老公|老婆|媳妇|婆婆|房东|邻居|交警"
    r"|罚单|摇号|充电桩被|停车位|物业|前车|加塞|远光|地铁|快递|外卖|餐厅|酒店|机票|航班|导游|银行|信用卡|医院|医生|美容|学校|老师|房东|楼盘|hr\b|律师费|遗嘱"
    r"|\b(?:traffic|weather|rain|kids?|husband|wife|boss|landlord|parking|petrol prices?"
    r"|fuel prices?"
    r"|neighbou?r'?s?|exam|homework|insurance company|my (?:old|current|last) car|overdraft|bank"
    r"|cash machine|flat|flight|airline|hotel|tour guide|cabb?ie"
    r"|taxi|doctor|hospital|school|housing|restaurant|perfume|police|skins?)\b"
)
"""What people are cross about that has nothing to do with us."""
AT_US = re.compile(
    r"你们|你这|你家|贵店|\b(?:you|your|you're|this (?:dealer\w*|place|shop|garage))\b"
)

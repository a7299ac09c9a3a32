"""How customers withdraw a complaint, say whether it is solved, and take it up again. Pure.

Used only where the conversation has such a complaint, so ordinary words are enough.
"""

import re

_THREAT = re.compile(
    r"12315|12345|曝光|起诉|法院|律师|媒体|记者|再不|要不然|不然|否则"
    r"|\b(?:sue|lawyer|court|or else|unless|media|press)\b",
    re.I,
)
_WITHDRAWS = re.compile(
    r"(?:不想|不用|不要|不必|不再|不|别|懒得)(?:再|要|用|想|继续|跟进)*投诉(?!谁|吗|的话|也)"
    r"|(?:撤销|撤回|撤掉|撤了|取消|不要|放弃).{0,6}投诉"
    r"|投诉.{0,8}(?:撤了|撤掉|撤回|撤销|撤吧|取消|作废|不要了|算了)"
    r"|\b(?:withdraw|cancel|drop|retract|take back|call off|forget(?: about)?|never ?mind)\b"
    r".{0,24}\bcomplaint"
    r"|\b(?:don't|dont|do not|no longer|won't)\b.{0,16}\bcomplain\b"
    r"|\bnot complaining any ?more\b",
    re.I,
)
_NO_WITHDRAWAL = re.compile(
    r"不(?:是|算)(?:要|想|来)?投诉|(?:不|没)(?:想|打算|会|要|能|可以)(?:撤|取消|放弃|算了)"
    r"|别(?:撤|取消)|为什么不|怎么不"
    r"|\b(?:don't|do not|won't|not) (?:want to |going to )?(?:withdraw|cancel|drop)\b",
    re.I,
)
_ASKS = re.compile(
    r"[?？吗]|怎么|如何|能不能|可不可以|会不会|是不是"
    r"|^\W*(?:how|can|could|may|is|has|did|when)\b",
    re.I,
)
_UNSOLVED = re.compile(
    r"(?:没有|没|未|不曾|不算)(?:得到|给我|真正|彻底|完全|全部|帮我|怎么)*"
    r"(?:解决|处理好|修好|弄好|搞好|搞定|处理完)"
    r"|(?:解决|修|处理|弄|搞)不(?:了|好)"
    r"|(?:问题|毛病|故障|情况|异响|噪音)(?:还在|依旧|依然|还是|又|照旧)"
    r"|还是(?:一样|老样子|老问题|不行|不满意|这样|那样|没|响|漏|抖|坏|有问题|有异响)"
    r"|不(?:满意|认可|接受)|又(?:坏|响|漏|亮|抖|出现|犯|开始|来了)|没(?:什么)?用"
    r"|\b(?:not|never|isn't|wasn't|hasn't|haven't|aren't|isnt|wasnt|hasnt)\b.{0,18}"
    r"\b(?:solved|resolved|fixed|sorted|satisfied|happy|ok|okay|done|repaired)\b"
    r"|\bstill\b.{0,12}\b(?:there|same|broken|happening|leaking|problem|waiting|unsolved|bad|wrong)\b"
    r"|\b(?:unsolved|unresolved|unsatisfied|dissatisfied|unhappy)\b"
    r"|\b(?:came|come|is|it's) back\b|\bhappen\w* again\b|\bback again\b",
    re.I,
)
_SOLVED = re.compile(
    r"(?:解决|处理好|处理完|修好|弄好|搞定|搞好)(?:啦|了)|没问题(?:啦|了)?|没事(?:啦|了)|满意|认可"
    r"|可以(?:啦|了)|好(?:啦|了)"
    r"|\b(?:solved|resolved|fixed|sorted|all good|all right now|happy with|satisfied)\b",
    re.I,
)
_RESUMES = re.compile(
    r"(?:继续|恢复|重新|接着|还是要|还要|还是想)(?:处理|跟进|提交|打开)?(?:我的|这个|那个|之前的)?投诉"
    r"|还是(?:要|想|得)?投诉(?:吧|了|算了)?(?:[，,。!！ ]|$)|我?又想投诉"
    r"|投诉.{0,6}(?:恢复|继续|重新|重开)"
    r"|\b(?:reopen|re-open|resume|continue|reinstate|go on with)\b.{0,24}\bcomplaint"
    r"|\bstill want to complain\b",
    re.I,
)
_SAME = re.compile(r"同一|一样的|就是(?:这|那)(?:件|个)|一回事|\bsame\b", re.I)
_OTHER = re.compile(
    r"不是同|不一样|另一|另外|别的|其他的?事|新的|两回事|\b(?:different|another|new|other|separate)\b",
    re.I,
)


def withdraws(text: str) -> bool:
    """Whether somebody gives his complaint up. A threat to go elsewhere is none."""
    return bool(
        _WITHDRAWS.search(text) and not _THREAT.search(text) and not _NO_WITHDRAWAL.search(text)
    )


def asks(text: str) -> bool:
    return bool(_ASKS.search(text))


def unsolved(text: str) -> bool:
    """Whether it says that the matter goes on."""
    return bool(_UNSOLVED.search(text))


def solved(text: str) -> bool:
    """Whether it says that all is well; a question whether it is does not."""
    return bool(_SOLVED.search(text)) and not unsolved(text) and not asks(text)


def resumes(text: str) -> bool:
    """Whether a complaint that is over is to go on."""
    return bool(_RESUMES.search(text))


_TAKES_BACK = re.compile(r"其实|不对|等等|还是|又|\b(?:actually|wait|but|again|back)\b", re.I)


def takes_back(text: str) -> bool:
    """Whether it goes back on what was said just before."""
    return bool(_TAKES_BACK.search(text))


_WAITS = re.compile(
    r"(?:什么时候|啥时候|啥时|多久|几时|几点|何时|哪天|多长时间).{0,10}(?:回复|回我|答复|处理|结果|解决|联系|回电|打电话|给我电话|说法|交代|回音)"
    r"|(?:回复|答复|处理|结果|解决|联系|回电|说法|交代).{0,8}(?:什么时候|啥时候|多久|几时|几点|何时|哪天)"
    r"|怎么还(?:没|不).{0,4}(?:回|处理|联系|消息|结果|解决|人)|(?:还|到现在|一直)(?:没|没有)(?:人)?(?:回复|联系|处理|消息|结果|动静)"
    r"|\b(?:when(?:'?s)?|how long)\b.{0,40}"
    r"\b(?:reply|answer|hear|get back|handled?|resolved?|solved?|contact|call|ring|phone)\b"
    r"|\b(?:no(?:body|t)?|still)\b.{0,20}\b(?:replied|answered|called|contacted|heard)\b",
    re.I,
)
_OTHER_WORK = re.compile(
    r"修|提车|订单|保养|试驾|预约|贷款|审批|现车"
    r"|\b(?:repair|order|test drive|booking|loan|service)\b",
    re.I,
)


def waits(text: str) -> bool:
    """Whether somebody asks when he hears of it: 啥时候给我回复, "when will this be handled"."""
    return bool(_WAITS.search(text)) and not _OTHER_WORK.search(text)


def same(text: str) -> bool:
    """An answer to "is it the same matter" in words."""
    return bool(_SAME.search(text)) and not other(text)


def other(text: str) -> bool:
    return bool(_OTHER.search(text))

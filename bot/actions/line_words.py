"""What customers who wait for a person write about the waiting."""

import re

from values.text import normalise

_PLAIN = re.compile(r"[\s,.!?~;:'\"，。！？～；：、…“”]+")
_PARTICLES = re.compile(
    r"^(?:请问|那个?|喂|你好|您好|诶|哎|嗯)+|(?:[啊呀呢吗嘛哦噢哈吧咧哪]|亲|谢谢)+$"
)

_ASKS_ZH = re.compile(
    r"(?:人工?|客服|顾问|同事|人工客服|真人|销售)(?:呢|在哪|哪去了?|去哪了?|还没来|怎么还没来|来了(?:没有?)?)?"
    r"|(?:还|到底)?(?:有没有|有)人(?:在|来|管|理我|回我|回)?|(?:有|还有)人在|没人(?:在|管|理我?|来|回我?|应)?"
    r"|怎么(?:还|都)?没(?:有)?人(?:来|理我?|回我?|应|接)?|(?:在|还在|在不在|还在不在)"
    r"|(?:大概|大约|差不多|到底)?(?:还|我)?(?:需要|要|得)?(?:再)?(?:等|排)?(?:多久|多长时间|多少时间|几分钟|到什么时候|到几点)"
    r"(?:才)?(?:有人|能?到我?|能?过?来|能?轮到我|能?来人|会?有人来|能?回我?)?|多久(?:才)?(?:能|会)?(?:有人|来人|回我?|到我|轮到我)"
    r"|(?:什么时候|几点)(?:才)?(?:能|会)?(?:有人|来人|回我?|回复我?|到我|轮到我|接)(?:来|回|接)?"
    r"|(?:到我|轮到我|排到我)(?:了)?(?:没有?)?|(?:排|现在排|我排)(?:到)?(?:第)?几(?:位|个|名)?了?"
    r"|我?(?:现在)?(?:是|排)?第几(?:位|个|名)?|前面还?(?:有|排着?)?(?:几|多少)个?(?:人|位)?"
    r"|(?:我)?(?:还在|一直在|都)?等(?:着|了)?(?:呢|好久了?|很久了?|半天了?|这么久了?)|催(?:一下|催|一催)?(?:人工|顾问|同事)?"
    r"|(?:能不能|可以|麻烦)?(?:快点|快一点|快些|催一下)(?:儿)?|(?:人工?|客服|顾问)(?:什么时候|几点|多久)(?:能|会)?(?:来|到|回|上线|在)?"
)
_PERSON_EN = (
    r"(?:any ?one|any ?body|some ?one|some ?body|a person|a human|an agent|a colleague|the person"
    r"|the agent|the consultant|the colleague|a consultant|you guys|people)"
)
_ASKS_EN = re.compile(
    rf"(?:hello |hi |so |ok |well )*(?:is |are )?(?:there )?{_PERSON_EN}(?: still)?"
    r"(?: there| here| around| available| coming| free| home)*(?: yet)?"
    r"|(?:and |so |but )?how (?:much )?long(?:er)?(?: is (?:it|the wait|the queue|the line)"
    r"| will (?:it|this|that) (?:take|be)"
    r"| do i (?:have to |need to |still have to )?wait| (?:have i got to|must i|should i"
    r"|am i to) wait"
    r"| until (?:someone|somebody|a person).*| to wait| do i wait| (?:does|will) (?:it|this) take"
    r"| before (?:someone|somebody|a person|anyone).*)?(?: now| still| yet| then)?"
    r"|(?:i am |im |i m |am |)still (?:waiting|here)(?: here| for (?:someone|somebody|a person"
    r"|a human))?"
    rf"|(?:where|when) (?:is|are|will|s|does) (?:my |the )?(?:{_PERSON_EN}|everyone|everybody"
    r"|agent|human|consultant|it be my turn)"
    r"(?: coming| be (?:here|there|free|available)| reply| answer| get back.*| come)?(?: to me)?"
    r"|(?:and |so )?when (?:will|do|are|is) (?:they|he|she|u|you|the manager)"
    r"(?: going to| gonna)? (?:answer|reply|come|be here|write|get here|turn up)"
    r"(?: back)?(?: to me)?"
    r"|what(?:s| is|) ?(?:my )?(?:place|position|number|turn)(?: in (?:the )?(?:line|queue))?"
    r"|am i next"
    r"|where am i in (?:the )?(?:line|queue)|how many (?:people "
    r"|others )?(?:are )?(?:still )?(?:ahead|before|in front)(?: of)?(?: me)?"
    r"|(?:any )?(?:news|update|progress)(?: yet)?|hurry(?: up)?(?: please)?|whats the (?:wait"
    r"|waiting time|eta)|eta",
)

_WHO = r"(?:人工客服|人工(?!智)|真人|客服|顾问|同事|销售|经理|人(?!家|民|工))"
_DECLINES_ZH = re.compile(
    rf"(?:不用|不需要|不必|不要|无需|用不着|别再?|先不)(?:再|你们?|您)?(?:帮我|给我)?(?:转|找|等|叫|喊|接|麻烦|排|让|安排)+(?:了)?{_WHO}?"
    rf"|(?:不用|不需要|不必|无需|用不着){_WHO}(?!名|气|多)|取消(?:排队|等待|等候|转接|转?人工)|不(?:想)?等(?:了|人工)"
    r"|不排队?了|退出排队|别等了|(?:问题|事情?|我的问题)(?:已经?|都)?(?:解决|搞定|弄好)了|^(?:已经?|都)?(?:解决|搞定)了"
)
_WANTS = re.compile(
    rf"(?:我要|给我|直接|马上|赶紧|快|还是|我想)(?:帮我|给我)?(?:转|接|找|叫)?{_WHO}|人(?:来|呢)|没解决|未解决|机器人"
)
_DECLINES_EN = re.compile(
    r"\b(?:no need (?:for|to wait|to get|of)|(?:don't|do not|dont|won't|wouldn't) need"
    r"|no longer need|don't want|not need)"
    r"(?: to (?:speak|talk|wait|get)(?: to| with| for)?)? ?(?:an?|the|any|your)? ?(?:more )?"
    r"(?:person|human|agent|colleague|consultant|anyone|anybody|someone|somebody|staff|manager)\b"
    r"|\bno need to wait\b|\b(?:never ?mind|forget|cancel|skip|drop) (?:about )?(?:the |that |my "
    r"|a )?"
    r"(?:person|human|agent|colleague|hand-?over|queue|line|wait(?:ing)?)\b"
    r"|\b(?:stop|not|don't want to|won't|no longer|done|tired of) wait(?:ing)?\b(?! for (?:the"
    r"|my) car)"
    r"|\b(?:take me out of|leave|leaving|quit) the (?:line|queue)\b"
    r"|\b(?:it'?s|that'?s|problem|issue|everything|all|is|been|already) (?:been |now "
    r"|all )?(?:solved|sorted|resolved)\b"
    r"|^(?:all )?(?:solved|sorted|resolved)\b"
)
_WANTS_EN = re.compile(
    r"\bn't (?:solved|sorted|resolved)|\bnot (?:yet )?(?:been )?(?:solved|sorted|resolved)"
    r"|\bstill want\b|\b(?:bot|robot|machine)\b"
)
_NO_NEED = re.compile(
    r"不用(?:了|啦|咯|麻烦)?|不需要(?:了)?|不必(?:了)?|算了|没事(?:儿)?了?|不要了|免了|不麻烦了?|唔使|没有了|都清楚了"
    r"|(?:我)?(?:知道|明白|清楚|懂|了解|会)了|够了"
    r"|\b(?:never ?mind|nvm|no need|not needed|forget it|no thanks?|no thank you|don't bother"
    r"|(?:it'?s|i'?m|that'?s)"
    r" (?:fine|ok|okay|good|all right|alright)|that'?s (?:all|it)|got it|all clear|i know now"
    r"|leave it)\b"
)
LONGEST = 60
"""Characters: what is longer says more than this."""


def asks_about_line(text: str) -> bool:
    """Whether the whole message asks where the person is, or for how long yet."""
    if len(text) > LONGEST:
        return False
    words = normalise(text).norm.lower()
    english = _PLAIN.sub(" ", words.replace("'", "")).strip()
    if _ASKS_EN.fullmatch(english):
        return True
    chinese = _PLAIN.sub("", words)
    bare = _PARTICLES.sub("", chinese)
    return any(_ASKS_ZH.fullmatch(form) for form in {chinese, bare} if form)


def declines_person(text: str) -> bool:
    """Whether the message says in so many words that nobody has to come any more."""
    if len(text) > LONGEST:
        return False
    words = normalise(text).norm.lower()
    if _DECLINES_ZH.search(_PLAIN.sub("", words)):
        return not _WANTS.search(_PLAIN.sub("", words))
    return bool(_DECLINES_EN.search(words)) and not _WANTS_EN.search(words)


def needs_nothing(text: str) -> bool:
    """不用了, "never mind": perhaps the person, perhaps what was just offered."""
    return len(text) <= LONGEST and bool(_NO_NEED.search(normalise(text).norm.lower()))

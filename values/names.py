"""Word lists for names: what may begin a Chinese one and what is none, in both languages."""

from __future__ import annotations

from values.words import words

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂"
    "成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党"
    "宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈"
)
COMPOUND_SURNAMES = words(
    "欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 司空 端木 南宫",
    "独孤 百里 呼延 轩辕 淳于",
)
# Characters that end the reading of a given name: function words, not found in names.
NOT_IN_GIVEN = frozenset(
    "的了吗呢吧么什怎哪这那不没要想几个是我你您他她它们请问买卖价钱号吃喝给把被就都也很太啊哦呀嘛哈咯点块元车款店"
    "先女姓名叫说看试驾修保养换去到过跟与或但和及做用对从再又还只已让打发送找等谁"
)
NOT_NAMES = words(
    "多少 不知道 随便 都行 可以 好的 谢谢 没有 什么 马上 高配 低配 中配 方便 方向 金色 白色",
    "黑色 银色 红色 蓝色 灰色 时间 时候 任何 任意 全部 全款 安排 成都 车型 车主 车子 车牌",
    "于是 许多 曾经 何时 连接 文化 程度 包括 关于 单独 关键 万一 高速 高级 高端 石油 江苏",
    "江西 安全 安徽 华为 应该 易车 和平 和谐 明天 明早 明晚 明年 明白 向前 方案 管理 管家",
    "后天 今天 周末 上午 下午 早上 晚上 中午 温度 康复 公里 预算 预约 取消 确认 确定 转人工",
    "人工 客服 顾问 算了 再见 左右 左边 时尚 时速 景区 荣威 解决 解释 游客 路上 路程 成功",
    "成交 全景 查询 查看 查一下 封闭 官方 官网 师傅 费用 应急 连续 项目 简单 简介 古代 吉利",
    "白天 白领 雷达 毛病 毛坯 向导 武汉 宁波 温州 金华 华东 华南 文件 文字 安装 安卓 严重",
    "严格 易损 单价 单程 古城 尚可 申请 左转 左前 符合 关闭 成本 盛大 常规 平安 凌晨 夏天",
    "夏季 秦plus 汉兰达 唐dmi 高尔夫 马自达 路虎 麦当劳 宝马 奔驰 江淮 江铃 金杯 方程豹 华晨",
    "付款 付钱 付全款 贺卡 时长 时效 熊猫 牛逼 万岁 全家 全天 全新 金额 金融 任务 任性 石家庄",
    "温馨 何必 何况 余额 余下 汤泉 白跑 和我 和你 和他 段时间 解约 包邮 包含 包修 包养 别的",
    "没空 没时间 有空 有事 满意 暂时 稍等 等等 你好 您好 在吗 嗯嗯 行吧 行的 没问题 对的 是的",
    "不是 不要 不用 保密 秘密 匿名 不方便 不想说 干嘛 干什么 为什么 凭什么 商量 商务 商家",
    "商品 盛惠 国庆 元旦 春节 清明 端午 中秋 青岚 云驰 山屿 远岳 星禾 归途 拓野 牛奶 梅雨",
    "蓝牙 蓝天 阳光 米色 米饭 沙发 荣幸 池子 麻烦 麻烦你 麻烦您 明细 明确 明显 明码 官司 迟到",
    "迟点 谈谈 谈价 卫生 席位 冷气 冷风 费油 费电 党员 景色 房子 房贷 盛夏 成色 游玩 路况",
    "管用 联系 联系人 电话 手机 号码 姓名 名字 本人 车主 预约人 微信",
)
TITLES_EN = {"mr": "Mr", "mrs": "Mrs", "ms": "Ms", "miss": "Miss", "dr": "Dr"}
ENGLISH_STOP = words(
    "a about actually afternoon after again ago all already also always am an and another any",
    "anyone anything appointment are around as ask asap at available back bad be because been",
    "before best better big black blue book booking both broken budget but buy buying by bye",
    "call calling can cancel cannot car cars change cheap cheaper check close color colour",
    "come coming compare confirm confirmed consultant correct cost could currently customer",
    "dealer dealership deal deposit did discount do does doing done don't dont down drive",
    "driving early electric else email end english evening ever every everything exactly",
    "expensive family feature features few finance fine first for free friday from full fuel",
    "fully get getting give go going good got great green had half happy has have having he",
    "hello help her here hey hi him his hmm home hot hour how human hybrid i i'd i'll i'm if",
    "im in info information insurance interested into is isn't issue it it's its january job",
    "july june just keep know last late later leaving let lets like live loan long looking",
    "lot low luxury made maintenance make manager many march mary's may maybe me mean mileage",
    "mine model monday money monthly month months more morning most much my name need never",
    "new next nice night no nobody none noon nope not nothing november now number october of",
    "off offer oh ok okay old on one only open or order other our out over own owner part pay",
    "payment people perfect person petrol phone please plus possible price problem purchase",
    "question quick quite rather ready really red repair right robot saturday sedan see seems",
    "sell service seven she should show sick size small so some someone something soon sorry",
    "speak start still stop stuck stupid such sunday sure suv take talk tell test than thank",
    "thanks that that's the their them then there these they thing think this those thursday",
    "time tired to today tomorrow tonight too town trade trim true truck try trying tuesday",
    "two type under unsure until up upset us use used van vehicle very wait waiting want",
    "wanting warranty was way we wednesday week weekend well were what what's when where",
    "which while white who why will wish with within without won't work working worried would",
    "wrong yeah year years yep yes yesterday yet you your three four five six eight nine ten",
    "whatever anytime idk dunno nvm skip pass none secret anonymous private nevermind cool",
    "awesome alright ha haha lol wtf damn agent staff support representative website app chat",
    "language chinese unavailable impossible urgent broke angry disappointed glad aware",
    "mr mrs ms miss dr same anybody everybody somebody everyone posting sitting standing",
    "waiting sedans suvs",
    "afraid busy free not in-between between",
)

"""What the website says besides the store's own words, in both languages."""

from typing import Literal, TypeAlias, get_args

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

HTML_LANG: dict[Language, str] = {"zh": "zh-CN", "en": "en"}

TEXTS: dict[str, tuple[str, str]] = {
    "skip": ("跳到正文", "Skip to content"),
    "menu": ("主导航", "Main"),
    "nav.models": ("车型", "Models"),
    "nav.offers": ("当期优惠", "Offers"),
    "nav.contact": ("到店与联系", "Visit us"),
    "language": ("语言", "Language"),
    "ask": ("在线咨询", "Ask us"),
    "drive": ("预约试驾", "Book a test drive"),
    "draft.drive": ("我想预约试驾", "I would like to book a test drive"),
    "draft.drive.model": ("我想预约试驾{name}", "I would like to test drive the {name}"),
    "draft.model": ("我想了解{name}", "I would like to know more about the {name}"),
    "draft.service": ("我想预约保养", "I would like to book a service"),
    "draft.finance": ("{name}贷款怎么算", "What would a loan for the {name} cost"),
    "open.until": ("展厅营业中，至 {time}", "Showroom open until {time}"),
    "open.today": ("展厅今天 {time} 开门", "Showroom opens today at {time}"),
    "open.tomorrow": ("展厅明天 {time} 开门", "Showroom opens tomorrow at {time}"),
    "open.later": ("展厅 {day} {time} 开门", "Showroom opens on {day} at {time}"),
    # Home
    "home.title": ("{brand}汽车 · {dealership}", "{dealership} · {brand} dealership"),
    "home.heading": ("湖山之间，从容出发", "Set out at your own pace"),
    "home.lead": (
        "{brand}的全系车型都在{city}。看车、试驾、算清楚每一笔钱，再决定。",
        "The whole {brand} range is here in {city}. See it, drive it, know what it costs, "
        "then decide.",
    ),
    "home.description": (
        "{dealership}：全系车型、指导价、当期优惠、营业时间，在线咨询和预约试驾。",
        "{dealership}: all models, list prices, current offers and opening hours; ask online "
        "and book a test drive.",
    ),
    "home.see": ("看全部车型", "See all models"),
    "promise.heading": ("写出来的，都有依据", "If we state it, it is on record"),
    "promise.lead": (
        "本站的每个价格和参数都来自审核过的文件，注明来源和有效期。没有确认的，我们写“待确认”。",
        "Every price and figure here comes from an approved document and names its source and "
        "how long it holds. What has not been confirmed says so.",
    ),
    "promise.test_drive_terms": ("先试再定", "Drive first"),
    "promise.warranty": ("质保写清楚", "Warranty in plain words"),
    "promise.trade_in": ("旧车置换", "Trade in your car"),
    "models.heading": ("全系车型", "The range"),
    "models.lead": ("图为示意，同一比例绘制。", "Drawings, all to the same scale."),
    "offers.heading": ("当期优惠", "Current offers"),
    "offers.until": ("截至 {day}", "Until {day}"),
    "offers.open": ("长期有效", "No end date"),
    "offers.scope.all": ("全部车型", "All models"),
    "offers.scope.model": ("{name}全系", "Every {name}"),
    "offers.none": ("目前没有针对这款车的优惠。", "There is no offer on this model at present."),
    "offers.kind.cash": ("现金优惠", "Cash"),
    "offers.kind.trade_in": ("置换补贴", "Trade-in"),
    "offers.kind.gift": ("购车礼", "Included"),
    "offers.kind.finance": ("金融方案", "Finance"),
    "price.from": ("指导价 {amount} 起", "From {amount}"),
    "price.range": ("指导价 {low} – {high}", "List price {low} – {high}"),
    "price.one": ("指导价 {amount}", "List price {amount}"),
    "price.list": ("指导价", "List price"),
    "price.none": ("价格待确认", "Price not confirmed"),
    "body.sedan": ("轿车", "Saloon"),
    "body.hatchback": ("两厢车", "Hatchback"),
    "body.suv": ("SUV", "SUV"),
    "body.mpv": ("MPV", "MPV"),
    "body.pickup": ("皮卡", "Pickup"),
    "energy.petrol": ("汽油", "Petrol"),
    "energy.hybrid": ("混动", "Hybrid"),
    "energy.plug_in_hybrid": ("插电混动", "Plug-in hybrid"),
    "energy.electric": ("纯电", "Electric"),
    "seats": ("{n} 座", "{n} seats"),
    "drawing": ("{name}侧面示意图", "Side drawing of the {name}"),
    # A model
    "model.title": ("{name} · {dealership}", "{name} · {dealership}"),
    "model.description": (
        "{name}：{summary} 各版本指导价、配置表、当期优惠和贷款示例。",
        "{name}: {summary} List prices, full specification, current offers and a loan example.",
    ),
    "model.trims": ("版本与价格", "Trims and prices"),
    "model.sections": ("本页内容", "On this page"),
    "model.year": ("{year} 款", "Model year {year}"),
    "facts.heading": ("配置与参数", "Specification"),
    "facts.caption": ("{name}各版本配置与参数", "Specification of the {name} by trim"),
    "facts.item": ("项目", "Item"),
    "facts.scroll": ("表格可以左右滑动", "The table scrolls sideways"),
    "facts.difference": ("只看不同", "Differences only"),
    "facts.none": ("目前没有已确认的配置参数。", "No specification has been confirmed yet."),
    "facts.unknown": ("待确认", "Not confirmed"),
    "facts.inapplicable": ("不适用", "n/a"),
    "flag.standard": ("标配", "Standard"),
    "flag.optional": ("选装", "Optional"),
    "flag.none": ("无", "None"),
    "group.dimensions": ("尺寸与重量", "Dimensions and weights"),
    "group.engine": ("动力与性能", "Engine and performance"),
    "group.motor": ("电机", "Electric motor"),
    "group.battery": ("电池与充电", "Battery and charging"),
    "group.chassis": ("底盘", "Chassis"),
    "group.safety": ("安全", "Safety"),
    "group.assistance": ("驾驶辅助", "Driver assistance"),
    "group.comfort": ("舒适便利", "Comfort"),
    "group.seats": ("座椅", "Seats"),
    "group.infotainment": ("智能座舱", "Infotainment"),
    "group.lights": ("灯光", "Lights"),
    "group.exterior": ("外观内饰", "Exterior and colours"),
    "group.warranty": ("质保", "Warranty"),
    "finance.heading": ("贷款示例", "Loan example"),
    "finance.lead": (
        "以{trim}指导价 {price} 为例，各方案按最低首付、最长期限计算，等额本息。",
        "For the {trim} at its list price of {price}: each plan with its lowest down payment "
        "and longest term, in equal monthly instalments.",
    ),
    "finance.caption": ("{name}贷款方案比较", "Loan plans for the {name}"),
    "finance.plan": ("方案", "Plan"),
    "finance.down": ("首付", "Down payment"),
    "finance.loan": ("贷款额", "Loan"),
    "finance.months": ("期限", "Term"),
    "finance.months.n": ("{n} 期", "{n} months"),
    "finance.monthly": ("月供", "Monthly"),
    "finance.last": ("末期 {amount}", "last one {amount}"),
    "finance.interest": ("总利息", "Total interest"),
    "finance.fee": ("手续费", "Fee"),
    "finance.rate": ("名义年利率", "Nominal rate"),
    "finance.yearly": ("综合年化利率", "Effective yearly rate"),
    "finance.note": (
        "综合年化利率含手续费，按内部收益率折算。示例未扣除现金优惠，是否批准和最终条件以金融机构为准。",
        "The effective yearly rate includes the fee. Cash offers are not deducted. "
        "The lender decides on approval and final terms.",
    ),
    "finance.none": (
        "目前没有可以公示的贷款示例。",
        "There is no confirmed loan example at present.",
    ),
    "finance.ask": ("按我的首付算一算", "Work it out for me"),
    "source.heading": ("数据来源与有效期", "Sources and validity"),
    "source.line": ("{source}，{validity}", "{source}; {validity}"),
    "source.until": ("有效期至 {day}", "valid until {day}"),
    "source.open": ("{day}起有效，直至更新", "valid from {day} until replaced"),
    "source.list": ("来源：{lines}。", "Source: {lines}."),
    "source.between": ("；", "; "),
    "next.heading": ("想亲自感受一下", "See it for yourself"),
    # Contact
    "contact.title": ("到店与联系 · {dealership}", "Visit us · {dealership}"),
    "contact.heading": ("到店与联系", "Visit us"),
    "contact.description": (
        "{dealership}的地址、电话、销售与售后营业时间、节假日安排和到店路线。",
        "Address, telephone, sales and service hours, holidays and directions of {dealership}.",
    ),
    "contact.address": ("地址", "Address"),
    "contact.phone": ("电话", "Telephone"),
    "contact.hotline": ("道路救援，24 小时", "Roadside assistance, day and night"),
    "contact.directions": ("怎么来", "Getting here"),
    "contact.hours": ("营业时间", "Opening hours"),
    "contact.zone": ("均为当地时间（{zone}）。", "Local time ({zone})."),
    "contact.special": ("近期特别安排", "Special days ahead"),
    "contact.special.lead": ("展厅与售后相同。", "For showroom and workshop alike."),
    "contact.special.none": ("近期没有特别安排。", "No special days ahead."),
    "contact.closed": ("休息", "Closed"),
    "contact.service": ("预约保养", "Book a service"),
    "contact.chat": (
        "不想打电话，也可以在线问。",
        "Rather write than call? Ask us online.",
    ),
    "department.sales": ("展厅销售", "Sales"),
    "department.service": ("售后维修", "Service"),
    "day.all": ("每天", "Every day"),
    "day.span": ("{first}至{last}", "{first} to {last}"),
    "weekday.0": ("周一", "Monday"),
    "weekday.1": ("周二", "Tuesday"),
    "weekday.2": ("周三", "Wednesday"),
    "weekday.3": ("周四", "Thursday"),
    "weekday.4": ("周五", "Friday"),
    "weekday.5": ("周六", "Saturday"),
    "weekday.6": ("周日", "Sunday"),
    # Not found
    "missing.title": ("没有这个页面 · {dealership}", "Page not found · {dealership}"),
    "missing.heading": ("没有找到这个页面", "This page does not exist"),
    "missing.lead": (
        "地址可能有误，或者这款车已经不在售。可以看看在售车型，也可以直接问我们。",
        "The address may be mistyped, or the model is no longer on sale. Have a look at the "
        "range, or just ask us.",
    ),
    "footer.legal": (
        "价格为厂家指导价，含增值税。图为示意，以实车为准。",
        "Prices are the manufacturer's list prices including VAT. Drawings are illustrations; "
        "the car itself counts.",
    ),
}

UNITS_EN = {"个": "", "英寸": "in"}
"""Units that are written differently in English; all others are the same in both."""


class Texts:
    """The site's words in one language: `t("key", name=…)`. KeyError for an unknown key."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._index = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        return TEXTS[key][self._index].format(**values)

    def known(self, prefix: str, code: str) -> str:
        """The words of a code that a dealership may have made itself: else the code."""
        key = f"{prefix}.{code}"
        return self(key) if key in TEXTS else code

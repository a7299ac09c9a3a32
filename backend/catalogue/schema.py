"""The documents of a catalogue, one class for each table.

The name of a field is the key in YAML and the heading in Excel; its title is the Chinese
heading. Unknown keys are errors. `docs/catalogue-format.md` explains each of them to whoever
fills them in.
"""

import re
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from backend.catalogue.fields import (
    BasisPoints,
    Code,
    Codes,
    Count,
    Day,
    Fen,
    Filled,
    LastDay,
    Minutes,
    Moment,
    Months,
    Names,
    Positive,
    Steps,
    Text,
    WallClock,
    Weekdays,
    Word,
    Words,
    YesNo,
)

FLAGS = {
    "standard": "standard", "标配": "standard", "●": "standard", "有": "standard",
    "optional": "optional", "选装": "optional", "○": "optional",
    "none": "none", "无": "none", "-": "none", "—": "none", "–": "none",
}  # fmt: skip
"""The values of a flag as configuration tables write them."""

Energy = Literal["petrol", "hybrid", "plug_in_hybrid", "electric"]
Aliases = Annotated[Names, Field(default_factory=list, title="别名")]
Energies = Annotated[list[Energy], Words, Field(default_factory=list, title="能源类型")]


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(Row):
    """What may be claimed: where it comes from, who approved it, when it holds.

    Each may be left out in a row and stand once in the table's defaults. `approved: no`
    keeps a row in the catalogue that must not be stated yet. `valid_until: none` means
    until replaced.
    """

    source: Filled | None = Field(None, title="来源")
    source_en: Text = Field("", title="英文来源")
    approved: YesNo = Field(True, title="已批准")
    approved_by: Filled | None = Field(None, title="批准人")
    approved_at: Moment | None = Field(None, title="批准时间")
    valid_from: Day | None = Field(None, title="生效日期")
    valid_until: LastDay = Field(None, title="失效日期")

    @model_validator(mode="after")
    def _certified(self) -> Self:
        if self.source is None:
            raise ValueError("source is missing, here and in the defaults")
        if self.valid_from is None:
            raise ValueError("valid_from is missing, here and in the defaults")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        if self.approved and (self.approved_by is None or self.approved_at is None):
            raise ValueError(
                "approved_by and approved_at are needed, here or in the defaults (or approved: no)"
            )
        return self


class DefaultsRow(Row):
    """What the rows of one table share where they say nothing themselves."""

    table: Code = Field(title="表")
    source: Filled | None = Field(None, title="来源")
    source_en: Text = Field("", title="英文来源")
    approved: YesNo = Field(True, title="已批准")
    approved_by: Filled | None = Field(None, title="批准人")
    approved_at: Moment | None = Field(None, title="批准时间")
    valid_from: Day | None = Field(None, title="生效日期")
    valid_until: LastDay = Field(None, title="失效日期")


class DealershipRow(Row):
    code: Code = Field(title="代码")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    brand_zh: Filled = Field(title="品牌")
    brand_en: Filled = Field(title="英文品牌")
    brand_aliases: Names = Field(default_factory=list, title="品牌别名")
    city_zh: Filled = Field(title="城市")
    city_en: Filled = Field(title="英文城市")
    address_zh: Filled = Field(title="地址")
    address_en: Filled = Field(title="英文地址")
    directions_zh: Text = Field("", title="交通")
    directions_en: Text = Field("", title="英文交通")
    phone: Filled = Field(title="电话")
    hotline: Filled = Field(title="救援热线")
    zone: Filled = Field(title="时区")
    currency: Literal["CNY"] = Field("CNY", title="币种")
    service_bays: Annotated[Positive, Field(le=200)] = Field(title="维修工位数")
    test_drive_minutes: Annotated[Positive, Field(le=480)] = Field(title="试驾分钟")
    test_drive_buffer_minutes: Annotated[Count, Field(le=480)] = Field(title="试驾间隔分钟")
    test_drive_prep_minutes: Annotated[Count, Field(le=480)] = Field(0, title="试驾准备分钟")
    test_drive_consultants: Annotated[Count, Field(le=100)] = Field(0, title="陪驾顾问数")
    test_drive_licence: YesNo = Field(True, title="试驾需驾驶证")
    booking_lead_minutes: Annotated[Count, Field(le=20160)] = Field(title="最少提前分钟")
    booking_horizon_days: Annotated[Positive, Field(le=366)] = Field(title="最多提前天数")

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{value!r} is not a time zone such as Asia/Shanghai") from None
        return value


class OpeningHoursRow(Row):
    """One span; two of them on a weekday make a lunch break."""

    department: Annotated[Literal["sales", "service"], Word] = Field(title="部门")
    weekdays: Weekdays = Field(title="星期")
    opens: WallClock = Field(title="开门")
    closes: WallClock = Field(title="关门")

    @model_validator(mode="after")
    def _span(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("closes must be later than opens")
        return self


class SpecialDayRow(Row):
    """Replaces the weekday's hours of both departments; without hours: closed."""

    day: Day = Field(title="日期")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    opens: WallClock | None = Field(None, title="开门")
    closes: WallClock | None = Field(None, title="关门")

    @model_validator(mode="after")
    def _span(self) -> Self:
        if (self.opens is None) != (self.closes is None):
            raise ValueError("opens and closes are given together, or neither on a closed day")
        if self.opens is not None and self.closes is not None and self.opens >= self.closes:
            raise ValueError("closes must be later than opens")
        return self


class StaffRow(Row):
    """A first account. It has no password: set-up gives it one."""

    username: Code = Field(title="用户名")
    name: Filled = Field(title="姓名")
    role: Annotated[Literal["consultant", "service_advisor", "manager", "admin"], Word] = Field(
        title="角色"
    )
    language: Annotated[Literal["zh", "en"], Word] = Field("zh", title="语言")


class FeatureRow(Row):
    code: Code = Field(title="代码")
    group: Code = Field(title="分组")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    kind: Annotated[Literal["flag", "number", "text"], Word] = Field(title="类型")
    unit: Text = Field("", title="单位")
    aliases: Aliases

    @model_validator(mode="after")
    def _unit(self) -> Self:
        if self.unit and self.kind != "number":
            raise ValueError("only a feature of kind number has a unit")
        return self


class ModelRow(Row):
    code: Code = Field(title="代码")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    body: Annotated[Literal["sedan", "hatchback", "suv", "mpv", "pickup"], Word] = Field(
        title="车身"
    )
    summary_zh: Filled = Field(title="简介")
    summary_en: Filled = Field(title="英文简介")
    colour: Annotated[Filled, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = Field(
        "#3a6b78", title="配图颜色"
    )
    aliases: Aliases


class TrimRow(Row):
    """`like` names a trim listed earlier whose features this one shares where it has none."""

    code: Code = Field(title="代码")
    model: Code = Field(title="车型")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    energy: Annotated[Energy, Word] = Field(title="能源类型")
    seats: Annotated[Positive, Field(le=9)] = Field(title="座位数")
    displacement_ml: Annotated[Count, Field(le=20000)] = Field(0, title="排量毫升")
    model_year: Annotated[Positive, Field(ge=2000, le=2100)] = Field(title="年款")
    like: Code | None = Field(None, title="同款基础")
    aliases: Aliases

    @model_validator(mode="after")
    def _displacement(self) -> Self:
        if (self.energy == "electric") != (self.displacement_ml == 0):
            raise ValueError("displacement_ml is 0 for electric trims and above 0 for all others")
        return self


class FeatureValueRow(Fact):
    """The value of a feature for a trim, or for all trims of a model that say nothing else."""

    scope: Code = Field(title="车型或版本")
    feature: Code = Field(title="配置")
    value: Filled = Field(title="值")
    value_en: Text = Field("", title="英文值")


class PriceRow(Fact):
    trim: Code = Field(title="版本")
    price: Annotated[Fen, Field(gt=0)] = Field(title="指导价(元)")


class PromotionRow(Fact):
    code: Code = Field(title="代码")
    kind: Annotated[Literal["cash", "trade_in", "gift", "finance"], Word] = Field(title="类型")
    title_zh: Filled = Field(title="标题")
    title_en: Filled = Field(title="英文标题")
    text_zh: Filled = Field(title="说明")
    text_en: Filled = Field(title="英文说明")
    model: Code | None = Field(None, title="车型")
    trim: Code | None = Field(None, title="版本")
    amount: Annotated[Fen, Field(gt=0)] | None = Field(None, title="金额(元)")

    @model_validator(mode="after")
    def _amount(self) -> Self:
        if self.kind == "cash" and self.amount is None:
            raise ValueError("amount is missing: a cash promotion lowers the price by it")
        return self


class FinancePlanRow(Fact):
    code: Code = Field(title="代码")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    annual_rate_percent: Annotated[BasisPoints, Field(le=3600)] = Field(title="年利率(%)")
    min_down_percent: BasisPoints = Field(title="最低首付(%)")
    months: Months = Field(title="期数")
    fee: Fen = Field(0, title="手续费(元)")
    models: Codes = Field(default_factory=list, title="适用车型")


NEEDS: dict[str, tuple[set[str], set[str]]] = {
    "purchase_tax": ({"rate_percent", "vat_percent"}, {"share_percent", "relief_max"}),
    "fixed": ({"amount"}, set()),
    "by_seats": ({"up_to"}, set()),
    "by_displacement": ({"up_to"}, set()),
    "percent_of_price": ({"rate_percent"}, {"base"}),
}
"""The numbers that each rule of a fee must and may have."""


class FeeRow(Fact):
    """One way to work out one line of the on-road price (`backend.models.FeeRule`)."""

    code: Code = Field(title="代码")
    line: Code = Field(title="费用项")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    rule: Annotated[
        Literal["purchase_tax", "fixed", "by_seats", "by_displacement", "percent_of_price"], Word
    ] = Field(title="规则")
    amount: Fen | None = Field(None, title="金额(元)")
    rate_percent: BasisPoints | None = Field(None, title="比例(%)")
    vat_percent: BasisPoints | None = Field(None, title="增值税(%)")
    share_percent: BasisPoints | None = Field(None, title="应缴份额(%)")
    relief_max: Fen | None = Field(None, title="减免上限(元)")
    up_to: Steps | None = Field(None, title="分档(元)")
    base: Fen | None = Field(None, title="固定部分(元)")
    energies: Energies
    optional: YesNo = Field(False, title="可不选")

    @model_validator(mode="after")
    def _numbers(self) -> Self:
        must, may = NEEDS[self.rule]
        given = {
            name
            for needed, allowed in NEEDS.values()
            for name in needed | allowed
            if getattr(self, name) is not None
        }
        if missing := sorted(must - given):
            raise ValueError(f"{', '.join(missing)} is missing for the rule {self.rule}")
        if extra := sorted(given - must - may):
            raise ValueError(f"{', '.join(extra)} has no meaning for the rule {self.rule}")
        return self

    def params(self) -> dict[str, Any]:
        """The numbers as the store keeps them: rates in hundredths of a percent, fen."""
        names = {
            "amount": self.amount,
            "rate_bp": self.rate_percent,
            "vat_bp": self.vat_percent,
            "share_bp": self.share_percent,
            "relief_max": self.relief_max,
            "up_to": [list(step) for step in self.up_to] if self.up_to else None,
            "base": self.base,
        }
        return {name: value for name, value in names.items() if value is not None}


class ServiceItemRow(Row):
    code: Code = Field(title="代码")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    text_zh: Filled = Field(title="说明")
    text_en: Filled = Field(title="英文说明")
    interval_km: Positive | None = Field(None, title="间隔公里")
    interval_months: Annotated[Positive, Field(le=240)] | None = Field(None, title="间隔月数")
    minutes: Annotated[Positive, Field(le=2880)] = Field(title="工时分钟")
    energies: Energies
    covers: Codes = Field(default_factory=list, title="包含项目")
    skill: Code | None = Field(None, title="所需技能")
    aliases: Aliases


class ServicePriceRow(Fact):
    """`models` empty: every model that no other row of the item names."""

    item: Code = Field(title="项目")
    models: Codes = Field(default_factory=list, title="车型")
    parts: Fen = Field(title="配件(元)")
    labour: Fen = Field(title="工时费(元)")


class ServiceIntervalRow(Fact):
    """`models` empty: every model that no other row of the item names."""

    item: Code = Field(title="项目")
    models: Codes = Field(default_factory=list, title="车型")
    interval_km: Positive | None = Field(None, title="间隔公里")
    interval_months: Annotated[Positive, Field(le=240)] | None = Field(None, title="间隔月数")

    @model_validator(mode="after")
    def _interval(self) -> Self:
        if self.interval_km is None and self.interval_months is None:
            raise ValueError("interval_km or interval_months is missing")
        return self


class TechnicianRow(Row):
    code: Code = Field(title="代码")
    name: Filled = Field(title="姓名")
    skills: Codes = Field(default_factory=list, title="技能")
    active: YesNo = Field(True, title="在岗")


class DemoCarRow(Row):
    trim: Code = Field(title="版本")
    plate: Filled = Field(title="车牌")
    vin: Filled = Field(title="车架号")
    colour_zh: Filled = Field(title="颜色")
    colour_en: Filled = Field(title="英文颜色")
    state: Annotated[Literal["available", "out_of_service"], Word] = Field(
        "available", title="状态"
    )

    @field_validator("vin")
    @classmethod
    def _vin(cls, value: str) -> str:
        if not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", value):
            raise ValueError("a VIN has 17 capital letters and digits, without I, O and Q")
        return value

    @field_validator("plate")
    @classmethod
    def _plate(cls, value: str) -> str:
        if not re.fullmatch(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}", value):
            raise ValueError("a plate is written like 浙A12345 or 浙AD12345")
        return value


class StatementRow(Fact):
    code: Code = Field(title="代码")
    text_zh: Filled = Field(title="文字")
    text_en: Filled = Field(title="英文文字")


STAFF_ROLES = ("consultant", "service_advisor", "manager", "admin")


class ComplaintRuleRow(Fact):
    """By when a complaint of one severity has to be answered, and who is warned before that."""

    severity: Annotated[Literal["low", "normal", "high", "critical"], Word] = Field(
        title="严重程度"
    )
    unit: Annotated[Literal["minutes", "working_minutes", "working_days"], Word] = Field(
        title="单位"
    )
    amount: Annotated[Positive, Field(le=10_080)] = Field(title="时限")
    escalate_minutes: Minutes = Field(default_factory=list, title="提前升级分钟")
    escalate_to: Codes = Field(default_factory=lambda: ["manager", "admin"], title="升级给")
    hours: Annotated[Literal["sales", "service"], Word] = Field("sales", title="营业时间")

    @model_validator(mode="after")
    def _days(self) -> Self:
        if self.unit == "working_days" and self.amount > 30:
            raise ValueError("amount: at most 30 working days")
        return self

    @model_validator(mode="after")
    def _roles(self) -> Self:
        if not set(self.escalate_to) <= set(STAFF_ROLES):
            raise ValueError(f"escalate_to: {', '.join(STAFF_ROLES)}")
        if not self.escalate_to:
            raise ValueError("escalate_to: at least one role")
        return self


class TradeInRangeRow(Fact):
    """What is paid for old cars of one kind."""

    code: Code = Field(title="代码")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    names: Names = Field(title="叫法")
    year_from: Annotated[Positive, Field(ge=1990, le=2100)] = Field(title="上牌年起")
    year_to: Annotated[Positive, Field(ge=1990, le=2100)] = Field(title="上牌年止")
    most_km: Positive = Field(title="最多公里")
    places: Names = Field(default_factory=list, title="车牌或城市")
    low: Annotated[Fen, Field(gt=0)] = Field(title="最低(元)")
    high: Annotated[Fen, Field(gt=0)] = Field(title="最高(元)")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.year_to < self.year_from:
            raise ValueError("year_to lies before year_from")
        if self.high < self.low:
            raise ValueError("high is below low")
        return self


TABLES: dict[str, type[Row]] = {
    "dealership": DealershipRow,
    "opening_hours": OpeningHoursRow,
    "special_days": SpecialDayRow,
    "staff": StaffRow,
    "features": FeatureRow,
    "models": ModelRow,
    "trims": TrimRow,
    "feature_values": FeatureValueRow,
    "prices": PriceRow,
    "promotions": PromotionRow,
    "finance_plans": FinancePlanRow,
    "fees": FeeRow,
    "service_items": ServiceItemRow,
    "service_prices": ServicePriceRow,
    "service_intervals": ServiceIntervalRow,
    "technicians": TechnicianRow,
    "demo_cars": DemoCarRow,
    "statements": StatementRow,
    "complaint_rules": ComplaintRuleRow,
    "trade_in_ranges": TradeInRangeRow,
    "defaults": DefaultsRow,
}
"""Every table by its name; the order is that of the sheets of a workbook."""

FACTS = tuple(name for name, row in TABLES.items() if issubclass(row, Fact))

OPTIONAL = frozenset({"complaint_rules", "service_intervals", "technicians", "trade_in_ranges"})
"""Tables that a document may leave out altogether."""

"""A day at the small dealership, written straight into the store, as the pages have to show
it: two languages, long texts, hostile texts, records of every kind."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import (
    Complaint,
    Conversation,
    Customer,
    DemoCar,
    Message,
    Model,
    Rating,
    ServiceBooking,
    Task,
    TestDriveBooking,
    Vehicle,
)
from tests.conftest import NOW
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION, OTHER_PHONE, PHONE, at, build

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
THIRD_CONVERSATION = "e" * 32

ENGLISH_COMPLAINT = (
    "I picked up my Shanyu last Friday and the paint on the rear left door was already scratched. "
    "I told the service desk on the spot; they promised to call me back on Monday and nobody did. "
    "Please have someone who can decide call me today."
)


async def fill(session: AsyncSession) -> None:
    """Rows for every page; times are around `NOW`, a Wednesday at 10:00."""
    await build(session)
    wang = Customer(name="王伟", phone=PHONE, language="zh", created_at=NOW - timedelta(days=40))
    taylor = Customer(
        name="Alexandra Montgomery-Taylor", phone=OTHER_PHONE, language="en", created_at=NOW
    )
    session.add_all([wang, taylor])
    await session.flush()
    session.add(
        Vehicle(
            customer_id=wang.id, plate="浙A12345", vin=None, model_id=None, mileage_km=20_100,
            created_at=NOW,
        )
    )  # fmt: skip
    await session.flush()
    await _chinese(session, wang)
    await _english(session, taylor)
    await _hostile(session)
    await _bookings(session, wang, taylor)


async def _chinese(session: AsyncSession, wang: Customer) -> None:
    row = await session.get_one(Conversation, CONVERSATION)
    row.created_at = NOW - timedelta(minutes=31)
    row.customer_id, row.updated_at = wang.id, NOW - timedelta(minutes=4)
    row.last_text = "已为您约好：周四 15:00 试驾山屿，单号 TD261125-0001。"
    talk = Talk(session, CONVERSATION, NOW - timedelta(minutes=30), "zh")
    talk.customer(
        "山屿混动版落地大概多少钱？预算20万左右",
        "ask_onroad_price", 0.93,
        [
            {"entity": "model", "value": "shanyu", "start": 0, "end": 2},
            {
                "entity": "money", "start": 14, "end": 17,
                "value": {"amount": 20_000_000, "min": None, "max": None, "currency": "CNY",
                          "role": "budget", "approximate": True},
            },
        ],
        [{"name": "ask_onroad_price", "confidence": 0.93}, {"name": "ask_price",
         "confidence": 0.05}, {"name": "ask_finance", "confidence": 0.01}],
    )  # fmt: skip
    talk.assistant(
        "山屿 2 型的落地价估算如下，保险以实际投保为准。",
        cards=[
            {
                "title": "山屿 2 型",
                "subtitle": "指导价 ¥168,800",
                "facts": [
                    {"label": "车辆价格", "value": "¥168,800"},
                    {"label": "购置税", "value": "¥14,938"},
                    {"label": "交强险", "value": "¥950"},
                    {"label": "合计", "value": "¥184,688"},
                ],
                "buttons": [{"choice": "c9", "title": "贷款方案"}],
            }
        ],
        buttons=[{"choice": "c1", "title": "预约试驾"}, {"choice": "c2", "title": "看看优惠"}],
    )
    talk.customer("预约试驾", "book_test_drive", 1.0, [], payload="/book_test_drive")
    talk.assistant("好的，您想哪天过来？周六店里盘点，不营业。")
    talk.customer(
        "那就明天下午三点吧，我叫王伟，13800000001",
        "inform", 0.62,
        [
            {"entity": "time", "start": 2, "end": 8, "value": {
                "date": "2026-11-26", "date_end": None, "time": "15:00", "time_end": None,
                "part": "afternoon", "grain": "minute", "start": "2026-11-26T15:00:00+08:00",
                "end": None, "approximate": False, "past": False, "ambiguous": [],
                "repeated": False}},
            {"entity": "person", "value": {"name": "王伟", "title": None}, "start": 12, "end": 14},
            {"entity": "phone", "start": 15, "end": 26, "value": {
                "number": "+8613800000001", "national": "13800000001", "valid": True}},
        ],
    )  # fmt: skip
    talk.assistant(row.last_text)
    talk.system("会话已转给人工，再由助手接回。")
    session.add(Rating(conversation_id=CONVERSATION, score=5, comment="回复很快", created_at=NOW))
    row.last_seq = talk.seq


async def _english(session: AsyncSession, taylor: Customer) -> None:
    row = await session.get_one(Conversation, OTHER_CONVERSATION)
    row.customer_id, row.language, row.owner = taylor.id, "en", "waiting"
    row.created_at, row.updated_at = NOW - timedelta(days=1), NOW - timedelta(hours=3)
    row.last_text = "Please have someone who can decide call me today."
    talk = Talk(session, OTHER_CONVERSATION, NOW - timedelta(days=1), "en")
    talk.customer("When are you open on Sunday?", "ask_hours", 0.41, [])
    talk.assistant("On Sunday, 29 November, sales is open from 10:00 to 16:00.", delivery="failed")
    talk.at = NOW - timedelta(hours=3)
    talk.customer(ENGLISH_COMPLAINT, "complaint", 0.88, [], turn="failed")
    row.last_seq = talk.seq


async def _hostile(session: AsyncSession) -> None:
    row = Conversation(
        id=THIRD_CONVERSATION, channel="web", token_hash="e", locale=None, language="zh",
        owner="assistant", last_text=HOSTILE, created_at=NOW - timedelta(days=3),
        updated_at=NOW - timedelta(days=2), last_seq=3,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    talk = Talk(session, THIRD_CONVERSATION, row.created_at, "zh")
    talk.customer(HOSTILE, HOSTILE, 0.2, [{"entity": HOSTILE, "value": {"x": HOSTILE}}, "odd"])
    talk.customer("啊" * 300 + "a" * 400, None, None, None, turn="pending")
    talk.assistant(
        "",
        cards=[{"title": HOSTILE, "facts": [{"label": HOSTILE, "value": HOSTILE}]}, 7],
        buttons=[{"choice": "x", "title": HOSTILE}],
    )
    for state, kind, note in (
        ("open", "question", f"客户问：{HOSTILE}"),
        ("open", "handover", "客户要求人工接待，已等候 12 分钟"),
        ("done", "follow_up", "Call back about the trade-in value of a 2019 hatchback"),
    ):
        session.add(
            Task(
                kind=kind, conversation_id=THIRD_CONVERSATION, note=note, state=state,
                created_at=NOW - timedelta(hours=5), source_message_id=f"{kind}-1",
                source_action="x",
            )
        )  # fmt: skip


async def _bookings(session: AsyncSession, wang: Customer, taylor: Customer) -> None:
    shanyu = (await session.scalars(select(Model).where(Model.code == "shanyu"))).one()
    cars = list(await session.scalars(select(DemoCar).order_by(DemoCar.id)))
    for count, (state, start, who) in enumerate(
        [("booked", at("26 15:00"), wang), ("done", at("24 10:00"), taylor),
         ("cancelled", at("27 09:30"), taylor)],
        1,
    ):  # fmt: skip
        session.add(
            TestDriveBooking(
                number=f"TD261125-{count:04d}", state=state, model_id=shanyu.id,
                demo_car_id=cars[count % 2].id, customer_id=who.id,
                conversation_id=CONVERSATION if who is wang else OTHER_CONVERSATION,
                starts_at=start, ends_at=start + timedelta(minutes=30),
                created_at=NOW - timedelta(hours=count), source_message_id=f"td{count}",
                source_action="book",
            )
        )  # fmt: skip
    session.add_all(
        [
            _visit(1, wang, shanyu.id, at("27 09:00"), 42_000, "浙A12345", 20_100, [
                {"code": "oil", "name_zh": "机油机滤更换", "name_en": "Oil and filter",
                 "parts": 30_000, "labour": 10_000},
                {"code": "wash", "name_zh": "洗车", "name_en": "Wash", "parts": 0,
                 "labour": 2_000}]),
            _visit(2, taylor, None, at("26 13:30"), None, None, None, [],
                   "Brake pedal feels soft since yesterday; the warning light stays off"),
        ]
    )  # fmt: skip
    session.add_all(
        [
            _complaint(1, "high", "delivery", ENGLISH_COMPLAINT, NOW - timedelta(minutes=20),
                       taylor.id, OTHER_CONVERSATION, OTHER_PHONE),
            _complaint(2, "normal", "charges", f"多收了 80 元工时费 {HOSTILE}",
                       NOW + timedelta(hours=20), None, THIRD_CONVERSATION, "+8613800000003"),
            _complaint(3, "low", "other", "展厅空调太冷", NOW - timedelta(days=2), wang.id, None,
                       None, "closed"),
        ]
    )  # fmt: skip


def _visit(
    count: int,
    who: Customer,
    model_id: int | None,
    start: datetime,
    price: int | None,
    plate: str | None,
    mileage: int | None,
    items: list[Any],
    note: str = "",
) -> ServiceBooking:
    return ServiceBooking(
        number=f"SV261125-{count:04d}", bay=count, model_id=model_id, customer_id=who.id,
        vehicle_id=None, conversation_id=None, plate=plate, mileage_km=mileage, items=items,
        price=price, note=note, starts_at=start, ends_at=start + timedelta(hours=1),
        created_at=NOW - timedelta(minutes=count), source_message_id=f"sv{count}",
        source_action="book",
    )  # fmt: skip


def _complaint(
    count: int,
    severity: str,
    category: str,
    text: str,
    due_at: datetime,
    customer_id: int | None,
    conversation_id: str | None,
    phone: str | None,
    state: str = "open",
) -> Complaint:
    return Complaint(
        number=f"CP261125-{count:04d}", category=category, severity=severity, state=state,
        text=text, contact_phone=phone, due_at=due_at, customer_id=customer_id,
        conversation_id=conversation_id, created_at=NOW - timedelta(hours=count * 4),
        source_message_id=f"cp{count}", source_action="lodge",
    )  # fmt: skip


class Talk:
    """Writes one transcript, a message every 20 seconds."""

    def __init__(
        self, session: AsyncSession, conversation_id: str, at: datetime, language: str
    ) -> None:
        self._session, self._id, self.at, self._language = session, conversation_id, at, language
        self.seq = 0

    def customer(
        self,
        text: str,
        intent: str | None,
        confidence: float | None,
        entities: list[Any] | None,
        ranking: list[Any] | None = None,
        turn: str = "done",
        payload: str | None = None,
    ) -> None:
        self._add(
            "customer", text, intent=intent, confidence=confidence, entities=entities,
            ranking=ranking, turn=turn, payload=payload, language=self._language,
        )  # fmt: skip

    def assistant(
        self,
        text: str,
        cards: list[Any] | None = None,
        buttons: list[Any] | None = None,
        delivery: str = "sent",
    ) -> None:
        self._add("assistant", text, cards=cards, buttons=buttons, delivery=delivery)

    def system(self, text: str) -> None:
        self._add("system", text)

    def _add(self, sender: str, text: str, **values: Any) -> None:
        self.seq += 1
        self.at += timedelta(seconds=20)
        self._session.add(
            Message(
                id=f"{self._id[:8]}-{self.seq}", conversation_id=self._id, seq=self.seq,
                sender=sender, text=text, channel="web", sent_at=self.at, **values,
            )
        )  # fmt: skip

"""From records to the API's bodies."""

from datetime import datetime
from typing import Any

from backend.clock import local
from backend.models import Customer, Diagnosis, Model, Staff, Trim, Vehicle
from backend.staff.conversation_queries import ConversationRecord, MessageRecord
from backend.staff.queries import ComplaintRecord, ServiceRecord, TestDriveRecord
from backend.staff.roadside_queries import RoadsideRecord
from backend.staff_api import schemas as out


def _named(row: Model | Trim) -> out.Named:
    return out.Named(code=row.code, name_zh=row.name_zh, name_en=row.name_en)


def _customer(row: Customer) -> out.CustomerBrief:
    return out.CustomerBrief(id=row.id, name=row.name, phone=row.phone)


def _person(row: Staff | None) -> out.AssigneeOut | None:
    return out.AssigneeOut(id=row.id, name=row.name) if row else None


def test_drive(record: TestDriveRecord, zone: str) -> out.TestDriveOut:
    booking, car = record.booking, record.car
    return out.TestDriveOut(
        id=booking.id,
        number=booking.number,
        state=booking.state,
        model=_named(record.model),
        trim=_named(record.trim),
        car=out.DemoCarOut(plate=car.plate, colour=car.colour_zh, colour_en=car.colour_en),
        starts_at=local(booking.starts_at, zone),
        ends_at=local(booking.ends_at, zone),
        customer=_customer(record.customer),
        conversation_id=booking.conversation_id,
        created_at=local(booking.created_at, zone),
    )


def _item(item: Any) -> out.ServiceItemOut:
    known = item if isinstance(item, dict) else {}
    return out.ServiceItemOut(**{name: known.get(name) for name in out.ServiceItemOut.model_fields})


def diagnosis(row: Diagnosis, zone: str) -> out.DiagnosisOut:
    return out.DiagnosisOut(
        symptoms=[out.Named(**one) for one in row.symptoms],
        codes=row.codes,
        answers=row.answers,
        causes=[out.Named(**one) for one in row.causes],
        verdict=row.verdict,
        visit=row.visit,
        text=row.text,
        updated_at=local(row.updated_at, zone),
    )


def roadside_request(record: RoadsideRecord, zone: str) -> out.RoadsideOut:
    row = record.request
    return out.RoadsideOut(
        id=row.id,
        number=row.number,
        state=row.state,
        place=row.place,
        phone=row.phone,
        text=row.text,
        diagnosis=diagnosis(record.diagnosis, zone) if record.diagnosis else None,
        customer=_customer(record.customer) if record.customer else None,
        conversation_id=row.conversation_id,
        created_at=local(row.created_at, zone),
    )


def service_booking(
    record: ServiceRecord, zone: str, found: Diagnosis | None = None
) -> out.ServiceBookingOut:
    booking, vehicle = record.booking, record.vehicle
    plate = booking.plate or (vehicle.plate if vehicle else None)
    return out.ServiceBookingOut(
        id=booking.id,
        number=booking.number,
        state=booking.state,
        model=_named(record.model) if record.model else None,
        trim=None,
        car=out.ServiceCarOut(plate=plate, vin=vehicle.vin if vehicle else None),
        plate=plate,
        mileage_km=booking.mileage_km,
        items=[_item(item) for item in booking.items],
        price=booking.price,
        currency=booking.currency,
        note=booking.note,
        diagnosis=diagnosis(found, zone) if found else None,
        starts_at=local(booking.starts_at, zone),
        ends_at=local(booking.ends_at, zone),
        customer=_customer(record.customer),
        conversation_id=booking.conversation_id,
        created_at=local(booking.created_at, zone),
    )


def complaint(record: ComplaintRecord, zone: str, now: datetime) -> out.ComplaintOut:
    row = record.complaint
    return out.ComplaintOut(
        id=row.id,
        number=row.number,
        category=row.category,
        severity=row.severity,
        state=row.state,
        text=row.text,
        contact_phone=row.contact_phone,
        due_at=local(row.due_at, zone),
        overdue=record.waits and row.due_at < now,
        escalation=record.level,
        assignee=_person(record.assignee),
        source=record.case.source if record.case else "chat",
        customer=_customer(record.customer) if record.customer else None,
        conversation_id=row.conversation_id,
        created_at=local(row.created_at, zone),
    )


def _conversation(record: ConversationRecord, zone: str) -> dict[str, Any]:
    row = record.conversation
    return {
        "id": row.id,
        "channel": row.channel,
        "state": row.state,
        "owner": row.owner,
        "assignee": _person(record.assignee),
        "language": row.language,
        "locale": row.locale,
        "customer": _customer(record.customer) if record.customer else None,
        "messages_count": row.last_seq,
        "last_text": row.last_text,
        "created_at": local(row.created_at, zone),
        "updated_at": local(row.updated_at, zone),
    }


def conversation(record: ConversationRecord, zone: str) -> out.ConversationOut:
    return out.ConversationOut(**_conversation(record, zone))


def conversation_detail(
    record: ConversationRecord, messages: list[MessageRecord], zone: str
) -> out.ConversationDetailOut:
    return out.ConversationDetailOut(
        **_conversation(record, zone), messages=[_message(message, zone) for message in messages]
    )


def _message(record: MessageRecord, zone: str) -> out.MessageOut:
    row = record.message
    return out.MessageOut(
        id=row.id,
        seq=row.seq,
        sender=row.sender,
        staff=_person(record.staff),
        text=row.text,
        sent_at=local(row.sent_at, zone),
        channel=row.channel,
        language=row.language,
        intent=row.intent,
        confidence=row.confidence,
        entities=row.entities or [],
        ranking=row.ranking or [],
        buttons=row.buttons or [],
        cards=row.cards or [],
        attachment_id=row.attachment_id,
        reply_to=row.reply_to,
        turn=row.turn,
        delivery=row.delivery,
    )


def customer(row: Customer, vehicles: list[Vehicle], zone: str) -> out.CustomerOut:
    return out.CustomerOut(
        id=row.id,
        name=row.name,
        phone=row.phone,
        language=row.language,
        vehicles=[
            out.VehicleOut(plate=car.plate, vin=car.vin, mileage_km=car.mileage_km)
            for car in vehicles
        ],
        created_at=local(row.created_at, zone),
    )

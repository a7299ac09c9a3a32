"""What staff and the customer do with a complaint: events, state, who is told what, once."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from backend.complaints import customer, handling, service, story, thread
from backend.complaints.handling import By
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.models import Audit, Conversation
from tests.integration.complaints.conftest import CONVERSATION, TEXT, Desk
from tests.integration.world import PHONE, at


async def talk(desk: Desk, channel: str = "web", language: str = "zh", **more: object) -> None:
    async with desk.database.transaction() as session:
        await session.execute(
            update(Conversation)
            .where(Conversation.id == CONVERSATION)
            .values(channel=channel, language=language, **more)
        )


async def test_taking_it_tells_the_customer_who_has_it_and_by_when(desk: Desk) -> None:
    made = await desk.lodge()
    async with desk.database.transaction() as session:
        await handling.take(session, desk.now, made, desk.by("li"))
    complaint, case = await desk.complaint(made)
    assert (complaint.state, case.assignee_id) == ("in_progress", desk.people["li"])
    assert case.answered_at is None, "a notice is no answer"
    (told,) = await desk.told()
    assert told.text == "您的投诉 CP261125-0001 由李强接手处理，最晚 今天 15:30 前回复您。"
    with pytest.raises(ConflictError):
        async with desk.database.transaction() as session:
            await handling.take(session, desk.now, made, desk.by("li"))
    async with desk.database.transaction() as session:
        await handling.assign(session, desk.now, made, desk.by("li"), to=desk.people["chen"])
    (task,) = await desk.tasks()
    assert (task.kind, task.assignee_id) == ("complaint", desk.people["chen"])
    assert await desk.kinds(made) == ["lodged", "taken", "assigned"]


async def test_a_messenger_gets_it_through_the_outbox_in_his_language(desk: Desk) -> None:
    await talk(desk, channel="wechat", language="en", address="o1")
    made = await desk.lodge()
    async with desk.database.transaction() as session:
        await handling.take(session, desk.now, made, desk.by("li"))
    (told,) = await desk.told()
    assert told.text.startswith("李强 is now handling your complaint CP261125-0001")
    (row,) = await desk.outbox()
    assert (row.category, row.message_id, row.state) == ("notice", told.id, "pending")


async def test_a_message_is_an_answer_and_takes_the_talk_over(desk: Desk) -> None:
    made = await desk.lodge()
    for _ in range(2):
        async with desk.database.transaction() as session:
            await handling.message(session, desk.now, made, desk.by("li", "k1"), "我来处理")
    complaint, case = await desk.complaint(made)
    assert (complaint.state, case.answered_at, case.escalate_at) == (
        "in_progress", desk.now, None
    )  # fmt: skip
    (told,) = await desk.told()
    assert (told.sender, told.text, told.staff_id) == ("staff", "我来处理", desk.people["li"])
    assert await desk.kinds(made) == ["lodged", "told"]


async def test_it_is_resolved_only_with_cause_and_remedy_and_asked_once(desk: Desk) -> None:
    made = await desk.lodge()
    with pytest.raises(ConflictError, match="cause"):
        async with desk.database.transaction() as session:
            await handling.resolve(session, desk.now, made, desk.by("li"), result="好了")
    with pytest.raises(InvalidError):
        async with desk.database.transaction() as session:
            await handling.find_cause(session, desk.now, made, desk.by("li"), cause="x", remedy=" ")
    await desk.resolve(made, result="已更换离合器，不收费")
    complaint, _ = await desk.complaint(made)
    assert complaint.state == "resolved"
    (told,) = await desk.told()
    assert told.text == ("您的投诉 CP261125-0001 已处理：已更换离合器，不收费\n这样解决了吗？")
    assert [button["title"] for button in told.buttons or []] == ["解决了", "没有解决"]
    with pytest.raises(ConflictError):
        await desk.resolve(made)
    assert len(await desk.told()) == 1


async def test_not_solved_reopens_with_a_new_deadline_and_needs_a_new_cause(desk: Desk) -> None:
    made = await desk.lodge()
    await desk.resolve(made)
    desk.clock.advance(timedelta(days=1))
    for _ in range(2):
        async with desk.database.transaction() as session:
            await customer.reopen(
                session, desk.now, made, conversation_id=CONVERSATION, message_id="m9",
                text="还是没修好",
            )  # fmt: skip
    complaint, case = await desk.complaint(made)
    assert (complaint.state, complaint.due_at) == ("open", at("26 15:30"))
    assert (case.round, case.answered_at, case.level) == (1, None, 0)
    assert case.escalate_at == at("26 13:30")
    assert (await desk.kinds(made)).count("reopened") == 1
    with pytest.raises(ConflictError, match="cause"):
        async with desk.database.transaction() as session:
            await handling.resolve(session, desk.now, made, desk.by("li"), result="好了")
    await desk.resolve(made)
    assert (await desk.complaint(made))[0].state == "resolved"


async def test_staff_reopen_it_and_the_customer_is_told(desk: Desk) -> None:
    made = await desk.lodge()
    with pytest.raises(ConflictError):
        async with desk.database.transaction() as session:
            await handling.reopen(session, desk.now, made, desk.by("li"), reason="x")
    await desk.resolve(made)
    async with desk.database.transaction() as session:
        await handling.reopen(session, desk.now, made, desk.by("li"), reason="客户来电说又响")
    assert (await desk.told())[-1].text == (
        "您的投诉 CP261125-0001 重新开始处理，最晚 今天 15:30 前回复您。"
    )


async def test_solved_closes_it_and_withdrawing_too(desk: Desk) -> None:
    made = await desk.lodge()
    await desk.resolve(made)
    async with desk.database.transaction() as session:
        ended = await customer.ended_in(session, desk.now, CONVERSATION)
        assert ended is not None
        assert (ended.asked, ended.just_asked) == (True, True)
        await customer.confirm(
            session, desk.now, made, conversation_id=CONVERSATION, message_id="m", text="好了"
        )
    assert (await desk.complaint(made))[0].state == "closed"
    second = await desk.lodge("前台态度差")
    async with desk.database.transaction() as session:
        await customer.withdraw(
            session, desk.now, second, conversation_id=CONVERSATION, message_id="n", text="算了"
        )
        ended = await customer.ended_in(session, desk.now, CONVERSATION)
        assert ended is not None
        assert (ended.complaint.id, ended.withdrawn) == (second, True)
    assert (await desk.complaint(second))[0].state == "closed"
    assert await desk.tasks() == []


async def test_a_danger_that_is_withdrawn_stays_a_task(desk: Desk) -> None:
    made = await desk.lodge("刹车失灵差点撞车，太危险了")
    async with desk.database.transaction() as session:
        await customer.withdraw(
            session, desk.now, made, conversation_id=CONVERSATION, message_id="n", text="算了"
        )
    assert [task.kind for task in await desk.tasks()] == ["complaint"]


async def test_a_graver_complaint_is_due_sooner_and_never_later(desk: Desk) -> None:
    made = await desk.lodge("前台态度差")
    assert (await desk.complaint(made))[0].due_at == at("26 10:00")
    by = desk.by("zhou")
    for severity, due in (("critical", at("25 12:00")), ("low", at("25 12:00"))):
        async with desk.database.transaction() as session:
            await handling.grade(
                session, desk.now, made, by, category="service", severity=severity,  # type: ignore[arg-type]
            )  # fmt: skip
        assert (await desk.complaint(made))[0].due_at == due


async def test_where_nothing_can_be_written_he_has_to_be_called(desk: Desk) -> None:
    await talk(desk, channel="phone")
    made = await desk.lodge()
    async with desk.database.transaction() as session:
        await handling.take(session, desk.now, made, desk.by("li"))
    assert await desk.told() == []
    with pytest.raises(ConflictError) as refused:
        async with desk.database.transaction() as session:
            await handling.message(session, desk.now, made, desk.by("li"), "您好")
    assert refused.value.code == "unreachable"
    async with desk.database.transaction() as session:
        await handling.called(session, desk.now, made, desk.by("li"), "已致电说明")
    assert (await desk.complaint(made))[1].answered_at == desk.now


async def test_the_state_is_what_the_thread_comes_to_and_all_is_audited(desk: Desk) -> None:
    made = await desk.lodge()
    async with desk.database.transaction() as session:
        await handling.note(session, desk.now, made, desk.by("li"), "客户很急 13800000001")
        await story.add(
            session, desk.now, made, "还漏油", message_id="m2", conversation_id=CONVERSATION
        )
        await service.attach_contact(session, desk.now, made, PHONE, "王伟")
    await desk.resolve(made)
    complaint, _ = await desk.complaint(made)
    kinds = await desk.kinds(made)
    assert thread.standing(kinds).state == complaint.state == "resolved"
    lines = await desk_audit(desk)
    assert [action for action, _ in lines] == [f"complaint.{kind}" for kind in kinds]
    assert not any(word in data for _, data in lines for word in ("1380", "漏油", TEXT, "重修"))


async def desk_audit(desk: Desk) -> list[tuple[str, str]]:
    from sqlalchemy import select

    async with desk.database.reading() as session:
        rows = await session.scalars(
            select(Audit).where(Audit.action.startswith("complaint")).order_by(Audit.id)
        )
        return [(row.action, str(row.data)) for row in rows]


async def test_unknown_ones_and_colleagues_who_left(desk: Desk) -> None:
    made = await desk.lodge()
    async with desk.database.transaction() as session:
        with pytest.raises(NotFoundError):
            await handling.note(session, desk.now, 999, desk.by("li"), "x")
        with pytest.raises(InvalidError):
            await handling.assign(session, desk.now, made, desk.by("li"), to=999)
        with pytest.raises(InvalidError):
            await handling.take(session, desk.now, made, By("token:1"))

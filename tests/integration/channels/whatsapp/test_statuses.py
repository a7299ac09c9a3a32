"""What the platform tells later: delivered, read, failed, and that a lost call went out."""

from datetime import timedelta

import pytest

from backend.conversations import outbox
from backend.conversations.assistant import Answer
from backend.conversations.transcript import Reply, Understanding
from tests.fakes.messenger import Fault, Sent
from tests.fakes.site import Site, dying, eventually
from tests.fakes.whatsapp import Customer, FakeWhatsApp


async def deliveries(site: Site, customer: Customer) -> list[str]:
    return [one.delivery for one in await site.messages(customer.address)]


async def becomes(site: Site, customer: Customer, *states: str) -> None:
    async def there() -> bool:
        return tuple(await deliveries(site, customer)) == states

    await eventually(there)


async def one_sent(fake: FakeWhatsApp, site: Site, customer: Customer) -> Sent:
    """An answer that has gone out; of its statuses none has come."""
    fake.tells = ()
    await customer.says("你好")
    [sent] = await fake.hears(customer.address)
    await site.settled(customer.address, "sent")
    return sent


async def test_the_states_of_a_message(site: Site, fake: FakeWhatsApp, customer: Customer) -> None:
    sent = await one_sent(fake, site, customer)
    found = []
    for state in ("sent", "delivered", "read", "sent", "deleted", ""):
        await fake.tells_status(sent, state)
        found.append((await deliveries(site, customer))[1])
    assert found == ["sent", "delivered", "delivered", "delivered", "delivered", "delivered"]
    assert await site.tasks() == []


async def test_delivered_is_told_by_itself(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    await customer.says("你好")
    await becomes(site, customer, "received", "delivered")


@pytest.mark.parametrize(("code", "error"), [(131026, "131026"), (131047, "window_closed")])
async def test_a_message_that_failed_after_all_is_a_task(
    site: Site, fake: FakeWhatsApp, customer: Customer, code: int, error: str
) -> None:
    sent = await one_sent(fake, site, customer)
    for _ in range(3):
        await fake.tells_status(sent, "failed", code)
    [row] = await site.outbox(customer.address)
    assert (row.state, row.error) == ("failed", error)
    assert await deliveries(site, customer) == ["received", "failed"]
    [task] = await site.tasks()
    assert (task.kind, task.note, task.source_message_id) == ("undelivered", error, row.message_id)


async def test_a_message_that_was_too_many_is_sent_again(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    sent = await one_sent(fake, site, customer)
    await fake.tells_status(sent, "failed", 131056)
    [row] = await site.outbox(customer.address)
    assert (row.state, row.error) == ("pending", "131056")
    site.clock.advance(timedelta(seconds=11))
    again = (await fake.hears(customer.address, 2))[-1]
    assert (again.text, again.id != sent.id) == (sent.text, True)
    await site.settled(customer.address, "sent")
    # The first one stays what it was.
    await fake.tells_status(sent, "failed", 131026)
    assert [row.state for row in await site.outbox(customer.address)] == ["sent"]
    assert await site.tasks() == []


async def test_the_same_status_once_more_while_the_next_try_is_under_way(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    sent = await one_sent(fake, site, customer)
    await fake.tells_status(sent, "failed", 131056)
    fake.gate.clear()
    fake.entered.clear()
    site.clock.advance(timedelta(seconds=11))
    await fake.entered.wait()
    await fake.tells_status(sent, "failed", 131056)
    fake.gate.set()
    await site.settled(customer.address, "sent")
    site.clock.advance(timedelta(hours=1))
    await customer.says("还在吗")
    assert [one.text for one in await fake.hears(customer.address, 3)] == [
        "≈你好", "≈你好", "≈还在吗",
    ]  # fmt: skip


async def test_a_message_that_is_not_ours(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    sent = await one_sent(fake, site, customer)
    for payload in ({}, {"biz_opaque_callback_data": "somebody-elses"}):
        other = Sent(sent.to, "wamid.other", "", (), payload)
        for state in ("sent", "delivered", "failed"):
            await fake.tells_status(other, state, 131026)
    assert await deliveries(site, customer) == ["received", "sent"]
    assert await site.tasks() == []


@pytest.mark.parametrize("fault", ["lost", "silent"])
async def test_a_call_without_an_answer_that_went_out_is_not_made_again(
    site: Site, fake: FakeWhatsApp, customer: Customer, fault: str
) -> None:
    fake.faults.append(Fault(fault))
    fake.tells = ()
    await customer.says("你好")
    [sent] = await fake.hears(customer.address)

    async def tried() -> bool:
        return any(row.error for row in await site.outbox(customer.address))

    await eventually(tried)
    await fake.tells_status(sent, "sent")
    [row] = await site.settled(customer.address, "sent")
    assert (row.platform_id, row.error) == (sent.id, "")
    site.clock.advance(timedelta(minutes=20))
    await fake.tells_status(sent, "delivered")
    await customer.says("还在吗")
    assert [one.text for one in await fake.hears(customer.address, 2)] == ["≈你好", "≈还在吗"]
    await becomes(site, customer, "received", "delivered", "received", "sent")


async def test_a_process_that_dies_between_sending_and_writing_it_down(
    site: Site, fake: FakeWhatsApp, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status says that it went out: nothing is sent twice, not even by another process."""
    fake.tells = ()
    with dying(monkeypatch) as died:
        await customer.says("你好")
        [sent] = await fake.hears(customer.address)
        await died.wait()
    await fake.tells_status(sent, "delivered")
    await site.settled(customer.address, "sent")
    site.clock.advance(outbox.LEASE * 2)
    await customer.says("在吗")
    assert [one.text for one in await fake.hears(customer.address, 2)] == ["≈你好", "≈在吗"]
    await becomes(site, customer, "received", "delivered", "received", "sent")


async def test_a_process_that_dies_and_no_status_comes(
    site: Site, fake: FakeWhatsApp, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.tells = ()
    with dying(monkeypatch) as died:
        await customer.says("你好")
        [first] = await fake.hears(customer.address)
        await died.wait()
    site.clock.advance(outbox.LEASE * 1.1)
    await fake.hears(customer.address, 2)
    [row] = await site.settled(customer.address, "sent")
    # Late statuses of the first try change nothing any more.
    for state, code in (("sent", None), ("failed", 131026)):
        await fake.tells_status(first, state, code)
        [same] = await site.outbox(customer.address)
        assert (same.state, same.platform_id) == ("sent", row.platform_id)


async def test_the_status_comes_before_the_answer_to_the_call(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    fake.tells = ()
    fake.faults.append(Fault("silent"))
    await customer.says("你好")
    [sent] = await fake.hears(customer.address)
    await fake.tells_status(sent, "delivered")
    [row] = await site.settled(customer.address, "sent")
    assert row.platform_id == sent.id
    await becomes(site, customer, "received", "delivered")


async def test_merged_answers_share_their_status(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    fake.tells = ()
    fake.faults.append(Fault("lost"))
    site.assistant.plays(Answer(Understanding(language="zh"), [Reply("一"), Reply("二")]))
    await customer.says("你好")
    [sent] = await fake.hears(customer.address)
    await site.settled(customer.address, "pending", "pending")
    await fake.tells_status(sent, "read")
    await becomes(site, customer, "received", "delivered", "delivered")
    assert {row.platform_id for row in await site.outbox(customer.address)} == {sent.id}
    await fake.tells_status(sent, "failed", 131026)
    assert [row.state for row in await site.outbox(customer.address)] == ["failed", "failed"]
    assert len(await site.tasks()) == 1

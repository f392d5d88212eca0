"""Acts on many customers: asked by one, done by the yes of another."""

import pytest

from bss.kernel import approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, AuditEntry, OutboxEvent
from bss.kernel.periods import local_moment
from customers.models import Customer
from tests.builders.customers import a_company
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

LATER = local_moment("2026-10-15T10:30")


@pytest.fixture(autouse=True)
def the_day(settings):
    settings.BUSINESS_TIME = "2026-10-15T10:00"


@pytest.fixture
def asker():
    return a_staff("supervisor")


@pytest.fixture
def page(client, asker):
    client.force_login(asker)
    return client


@pytest.fixture
def checker():
    return a_staff("supervisor", username="checker")


@pytest.fixture
def managers():
    return [a_staff("account_manager", username=f"manager{n}") for n in range(2)]


def companies(count, **more):
    return [a_company(name=f"测试{n}号商贸有限公司", **more) for n in range(count)]


def approve(checker):
    return approvals.decide(
        approval_id=Approval.objects.get(state="asked").pk,
        decided_by_id=checker.pk,
        approve=True,
        at=LATER,
    )


def text(response):
    return response.content.decode()


def lines():
    found = approvals.lines_of(Approval.objects.get())
    return [(line.label, line.before, str(line.value)) for line in found]


def test_all_customers_of_a_manager_go_to_another(page, checker, managers):
    first, second = managers
    mine = companies(3, account_manager_id=first.pk)
    a_company(name="别人的商贸有限公司", account_manager_id=second.pk)
    address = f"/customers/reassign?account_manager={first.pk}"
    assert "<b>3</b>" in text(page.get(address))
    page.post(address, {"to": second.pk, "reason": "片区调整"})
    assert ("客户经理", str(first), f"{second}（3 位）") in lines()
    assert Customer.objects.filter(account_manager=first).count() == 3

    approval = approve(checker)

    assert approval.result == {"changed": 3}
    assert Customer.objects.filter(account_manager=second).count() == 4
    entry = AuditEntry.objects.get(action="customer.reassign_many")
    assert entry.detail["customers"] == [one.pk for one in mine]


def test_they_may_go_back_to_their_hall(page, checker, managers):
    companies(2, account_manager_id=managers[0].pk)
    page.post("/customers/reassign?q=测试", {"to": "nobody", "reason": "客户经理离岗"})
    approve(checker)
    assert not Customer.objects.filter(account_manager__isnull=False).exists()


def test_what_somebody_moved_meanwhile_is_not_moved_blindly(page, checker, managers):
    mine = companies(2, account_manager_id=managers[0].pk)
    page.post("/customers/reassign", {"to": managers[1].pk, "reason": "片区调整"})
    Customer.objects.filter(pk=mine[0].pk).update(account_manager=None)
    with pytest.raises(BadInputError) as caught:
        approve(checker)
    assert caught.value.faults[0][1] == approvals.CHANGED
    assert Approval.objects.get().state == "refused"
    assert Customer.objects.get(pk=mine[1].pk).account_manager == managers[0]


def test_to_whom_is_chosen_not_left_out(page):
    companies(1)
    answer = page.post("/customers/reassign", {"to": "", "reason": "片区调整"})
    assert answer.status_code == 422
    assert "请选择新客户经理。" in text(answer)


def test_nobody_is_reassigned_when_the_filters_find_nobody(page, managers):
    answer = page.post("/customers/reassign?q=无", {"to": managers[0].pk, "reason": "片区调整"})
    assert answer.status_code == 422
    assert "没有符合条件的客户" in text(answer)


def test_a_black_list_is_taken_over_whole(page, checker):
    one, two = companies(2)
    red = a_company(name="红名单商贸有限公司", listed="red")
    given = f"{one.code},恶意欠费\n{two.code}，群发广告短信\n{red.code},核实有误"
    page.post("/customers/black-list", {"lines": given, "reason": "联合黑名单十月"})
    assert ("列入黑名单", None, "3") in lines()
    assert ("原在红名单，改为黑名单", None, "1") in lines()

    approve(checker)

    assert list(Customer.objects.order_by("pk").values_list("listed", "listed_reason")) == [
        ("black", "恶意欠费"),
        ("black", "群发广告短信"),
        ("black", "核实有误"),
    ]
    assert OutboxEvent.objects.filter(name="customer.listed").count() == 3


def test_every_line_that_cannot_be_used_is_named(page):
    one = companies(1)[0]
    given = f"{one.code},恶意欠费\nC404,欠费\n只有编号"
    answer = page.post("/customers/black-list", {"lines": given, "reason": "联合黑名单十月"})
    assert answer.status_code == 422
    assert "第 2 行：没有编号为 C404 的客户" in text(answer)
    assert "第 3 行：应为“客户编号,原因”。" in text(answer)
    assert not Approval.objects.exists()


def test_many_are_read_in_clear_for_half_an_hour_each_with_a_record(page, checker, asker, settings):
    chosen = companies(2, postal_address="北京市测试路 1 号")
    page.post("/customers/unmask?q=测试", {"reason": "年度走访核对"})
    approval = approve(checker)
    address = approval.result["url"]
    settings.BUSINESS_TIME = "2026-10-15T10:59"
    before = text(page.get(address))
    assert "91110105MA01C2XK3E" not in before
    assert not AuditEntry.objects.filter(kind="read").exists()

    shown = text(page.post(address, {"page": 1}))

    assert shown.count("91110105MA01C2XK3E") == 2
    reads = AuditEntry.objects.filter(kind="read", action="personal.reveal").order_by("pk")
    assert list(reads.values_list("customer_id", "staff", "reason")) == [
        (one.pk, asker.pk, "年度走访核对") for one in chosen
    ]
    settings.BUSINESS_TIME = "2026-10-15T11:00"
    assert page.get(address).status_code == 404


def test_what_was_granted_to_one_is_not_anothers(page, client, checker):
    companies(1)
    page.post("/customers/unmask", {"reason": "年度走访核对"})
    address = approve(checker).result["url"]
    client.force_login(checker)
    assert client.get(address).status_code == 404


def test_a_list_that_is_too_long_is_not_unmasked(page, monkeypatch):
    monkeypatch.setattr("customers.views.many.UNMASKED_AT_MOST", 1)
    companies(2)
    answer = page.post("/customers/unmask", {"reason": "年度走访核对"})
    assert answer.status_code == 422
    assert "一次最多 1 位客户，现在是 2 位" in text(answer)


def test_who_does_not_reach_them_all_does_not_decide(page, checker):
    companies(1)
    page.post("/customers/unmask", {"reason": "年度走访核对"})
    checker.roles.update(reach="assigned")
    assert not approvals.may_decide(checker, Approval.objects.get())


@pytest.mark.parametrize(
    ("role", "place"),
    [("agent", "unmask"), ("clerk", "unmask"), ("agent", "reassign"), ("agent", "black-list")],
)
def test_asking_needs_the_permission(client, role, place):
    client.force_login(a_staff(role))
    assert client.get(f"/customers/{place}").status_code == 403


def test_the_list_leads_to_them_with_its_filters(page):
    companies(1)
    shown = text(page.get("/customers/?kind=enterprise"))
    assert "/customers/unmask?kind=enterprise" in shown
    assert "/customers/reassign?kind=enterprise" in shown

import json

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError

from billing.models import Message, MessageAttempt, Promise
from bss.kernel import approvals
from bss.kernel.data_keys import KeyDestroyedError
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, AuditEntry, DataKey
from bss.kernel.periods import local_moment
from bss.kernel.sealing import unseal
from bss.oversight.personal_kinds import ERASE
from bss.oversight.services import erasure
from complaints.models import CaseStep
from complaints.services.intake import open_case
from customers.models import Customer
from customers.queries.search import by_document
from customers.services import subscriptions
from customers.services.legal_holds import lift_hold, place_hold
from customers.services.registration import ContactInput, DocumentInput
from tests.builders.billing import a_line, own_account
from tests.builders.customers import a_person
from tests.builders.orders import a_subscription, the_catalogue
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db
AT = local_moment("2026-11-10T10:00")
NUMBER, HOME = "110105198806054024", "北京市试验区示例路 8 号"


@pytest.fixture
def person():
    the_catalogue()
    return a_person(
        name="王小芳",
        document=DocumentInput(type="resident_id", number=NUMBER, address=HOME),
        contact=ContactInput(name="李雷雷", phone="13800000000"),
        postal_address=HOME,
    )


def erase(customer):
    return erasure.erase(customer_id=customer.pk, reason="客户本人申请", at=AT, by_id=None)


def everything_stored():
    """Every table as text, as a dump would have it."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def test_nothing_personal_is_left_and_what_was_sealed_opens_no_more(person):
    token = person.documents.values_list("number", flat=True).get().token

    erased = erase(person)

    assert erased.name == f"已删除客户 {person.code}"
    assert erased.erased_at == AT
    left = everything_stored()
    for word in ("王小芳", "李雷雷", "13800000000", NUMBER, HOME, "示例路"):
        assert word not in left
    with pytest.raises(KeyDestroyedError):
        unseal(token, bound_to="customers_document.number")
    assert DataKey.objects.get(pk=person.data_key_id).destroyed_at == AT
    assert not by_document(NUMBER, Customer.objects.all()).exists()


def test_accounts_and_cases_stay_without_names_and_words(person):
    line = a_subscription(person, "m2g")
    account = own_account(line)
    case = open_case(
        customer_id=person.pk,
        category="bill_dispute",
        subject="王小芳对帐单有疑问",
        description=f"住在{HOME}",
        contact_phone="13900001111",
        at=AT,
        by_id=a_staff("clerk").pk,
    )
    type(case).objects.filter(pk=case.pk).update(state="closed", closed_at=AT)
    subscriptions.terminate(subscription_id=line.pk, at=AT)

    erase(person)

    case.refresh_from_db()
    assert (case.subject, case.description, case.contact_phone) == (
        "已按规定删除",
        "已按规定删除",
        "",
    )
    account.refresh_from_db()
    assert account.name == account.code
    entry = AuditEntry.objects.get(action="customer.erase")
    assert entry.detail["cases"] == 1
    assert "王小芳" not in json.dumps(entry.detail, ensure_ascii=False)


def test_a_step_takes_no_other_text_than_that_it_was_erased(person):
    case = open_case(
        customer_id=person.pk,
        category="bill_dispute",
        subject="疑问",
        description="内容",
        at=AT,
        by_id=a_staff("clerk").pk,
    )
    steps = CaseStep.objects.filter(case=case)

    for change in ({"text": "别的"}, {"text": "已按规定删除", "action": "note"}):
        with pytest.raises((InternalError, Exception), match="append-only"), transaction.atomic():
            steps.update(**change)


def test_every_obstacle_is_told_at_once_and_nothing_is_erased(person):
    a_subscription(person, "m2g", arrears_fen=500)
    place_hold(customer_id=person.pk, reason="公函 2026-17", until=None, at=AT, by_id=None)

    with pytest.raises(BadInputError) as refused:
        erase(person)

    said = [sentence for _, sentence in refused.value.faults]
    assert len(said) == 3
    assert any("法律保留" in sentence for sentence in said)
    assert any("未销号" in sentence for sentence in said)
    assert any("欠费" in sentence for sentence in said)
    assert Customer.objects.get(pk=person.pk).name == "王小芳"


def test_a_hold_ends_with_its_last_day_or_when_it_is_lifted(person):
    hold = place_hold(
        customer_id=person.pk, reason="公函 2026-17", until=AT.date(), at=AT, by_id=None
    )
    assert any("法律保留" in one for one in erasure.obstacles_of(person, at=AT))
    assert erasure.obstacles_of(person, at=local_moment("2026-11-11T00:00")) == []

    lift_hold(hold_id=hold.pk, at=AT, by_id=None)

    assert erasure.obstacles_of(person, at=AT) == []
    with pytest.raises(BadInputError, match="已经解除"):
        lift_hold(hold_id=hold.pk, at=AT, by_id=None)


def test_a_customer_is_erased_once(person):
    erase(person)

    with pytest.raises(BadInputError, match="已经删除"):
        erase(person)


def test_two_persons_erase_a_customer(person):
    asker, approver = a_staff("supervisor"), a_staff("supervisor", username="second")
    approval = approvals.ask(
        kind=ERASE,
        payload={"customer_id": person.pk},
        asked_by_id=asker.pk,
        at=AT,
        reason="客户本人申请",
    )
    assert "王小芳" not in json.dumps(approval.shown, ensure_ascii=False)

    approvals.decide(approval_id=approval.pk, decided_by_id=approver.pk, approve=True, at=AT)

    person.refresh_from_db()
    assert person.erased_at == AT


def test_what_was_told_and_where_money_went_back_to_is_forgotten_with_its_requests(person):
    # given: a message, a promise, and a refund that two persons agreed on
    line = a_line(person)
    account = own_account(line)
    message = Message.objects.create(
        account=account, template="due", medium="sms", made_at=AT, text="王小芳，您有欠费。"
    )
    MessageAttempt.objects.create(message=message, number=1, started_at=AT, error="王小芳")
    Promise.objects.create(
        account=account, amount_fen=1, until=AT.date(), made_at=AT, note="王小芳来电"
    )
    approval = Approval.objects.create(
        kind="refund.make",
        payload={
            "account_id": account.pk,
            "payee_name": "王小芳",
            "payee_bank": HOME,
            "tail": "0000",
            "amount_fen": 100,
        },
        shown=[],
        digest="",
        reason="试验",
        asked_by=a_staff("clerk"),
        asked_at=AT,
        expires_at=AT,
    )
    Approval.objects.filter(pk=approval.pk).update(state="expired", decided_at=AT)
    subscriptions.terminate(subscription_id=line.pk, at=AT)

    # when
    erase(person)

    # then
    left = everything_stored()
    assert [word for word in ("王小芳", HOME, "来电", "欠费。") if word in left] == []
    approval.refresh_from_db()
    assert approval.payload == {"account_id": account.pk, "amount_fen": 100}
    assert Message.objects.count() == MessageAttempt.objects.count() == 0

import pytest
from django_fsm import TransitionNotAllowed

from bss.kernel.errors import BadInputError
from bss.kernel.periods import local_moment
from customers.models import NumberAssignment, Subscription, SubscriptionState
from customers.services import subscriptions
from customers.services.registration import DocumentInput, register_customer

pytestmark = pytest.mark.django_db
SINCE = local_moment("2026-01-01T00:00")
AT = local_moment("2026-09-10T10:00")


@pytest.fixture
def owner():
    return register_customer(
        kind="enterprise",
        name="北京晨光商贸有限公司",
        area="010",
        document=DocumentInput(type="business_license", number="91110105MA01C2XK3E"),
        at=SINCE,
    )


def an_active(owner, number="13011112222", service="m2g"):
    return subscriptions.take_over(owner_id=owner.pk, service=service, number=number, since=SINCE)


def history(subscription):
    return list(
        SubscriptionState.objects.filter(subscription=subscription).values_list(
            "state", "stop_reason", "valid_from", "valid_until"
        )
    )


def test_a_new_subscription_waits_and_is_in_service_from_its_installation(owner):
    line = subscriptions.create(owner_id=owner.pk, service="fixed", number="02162000001", at=SINCE)

    subscriptions.install(subscription_id=line.pk, at=AT)

    line = Subscription.objects.get(pk=line.pk)
    assert (line.state, line.area, line.in_service_at) == ("active", "021", AT)
    assert history(line) == [("pending", "", SINCE, AT), ("active", "", AT, None)]


def test_stopping_many_writes_the_same_history_as_one_by_one(owner):
    one, many = an_active(owner), an_active(owner, "13011113333")

    subscriptions.suspend(subscription_ids=[many.pk], reason="debt", at=AT)
    one.suspend(at=AT, reason="debt")
    one.save()

    stopped = Subscription.objects.get(pk=many.pk)
    assert (stopped.state, stopped.stop_reason, stopped.suspended_at) == (
        one.state,
        one.stop_reason,
        one.suspended_at,
    )
    assert history(many) == [("active", "", SINCE, AT), ("suspended", "debt", AT, None)]


def test_only_active_ones_are_stopped_and_only_debt_stops_are_lifted(owner):
    held, active = an_active(owner), an_active(owner, "13011113333")
    subscriptions.hold(subscription_id=held.pk, at=AT)

    stopped = subscriptions.suspend(subscription_ids=[held.pk, active.pk], reason="debt", at=AT)
    lifted = subscriptions.lift_stop(subscription_ids=[held.pk, active.pk], at=AT)

    assert (stopped, lifted) == ([active.pk], [active.pk])
    assert Subscription.objects.get(pk=held.pk).state == "on_hold"
    assert Subscription.objects.get(pk=active.pk).suspended_at is None


def test_a_blacklist_stop_is_never_pre_terminated(owner):
    subscription = an_active(owner)
    subscriptions.suspend(subscription_ids=[subscription.pk], reason="blacklist", at=AT)

    assert subscriptions.pre_terminate(subscription_ids=[subscription.pk], at=AT) == []


def test_a_stopped_subscription_does_not_resume_by_order(owner):
    subscription = an_active(owner)
    subscriptions.suspend(subscription_ids=[subscription.pk], reason="debt", at=AT)

    with pytest.raises(BadInputError):
        subscriptions.resume(subscription_id=subscription.pk, at=AT)


def test_the_dead_stay_dead(owner):
    subscription = an_active(owner)
    subscriptions.terminate(subscription_id=subscription.pk, at=AT)

    with pytest.raises(TransitionNotAllowed):
        subscriptions.install(subscription_id=subscription.pk, at=AT)
    assert NumberAssignment.objects.get(subscription=subscription).valid_until == AT


def test_a_number_has_one_holder_at_a_time(owner):
    an_active(owner)

    with pytest.raises(BadInputError, match="13011112222"):
        an_active(owner)


def test_a_changed_number_and_owner_keep_their_history(owner):
    subscription = an_active(owner)
    other = register_customer(kind="individual", name="王芳", area="010", document=None, at=SINCE)

    subscriptions.change_number(subscription_id=subscription.pk, number="13011114444", at=AT)
    subscriptions.change_owner(subscription_id=subscription.pk, owner_id=other.pk, at=AT)

    numbers = NumberAssignment.objects.filter(subscription=subscription)
    assert list(numbers.values_list("number", "valid_from", "valid_until")) == [
        ("13011112222", SINCE, AT),
        ("13011114444", AT, None),
    ]
    assert list(subscription.owner_history.values_list("owner", "valid_from", "valid_until")) == [
        (owner.pk, SINCE, AT),
        (other.pk, AT, None),
    ]

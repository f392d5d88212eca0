import pytest

from bss.kernel.any_of import AnyOf
from customers.models import Subscription
from packages_wo.models import Membership
from tests.builders.packages import a_basic_pair, a_bundle, a_catalogue

pytestmark = pytest.mark.django_db


def test_the_rows_of_many_keys_are_found_by_one_array(django_assert_num_queries):
    a_catalogue()
    bundle = a_bundle(*a_basic_pair())
    line, mobile = bundle.memberships.values_list("subscription_id", flat=True)

    with django_assert_num_queries(1) as asked:
        found = Membership.objects.filter(AnyOf("bundle", [bundle.pk, -1]), subscription=line)
        assert found.count() == 1
    assert f"= ANY (ARRAY[{bundle.pk}, -1]::bigint[])" in asked.captured_queries[0]["sql"]
    assert Subscription.objects.filter(AnyOf("id", [mobile])).update(area="010") == 1


def test_no_key_is_no_row():
    a_catalogue()
    a_basic_pair()

    assert not Subscription.objects.filter(AnyOf("id", [])).exists()

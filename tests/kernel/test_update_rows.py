from datetime import date

import pytest

from bss.kernel.update_rows import update_rows
from packages_wo.models import Membership
from tests.builders.packages import a_basic_pair, a_bundle, a_catalogue

pytestmark = pytest.mark.django_db


def test_fields_of_every_kind_are_written_as_the_instances_have_them():
    a_catalogue()
    bundle = a_bundle(*a_basic_pair())
    first, second = rows = list(bundle.memberships.order_by("pk"))
    first.opened_vas, first.position = ["caller_id", '语音 "信箱"'], 7
    second.valid_until = date(2027, 1, 1)
    second.part = Membership.Part.SHARED_TERMINAL

    update_rows(rows, ["opened_vas", "position", "valid_until"])

    kept = bundle.memberships.order_by("pk").values_list("opened_vas", "position", "valid_until")
    assert list(kept) == [
        (["caller_id", '语音 "信箱"'], 7, None),
        ([], second.position, date(2027, 1, 1)),
    ]
    assert not bundle.memberships.filter(part="shared_terminal").exists()  # it was not asked for


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        update_rows([], ["position"])

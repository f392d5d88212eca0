"""What a test that commits leaves to the next one."""

import pytest

from billing.models import Reason


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_the_rows_that_migrations_bring_outlast_the_emptying_of_tables(turn):
    assert Reason.objects.filter(purpose="refund", code="overpaid").count() == 1

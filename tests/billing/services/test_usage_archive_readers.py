"""Who reads while a month moves sees all of it, where it was."""

import pytest

from billing.queries.archived_usage import months_in_place
from billing.queries.usage import explain_line
from tests.builders.archived import an_old_october, archive, archived, stored
from tests.builders.at_once import aside, until_waiting

__all__ = ["archive"]


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("archive")
def test_a_month_waits_for_its_readers_before_it_moves():
    october = an_old_october()
    line = october.call_bill.lines.get()
    before = explain_line(line)

    with aside() as start:
        with months_in_place():
            moving = start(archived)
            until_waiting()
            assert not moving.done()
            assert len(stored()) == 2
        moving.result(timeout=10)

    assert stored() == []
    assert explain_line(line) == before

"""The specification of a main account's machine: every state × every transition."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from bss.kernel.models import Staff
from tests.builders.staff import a_staff

STAFF = {
    ("entered", "start"): "active",
    ("entered", "disable"): "disabled",
    ("active", "disable"): "disabled",
    ("disabled", "reinstate"): "entered",
    ("entered", "leave"): "left",
    ("active", "leave"): "left",
    ("disabled", "leave"): "left",
}
MOVES = ("start", "disable", "reinstate", "leave")
SIGNS_IN = {"entered": True, "active": True, "disabled": False, "left": False}


@pytest.mark.parametrize(("state", "move"), [*product(Staff.State.values, MOVES)])
def test_an_account_moves_only_as_the_table_says(state: str, move: str) -> None:
    staff = Staff(state=state, is_active=SIGNS_IN[state])

    if (state, move) not in STAFF:
        with pytest.raises(TransitionNotAllowed):
            getattr(staff, move)()
        assert staff.state == state
    else:
        getattr(staff, move)()
        assert staff.state == STAFF[state, move]
    assert staff.is_active is SIGNS_IN[staff.state]


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "is_active"), [("disabled", True), ("active", False)])
def test_the_database_keeps_state_and_sign_in_together(state: str, is_active: bool) -> None:
    staff = a_staff("clerk")

    with pytest.raises(IntegrityError, match="active_says_the_same"), transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(state=state, is_active=is_active)

"""The state machine of a subscription; this table is its specification."""

from customers.models import Subscription

MACHINE = {
    ("pending", "install"): "active",
    ("active", "hold"): "on_hold",
    ("active", "suspend"): "suspended",
    ("on_hold", "resume"): "active",
    ("suspended", "resume"): "active",
    ("suspended", "pre_terminate"): "pre_terminated",
    ("pending", "terminate"): "terminated",
    ("active", "terminate"): "terminated",
    ("on_hold", "terminate"): "terminated",
    ("suspended", "terminate"): "terminated",
    ("pre_terminated", "terminate"): "terminated",
}


def test_the_machine_is_this_table_and_nothing_else():
    field = Subscription._meta.get_field("state")
    declared = {
        (str(move.source), move.name): str(move.target)
        for move in field.get_all_transitions(Subscription)
    }
    assert declared == MACHINE

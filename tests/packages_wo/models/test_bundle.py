"""The state machine of a bundle; this table is its specification."""

from packages_wo.models import Bundle

MACHINE = {
    ("pending", "take_effect"): "in_force",
    ("in_force", "end"): "ended",
    ("pending", "cancel"): "cancelled",
}


def test_the_machine_is_this_table_and_nothing_else():
    field = Bundle._meta.get_field("state")
    declared = {
        (str(move.source), move.name): str(move.target)
        for move in field.get_all_transitions(Bundle)
    }
    assert declared == MACHINE

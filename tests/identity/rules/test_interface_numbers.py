import pytest

from bss.identity.models import InterfaceNumber
from bss.identity.rules import interface_numbers as rules


def test_every_kind_has_a_class_of_its_own():
    assert set(rules.CLASSES) == set(InterfaceNumber.Kind.values)
    assert len(set(rules.CLASSES.values())) == len(rules.CLASSES)


def test_a_number_is_class_location_and_serial():
    assert rules.number_of(kind="agent_2", place="HE0311", serial=7) == "3-HE0311-07"


@pytest.mark.parametrize(
    ("taken", "expected"), [([], 1), (["1-HE-01"], 2), (["1-HE-09", "1-HE-10", "1-HE-02"], 11)]
)
def test_the_next_serial_is_never_one_that_was_used(taken, expected):
    assert rules.next_serial(taken) == expected


@pytest.mark.parametrize(
    ("works_here", "permissions", "scopes", "sentences"),
    [
        (True, {"api.use", "order.view"}, ["order.view"], []),
        (False, {"api.use", "order.view"}, ["order.view"], ["测试甲 的工号不在用，请换一位负责人"]),
        (
            True,
            {"order.view"},
            ["order.view"],
            ["测试甲 没有 api.use 权限，请换一位负责人或先授予权限"],
        ),
        (
            True,
            {"api.use"},
            ["order.view"],
            ["测试甲 没有 order.view 权限，接口的权限不能超过负责人"],
        ),
    ],
)
def test_who_cannot_answer_for_an_interface_is_told_why(works_here, permissions, scopes, sentences):
    refusals = rules.refusals_of_responsible(
        name="测试甲", works_here=works_here, permissions=frozenset(permissions), scopes=scopes
    )

    assert [(r.rule, r.text) for r in refusals] == [("S85-1", text) for text in sentences]


def test_networks_are_read_from_lines_and_commas():
    assert rules.networks_in("203.0.113.7\n198.51.100.9/24, 2001:db8::/32\n") == (
        "203.0.113.7/32",
        "198.51.100.0/24",
        "2001:db8::/32",
    )


def test_an_odd_network_is_named():
    with pytest.raises(ValueError, match=r"^300\.1\.1\.1$"):
        rules.networks_in("203.0.113.7 300.1.1.1")

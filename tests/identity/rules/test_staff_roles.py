"""Which roles one person may hold together."""

from itertools import combinations

import pytest

from bss.identity.rules.staff_roles import conflicts_among
from bss.kernel.access import ROLES

# The pairs that go together; every other pair stays apart.
TOGETHER = {
    ("clerk", "agent"),
    ("clerk", "account_manager"),
    ("clerk", "supervisor"),
    ("agent", "account_manager"),
    ("agent", "supervisor"),
    ("account_manager", "supervisor"),
    ("batch_operator", "supervisor"),
}


@pytest.mark.parametrize("pair", list(combinations(ROLES, 2)))
def test_two_roles_go_together_only_as_the_table_says(pair: tuple[str, str]) -> None:
    assert (not conflicts_among(pair)) == bool({pair, pair[::-1]} & TOGETHER)


def test_every_pair_that_stays_apart_is_named_once_with_its_reason() -> None:
    found = conflicts_among({"auditor", "clerk", "batch_operator"})

    assert {(c.one, c.other): c.why for c in found} == {
        ("auditor", "batch_operator"): "审计员不能参与自己要审计的工作",
        ("auditor", "clerk"): "审计员不能参与自己要审计的工作",
        ("batch_operator", "clerk"): "出帐的人不能受理业务或收款",
    }


def test_one_role_alone_is_never_in_conflict() -> None:
    assert [conflicts_among({role}) for role in ROLES] == [[]] * len(ROLES)

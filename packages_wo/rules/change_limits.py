"""What a change or a cancellation may not do.

Source: EFF-3, CHG-1, CHG-4, CHG-7, CAN-4, ELG-10.
"""

from collections.abc import Iterable, Mapping

from bss.kernel.rulebook import Refusal
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import Composition, has_bundle_plan
from packages_wo.rules.member_facts import Member

CHANGES_A_MONTH = 3


def closed_refusals(*, in_force: bool, cancellation_accepted: bool) -> list[Refusal]:
    """A bundle that is not in force, or on its way out, takes no order. Source: EFF-3."""
    if not in_force:
        return [Refusal("EFF-3", "融合套餐未在生效中，不能变更或解除。")]
    if cancellation_accepted:
        return [Refusal("EFF-3", "融合套餐的解除已受理，不能再变更或解除。")]
    return []


def count_refusals(*, accepted_this_month: int) -> list[Refusal]:
    """At most three accepted changes per customer and month. Source: CHG-4."""
    if accepted_this_month < CHANGES_A_MONTH:
        return []
    return [
        Refusal(
            "CHG-4",
            "本月已受理 %(count)s 次变更，每客户每月至多 %(most)s 次，请下月再办。",
            {"count": accepted_this_month, "most": CHANGES_A_MONTH},
        )
    ]


def part_refusals(
    *,
    current: Composition,
    after: Composition,
    remove: Iterable[int],
    numbers: Mapping[int, str],
    catalogue: Catalogue,
) -> list[Refusal]:
    """No one changes its part by a change; only those inside can be removed. Source: CHG-1."""
    had, has = current.parts(catalogue), after.parts(catalogue)
    found = [
        Refusal(
            "CHG-1",
            "%(number)s 不能由变更改变其在套餐中的身份，请先退出再加入。",
            {"number": numbers.get(member, member)},
        )
        for member in current.members
        if member in has and has[member] != had[member]
    ]
    for member in dict.fromkeys(remove):
        facts = {"number": numbers.get(member, member)}
        if member not in had:
            found.append(Refusal("CHG-1", "%(number)s 不是本套餐成员，不能退出。", facts))
        elif member in has:
            found.append(Refusal("CHG-1", "%(number)s 既要退出又要保留，请核对。", facts))
    return found


def new_plan_refusals(
    composition: Composition,
    *,
    new_plans: Mapping[int, str],
    members: Mapping[int, Member],
    catalogue: Catalogue,
) -> list[Refusal]:
    """Everyone with the bundle's plan has a new plan for its service. Source: CAN-4."""
    found = []
    for member_id, part in composition.parts(catalogue).items():
        member = members[member_id]
        if not has_bundle_plan(part=part, service=member.service):
            continue
        facts = {"number": member.number, "plan": new_plans.get(member_id, "")}
        if member_id not in new_plans:
            found.append(Refusal("CAN-4", "请为 %(number)s 选择解除后的套餐。", facts))
        elif catalogue.plans[new_plans[member_id]].service != member.service:
            found.append(Refusal("CAN-4", "套餐 %(plan)s 不适用于 %(number)s。", facts))
    return found


def term_refusals(members: Iterable[Member], *, breach_recorded: bool) -> list[Refusal]:
    """A prepaid term is not left before its end, unless the breach is recorded. Source: ELG-10."""
    if breach_recorded:
        return []
    return [
        Refusal(
            "ELG-10",
            "%(number)s 在趸交期内，解除属违约，须由值班主管登记违约及违约金。",
            {"number": member.number},
        )
        for member in members
        if member.in_term
    ]

"""Single-user business of a subscription that is in a bundle.

Source: EFF-3, CAN-5, CHG-1, ELG-3, ELG-5, ELG-6, ELG-7; scenarios README "Bundles".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bss.kernel.rulebook import Refusal
from customers.rules.services import FIXED, M3G
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import BASE, Composition, has_bundle_plan
from packages_wo.rules.eligibility import (
    name_refusals,
    owner_refusals,
    plan_3g_refusals,
    price_refusals,
)
from packages_wo.rules.member_facts import Member, Owner

CLOSED_WHILE_PENDING = ("change_plan", "change_number", "transfer", "terminate")
"""What would move the effective date, or the ground under it. Source: EFF-3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFacts:
    """The bundle in force, its customer and its base members."""

    composition: Composition
    customer: Owner
    members: Mapping[int, Member]


def pending_refusals(member: Member, *, type: str) -> list[Refusal]:
    """Between acceptance and effect. Source: EFF-3."""
    if type not in CLOSED_WHILE_PENDING:
        return []
    return [
        Refusal(
            "EFF-3", "%(number)s 所在融合套餐待生效，暂不能办理此业务。", {"number": member.number}
        )
    ]


def in_force_refusals(
    member: Member,
    *,
    type: str,
    bundle: BundleFacts,
    catalogue: Catalogue,
    plan: str = "",
    new_owner: Owner | None = None,
) -> list[Refusal]:
    """While the bundle is in force."""
    base_3g = member.part == BASE and member.service == M3G
    facts = {"number": member.number}
    if base_3g and type in ("hold", "terminate"):
        return [
            Refusal(
                "CAN-5",
                "%(number)s 是融合套餐的 3G 成员，停机保号或销户等于解除：请先变更退出或解除套餐。",
                facts,
            )
        ]
    if type == "terminate":
        return [Refusal("CHG-1", "%(number)s 是融合套餐成员，请先变更退出。", facts)]
    if type == "change_plan" and has_bundle_plan(part=member.part, service=member.service):
        return [
            Refusal("CHG-1", "%(number)s 用的是融合套餐的资费，请变更融合套餐或先退出。", facts)
        ]
    if type == "change_plan" and base_3g:
        new_plan = catalogue.plans[plan]
        return [
            *plan_3g_refusals(new_plan, number=member.number),
            *price_refusals(bundle.composition, plan=new_plan, catalogue=catalogue),
        ]
    if type == "transfer" and member.part == BASE and new_owner is not None:
        return _transfer_refusals(member, bundle=bundle, new_owner=new_owner)
    return []


def _transfer_refusals(member: Member, *, bundle: BundleFacts, new_owner: Owner) -> list[Refusal]:
    """Source: ELG-3 (owner of the base fixed line), ELG-6."""
    after = {**bundle.members, member.subscription_id: replace(member, owner=new_owner)}
    base = [after[one] for one in bundle.composition.base]
    found = name_refusals(base, main_customer=bundle.customer)
    if member.service == FIXED:
        found += owner_refusals(
            number=member.number, owner=new_owner, main_customer=bundle.customer
        )
    return found

"""Who may be in a bundle.

Source: ELG-1 to ELG-7, ELG-9; scenarios README "Bundles" (which rule looks at whom).
"""

from collections.abc import Iterable, Iterator, Mapping

from bss.kernel.rulebook import Refusal
from bss.kernel.units import Fen, yuan
from customers.rules.documents import NON_PERSONAL
from customers.rules.services import FIXED, M2G, M3G
from packages_wo.rules.catalogue import Catalogue, Plan
from packages_wo.rules.composition import (
    BASE,
    VPN_TERMINAL,
    Composition,
    has_bundle_plan,
)
from packages_wo.rules.member_facts import ENTERPRISE_LINE, INDIVIDUAL, POSTPAID, Member, Owner
from packages_wo.rules.pricing import bundle_fee, scheme_b_price_holds

LEAST_3G_MONTHLY_FEN = Fen(9600)
"""A 3G member's own plan costs at least this. Source: ELG-5 (BJA 5)."""
PLAN_KINDS_2G = ("standard", "modular")


def document_refusals(*, documents: Iterable[str], filed_by_manager: bool) -> list[Refusal]:
    """The main customer shows a non-personal document, or its manager files the order (ELG-1)."""
    if filed_by_manager or any(document in NON_PERSONAL for document in documents):
        return []
    return [
        Refusal(
            "ELG-1",
            "开通须出示单位证件（营业执照、机构代码证、部队番号证件或法人委托函），"
            "或由客户经理代为受理。",
        )
    ]


def customer_refusals(customer: Owner) -> list[Refusal]:
    """A blacklisted customer opens nothing. Source: ELG-9."""
    if not customer.is_black:
        return []
    return [Refusal("ELG-9", "%(name)s 在黑名单中，不能开通。", {"name": customer.name})]


def joining_refusals(
    member: Member,
    *,
    part: str,
    main_customer: Owner,
    catalogue: Catalogue,
    this_bundle_id: int | None = None,
    consents: frozenset[int] | None = None,
) -> list[Refusal]:
    """Everything that keeps one subscription from joining in this part."""
    return [
        *_person_refusals(member, main_customer=main_customer, consents=consents),
        *_busy_refusals(member, this_bundle_id=this_bundle_id),
        *(_line_refusals(member) if part != VPN_TERMINAL else ()),
        *(_owner_of_line(member, main_customer) if part == BASE else ()),
        *(_plan_2g_refusals(member, catalogue) if part != VPN_TERMINAL else ()),
        *(
            plan_3g_refusals(
                catalogue.plans[member.plan], number=member.number, payment=member.payment
            )
            if part == BASE and member.service == M3G
            else ()
        ),
    ]


def whole_refusals(
    composition: Composition,
    *,
    members: Mapping[int, Member],
    main_customer: Owner,
    catalogue: Catalogue,
) -> list[Refusal]:
    """What is asked of the whole composition as it will be. Source: ELG-6, ELG-7."""
    base = [members[member] for member in dict.fromkeys(composition.base)]
    found = name_refusals(base, main_customer=main_customer)
    for member in base:
        if member.service == M3G:
            found += price_refusals(
                composition, plan=catalogue.plans[member.plan], catalogue=catalogue
            )
    return found


def plan_3g_refusals(plan: Plan, *, number: str, payment: str = POSTPAID) -> list[Refusal]:
    """The 3G member's own plan is post-paid and not below 96 yuan. Source: ELG-5."""
    found = []
    if payment != POSTPAID:
        found.append(Refusal("ELG-5", "3G 成员 %(number)s 须为后付费用户。", {"number": number}))
    if plan.monthly_fen < LEAST_3G_MONTHLY_FEN:
        facts = {
            "number": number,
            "plan": plan.code,
            "monthly": yuan(plan.monthly_fen),
            "least": yuan(LEAST_3G_MONTHLY_FEN),
        }
        found.append(
            Refusal(
                "ELG-5",
                "3G 成员 %(number)s 的套餐 %(plan)s 月费 %(monthly)s 元，低于 %(least)s 元，"
                "请先改用不低于此的套餐。",
                facts,
            )
        )
    return found


def name_refusals(base: Iterable[Member], *, main_customer: Owner) -> list[Refusal]:
    """The 3G owner has the name of the fixed line's owner; without one, the main customer's.

    Source: ELG-6.
    """
    members = list(base)
    fixed = [member for member in members if member.service == FIXED]
    name = fixed[0].owner.name if fixed else main_customer.name
    return [
        Refusal(
            "ELG-6",
            "3G 成员 %(number)s 的机主 %(owner)s 与 %(name)s 不同名。",
            {"number": member.number, "owner": member.owner.name, "name": name},
        )
        for member in members
        if member.service == M3G and member.owner.name != name
    ]


def price_refusals(composition: Composition, *, plan: Plan, catalogue: Catalogue) -> list[Refusal]:
    """Scheme B's fee plus the 3G plan's is not below the same tier's A fee. Source: ELG-7."""
    if composition.scheme != "B" or scheme_b_price_holds(
        catalogue,
        offering=composition.offering,
        tier=composition.tier,
        plan_3g_fen=plan.monthly_fen,
    ):
        return []
    place = {"offering": composition.offering, "tier": composition.tier}
    fee_a_fen = bundle_fee(
        catalogue, offering=composition.offering, scheme="A", tier=composition.tier
    )
    fee_b_fen = bundle_fee(
        catalogue, offering=composition.offering, scheme="B", tier=composition.tier
    )
    facts = {
        "fee_b": yuan(fee_b_fen),
        "plan": plan.code,
        "monthly": yuan(plan.monthly_fen),
        "fee_a": yuan(fee_a_fen),
    }
    return [
        Refusal(
            "ELG-7",
            "方案 B 月费 %(fee_b)s 元加 3G 套餐 %(plan)s 月费 %(monthly)s 元，"
            "低于同档方案 A 的 %(fee_a)s 元。",
            place | facts,
        )
    ]


def owner_refusals(*, number: str, owner: Owner, main_customer: Owner) -> list[Refusal]:
    """The base fixed line belongs to the main customer. Source: ELG-3 (BJA 3)."""
    if owner.customer_id == main_customer.customer_id:
        return []
    return [
        Refusal(
            "ELG-3",
            "固定电话 %(number)s 的机主 %(owner)s 不是主客户 %(name)s。",
            {"number": number, "owner": owner.name, "name": main_customer.name},
        )
    ]


def _person_refusals(
    member: Member, *, main_customer: Owner, consents: frozenset[int] | None
) -> Iterator[Refusal]:
    """Source: ELG-2."""
    facts = {"number": member.number, "owner": member.owner.name}
    if member.owner.kind == INDIVIDUAL and not member.real_name:
        yield Refusal("ELG-2", "个人成员 %(number)s（%(owner)s）尚未实名登记。", facts)
    if (
        consents is not None
        and member.owner.customer_id != main_customer.customer_id
        and member.subscription_id not in consents
    ):
        yield Refusal("ELG-2", "机主 %(owner)s 未同意 %(number)s 加入。", facts)


def _busy_refusals(member: Member, *, this_bundle_id: int | None) -> Iterator[Refusal]:
    """Source: ELG-9."""
    facts = {"number": member.number, "owner": member.owner.name}
    if member.bundle_id is not None and member.bundle_id != this_bundle_id:
        yield Refusal("ELG-9", "%(number)s 已在另一个融合套餐中。", facts)
    if member.owner.is_black:
        yield Refusal("ELG-9", "%(number)s 的机主 %(owner)s 在黑名单中。", facts)
    if member.in_arrears:
        yield Refusal("ELG-9", "%(number)s 有欠费，请先缴清。", facts)


def _line_refusals(member: Member) -> Iterator[Refusal]:
    """Source: ELG-3."""
    if member.service != FIXED:
        return
    facts = {"number": member.number}
    if member.payment != POSTPAID:
        yield Refusal("ELG-3", "固定电话 %(number)s 须为后付费。", facts)
    if member.line != ENTERPRISE_LINE:
        yield Refusal(
            "ELG-3", "%(number)s 须为单位电话，住宅电话、DID/BID、ISDN 线路不能加入。", facts
        )


def _owner_of_line(member: Member, main_customer: Owner) -> list[Refusal]:
    if member.service != FIXED:
        return []
    return owner_refusals(number=member.number, owner=member.owner, main_customer=main_customer)


def _plan_2g_refusals(member: Member, catalogue: Catalogue) -> Iterator[Refusal]:
    """A 2G member's single-user plan; a bundle's plan is the matter of ELG-9. Source: ELG-4."""
    if member.service != M2G:
        return
    if member.in_force and has_bundle_plan(part=member.part, service=member.service):
        return
    plan = catalogue.plans[member.plan]
    if plan.kind not in PLAN_KINDS_2G:
        yield Refusal(
            "ELG-4",
            "2G 成员 %(number)s 的套餐 %(plan)s 不是标准资费或积木式套餐，请先变更套餐。",
            {"number": member.number, "plan": plan.code},
        )

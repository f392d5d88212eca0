"""单用户业务: what refuses it, and which one-off fee it costs.

Source: EFF-3, CAN-5, CAN-9, CHG-1, CRD-6, ELG-3, ELG-5, ELG-6, ELG-7 as the rules read for one
subscription. Pure: the facts come in.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bss.kernel.rulebook import Refusal

M3G_LEAST_MONTHLY_FEN = 96_00

MOVES_THE_EFFECT = frozenset({"change_plan", "change_number", "transfer", "terminate"})
NEEDS_A_SETTLED_PAYER = frozenset({"transfer", "terminate"})
CREDIT_CHECKED = frozenset({"hold", "resume"})


@dataclass(frozen=True, slots=True)
class BundleToday:
    """The bundle in force that the subscription is in, with its part there."""

    part: str
    scheme: str
    tier_a_fen: int
    bundle_fen: int
    main_customer_id: int
    main_customer_name: str
    line_owner_name: str | None
    m3g_owner_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """The subscription on the day of the business.

    ``pending``: in a bundle that is not in force yet, or joining one. ``payer_owes`` /
    ``payer_overdue``: the account that pays it has an issued bill with something due / overdue.
    """

    number: str
    service: str
    state: str
    payment: str = "postpaid"
    pending: bool = False
    bundle: BundleToday | None = None
    payer_owes: bool = False
    payer_overdue: bool = False
    new_plan_monthly_fen: int = 0
    new_owner_id: int | None = None
    new_owner_name: str = ""


def refusals(type_: str, facts: Facts) -> list[Refusal]:
    """Every rule that refuses the business at acceptance."""
    return [*_effect(type_, facts), *_bundle(type_, facts), *_money(type_, facts)]


def credit_refusals(type_: str, facts: Facts) -> list[Refusal]:
    """CRD-6, which is looked at when the order is accepted and again when it is completed."""
    if type_ == "hold" and facts.state != "active":
        return [
            Refusal(
                "CRD-6", "%(number)s 不在在用状态，不能办理停机保号。", {"number": facts.number}
            )
        ]
    if type_ == "hold" and facts.payer_overdue:
        return [
            Refusal(
                "CRD-6",
                "%(number)s 的付费帐户有逾期欠费，请先缴清再办理停机保号。",
                {"number": facts.number},
            )
        ]
    if type_ == "resume" and facts.state != "on_hold":
        return [
            Refusal(
                "CRD-6",
                "%(number)s 不在停机保号状态，不能复机；欠费停机缴清欠费后自动恢复。",
                {"number": facts.number},
            )
        ]
    return []


def _effect(type_: str, facts: Facts) -> Iterator[Refusal]:
    if facts.pending and type_ in MOVES_THE_EFFECT:
        yield Refusal(
            "EFF-3",
            "%(number)s 的融合套餐已受理、尚未生效，生效前不能办理此业务。",
            {"number": facts.number},
        )


def _bundle(type_: str, facts: Facts) -> Iterator[Refusal]:
    bundle = facts.bundle
    if bundle is None:
        return
    base_3g = bundle.part == "base" and facts.service == "m3g"
    place = {"number": facts.number}
    if base_3g and type_ in {"hold", "terminate"}:
        yield Refusal(
            "CAN-5",
            "%(number)s 是融合套餐的 3G 成员，停机保号或拆机等同解除套餐："
            "请先办理套餐变更移除它，或解除套餐。",
            place,
        )
    elif type_ == "terminate":
        yield Refusal("CHG-1", "%(number)s 是融合套餐的成员，请先办理套餐变更移除它。", place)
    elif type_ == "change_plan" and base_3g:
        yield from _own_3g_plan(facts, bundle)
    elif type_ == "change_plan" and bundle.part != "vpn_terminal" and facts.service != "m3g":
        yield Refusal("CHG-1", "%(number)s 使用融合套餐的资费，请办理套餐变更或先移除成员。", place)
    elif type_ == "transfer" and bundle.part == "base":
        yield from _new_owner(facts, bundle)


def _own_3g_plan(facts: Facts, bundle: BundleToday) -> Iterator[Refusal]:
    if facts.payment != "postpaid" or facts.new_plan_monthly_fen < M3G_LEAST_MONTHLY_FEN:
        yield Refusal(
            "ELG-5",
            "%(number)s 是融合套餐的 3G 成员，其后付费套餐月费不得低于 96 元。",
            {"number": facts.number},
        )
    if bundle.scheme == "B" and bundle.bundle_fen + facts.new_plan_monthly_fen < bundle.tier_a_fen:
        yield Refusal(
            "ELG-7",
            "B 方案月费与 %(number)s 的新套餐月费之和低于同档 A 方案月费。",
            {"number": facts.number},
        )


def _new_owner(facts: Facts, bundle: BundleToday) -> Iterator[Refusal]:
    if facts.service == "fixed":
        if facts.new_owner_id != bundle.main_customer_id:
            yield Refusal(
                "ELG-3",
                "%(number)s 是融合套餐的固定电话，机主须为套餐客户本身。",
                {"number": facts.number},
            )
        if any(name != facts.new_owner_name for name in bundle.m3g_owner_names):
            yield _names_differ(facts)
    elif facts.service == "m3g":
        line_owner = bundle.line_owner_name or bundle.main_customer_name
        if facts.new_owner_name != line_owner:
            yield _names_differ(facts)


def _names_differ(facts: Facts) -> Refusal:
    return Refusal(
        "ELG-6",
        "过户后 3G 成员的机主名称与固定电话的机主名称不一致（%(number)s）。",
        {"number": facts.number},
    )


def _money(type_: str, facts: Facts) -> Iterator[Refusal]:
    yield from credit_refusals(type_, facts)
    if type_ in NEEDS_A_SETTLED_PAYER and facts.payer_owes:
        yield Refusal(
            "CAN-9",
            "%(number)s 的付费帐户有已出帐未缴清的帐单，请先缴清。",
            {"number": facts.number},
        )

"""单用户业务: what money refuses, at acceptance and again at completion.

What the bundle refuses is ``packages_wo.rules.member_business``.
Source: CAN-9, CRD-6.
"""

from dataclasses import dataclass

from bss.kernel.rulebook import Refusal

NEEDS_A_SETTLED_PAYER = frozenset({"transfer", "terminate"})
CREDIT_CHECKED = frozenset({"hold", "resume"})


@dataclass(frozen=True, slots=True)
class Facts:
    """The subscription on the day of the business.

    ``payer_owes``, ``payer_overdue``: the account that pays it has an issued bill with something
    due, or overdue.
    """

    number: str
    state: str
    payer_owes: bool = False
    payer_overdue: bool = False


def money_refusals(type_: str, facts: Facts) -> list[Refusal]:
    """What refuses the business at acceptance for the state of its payer."""
    found = credit_refusals(type_, facts)
    if type_ in NEEDS_A_SETTLED_PAYER and facts.payer_owes:
        sentence = "%(number)s 的付费帐户有已出帐未缴清的帐单，请先缴清。"
        found.append(Refusal("CAN-9", sentence, {"number": facts.number}))
    return found


def credit_refusals(type_: str, facts: Facts) -> list[Refusal]:
    """CRD-6, which is looked at when the order is accepted and again when it is completed."""
    sentence = ""
    if type_ == "hold" and facts.state != "active":
        sentence = "%(number)s 不在在用状态，不能办理停机保号。"
    elif type_ == "hold" and facts.payer_overdue:
        sentence = "%(number)s 的付费帐户有逾期欠费，请先缴清再办理停机保号。"
    elif type_ == "resume" and facts.state != "on_hold":
        sentence = "%(number)s 不在停机保号状态，不能复机；欠费停机缴清欠费后自动恢复。"
    return [Refusal("CRD-6", sentence, {"number": facts.number})] if sentence else []

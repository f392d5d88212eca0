"""What customers' ledgers and their movements are called, on pages, papers and in files."""

from django.utils.translation import gettext as _

from billing.models import BillLine, Journal, Ledger, Payment
from billing.queries.statement import StatementLine
from bss.kernel.periods import Month
from customers.models import Service


def ledger_name(ledger: Ledger) -> str:
    return name_of(ledger.kind, ledger.name)


def name_of(kind: str, name: str) -> str:
    return _("公用账本") if kind == Ledger.Kind.PUBLIC else name


def scope_words(ledger: Ledger) -> str:
    """What the ledger may pay, in words. Source: ACC-2."""
    parts = []
    if ledger.scope_subscriptions is not None:
        parts.append(_("%(n)s 个用户") % {"n": len(ledger.scope_subscriptions)})
    if ledger.scope_services is not None:
        names = dict(Service.choices)
        parts.append("、".join(_(names.get(s, s)) for s in ledger.scope_services))
    if ledger.scope_items is not None:
        names = dict(BillLine.Item.choices)
        parts.append("、".join(_(names.get(i, i)) for i in ledger.scope_items))
    return "；".join(parts) or _("全部费用")


def matter_of(line: StatementLine) -> str:
    """What kind of movement it is."""
    return _(str(dict(Journal.Kind.choices).get(line.kind, line.kind)))


def money_of(line: StatementLine) -> str:
    return _("赠款") if line.money == "gift" else _("现金")


def note_of(line: StatementLine) -> str:
    """Where the money came from or went to: a bill, a desk, another ledger; else the reference."""
    if line.bill_id is not None:
        month = Month.of(line.bill_month) if line.bill_month else None
        return _("%(month)s 帐单") % {"month": month} if month else _("期初欠费")
    if line.counterpart is not None:
        code, name = line.counterpart
        kind = Ledger.Kind.PUBLIC if name == "public" else Ledger.Kind.SPECIAL
        facts = {"account": code, "ledger": name_of(kind, name)}
        if line.amount_fen < 0:
            return _("转到 %(account)s %(ledger)s") % facts
        return _("从 %(account)s %(ledger)s 转来") % facts
    if line.means:
        words = dict(Payment.Means.choices)
        facts = {"means": _(str(words.get(line.means, line.means))), "channel": line.channel}
        return _("%(means)s，%(channel)s") % facts
    return line.ref

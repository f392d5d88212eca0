"""What the subjects of the chart of accounts are called on pages, papers and in files."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import BillLine
from billing.rules.chart import Subject
from billing.rules.house import Side

SIDES: Mapping[Side, object] = {
    Side.ASSET: gettext_lazy("资产"),
    Side.LIABILITY: gettext_lazy("负债"),
    Side.EQUITY: gettext_lazy("权益"),
    Side.INCOME: gettext_lazy("收入"),
    Side.EXPENSE: gettext_lazy("费用"),
}


def title_of(subject: Subject) -> str:
    """A revenue is called as its charge item is."""
    if not subject.item:
        return _(subject.title)
    words = dict(BillLine.Item.choices)
    return _("收入—%(item)s") % {"item": _(str(words.get(subject.item, subject.item)))}


def side_of(subject: Subject) -> str:
    return str(SIDES[subject.side])

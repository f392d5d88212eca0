"""Work orders as the items of ``{% work_graph %}``."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.models import WorkOrder
from orders.queries.prospect import ProspectiveWorkOrder

MEANINGS = {"ready": "waiting", "done": "good", "failed": "bad"}


def prospective_items(work_orders: Iterable[ProspectiveWorkOrder]) -> list[dict[str, Any]]:
    """Before there is an order: what will be to do."""
    return [
        {
            "key": one.place,
            "label": _(one.label),
            "detail": f"{one.number} {one.product}".strip(),
            "meaning": "warning" if one.manual else "",
            "rule": one.rule,
            "group": one.number,
            "after": one.after,
        }
        for one in work_orders
    ]


def items_of(work_orders: Sequence[WorkOrder]) -> list[dict[str, Any]]:
    """With their states; each leads to its page. ``after`` is prefetched."""
    return [
        {
            "key": one.pk,
            "label": _(one.get_type_display()),
            "detail": f"{one.subscription.number} {one.product}".strip(),
            "meaning": MEANINGS.get(one.state, ""),
            "state": one.state,
            "rule": one.rule,
            "group": one.subscription.number,
            "url": reverse("orders:work_order", args=[one.pk]),
            "after": [before.pk for before in one.after.all()],
        }
        for one in work_orders
    ]

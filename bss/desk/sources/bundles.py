"""Bundles by their code."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bss.desk.search import Group, Hit
from bss.kernel import access
from bss.kernel.scope import in_scope
from customers.queries.shown_names import shown_name
from packages_wo.models import Bundle


def find_bundles(text: str, staff: Any, limit: int) -> Group | None:
    """The newest bundles whose code begins with the text."""
    if not access.admit(staff, "bundle.view"):
        return None
    bundles = Bundle.objects.filter(in_scope(staff, customer="customer__"))
    found = bundles.filter(code__istartswith=text).select_related("customer").order_by("-id")
    rows = list(found[: limit + 1])
    more = f"{reverse('desk:bundles')}?{urlencode({'q': text})}" if len(rows) > limit else ""
    return Group(
        title=_("融合套餐"),
        hits=tuple(
            Hit(
                title=shown_name(bundle.customer),
                url=reverse("desk:bundle", args=[bundle.code]),
                detail=bundle.code,
                icon="bundle",
                kind="bundle",
                state=bundle.state,
                exact=bundle.code == text.upper(),
            )
            for bundle in rows[:limit]
        ),
        more_url=more,
    )

"""The record's standing while it is typed; a POST, so that no address holds personal data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from bss.kernel.access import requires
from customers.queries.scope import visible_customers
from customers.views.known import known_record
from customers.views.standing import standing_of


@require_POST
@requires("customer.register")
def check(request: HttpRequest) -> HttpResponse:
    """Check digits, completeness and duplicates; nothing is written."""
    code = request.POST.get("customer", "")
    customer = get_object_or_404(visible_customers(request.user), code=code) if code else None
    standing = standing_of(
        request.POST,
        staff=request.user,
        known=known_record(customer) if customer else None,
        besides_id=customer.pk if customer else None,
    )
    return render(request, "customers/standing.html", {"standing": standing, "live": True})

"""套餐顾问 of one customer: reckoned here and now instead of tonight."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bss.desk.services.advising import advise_customer
from bss.kernel import clock
from bss.kernel.access import requires
from customers.queries.scope import visible_customers


@require_POST
@requires("bundle.open")
def advise(request: HttpRequest, code: str) -> HttpResponse:
    """Reckon the customer's bundles anew and go back to its page."""
    customer = get_object_or_404(visible_customers(request.user), code=code)
    if advise_customer(customer_id=customer.pk, at=clock.now()):
        messages.success(request, _("已按最近的已出帐月份重新计算套餐建议。"))
    else:
        messages.warning(request, _("还没有可以比较的月份：套餐要有一个已出帐的整月。"))
    return redirect("desk:customer", code=customer.code)

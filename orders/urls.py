from django.urls import path

from orders.views import (
    cancel,
    network_list,
    order_list,
    order_page,
    papers,
    single,
    work_order_list,
)
from orders.views import work_order_page as work_order
from orders.views.wizard import pages

app_name = "orders"

urlpatterns = [
    path("", order_list.order_list, name="list"),
    path("open", pages.open_bundle, name="open"),
    path("change", pages.change_bundle, name="change"),
    path("cancel", cancel.cancel_bundle, name="cancel"),
    path("single/<str:type_>", single.single, name="single"),
    path("work-orders/", work_order_list.work_order_list, name="work_orders"),
    path("work-orders/<int:pk>", work_order.work_order_page, name="work_order"),
    path("work-orders/<int:pk>/complete", work_order.complete_one, name="complete_work_order"),
    path("work-orders/<int:pk>/appoint", work_order.appoint, name="appoint"),
    path("work-orders/<int:pk>/retry", work_order.try_again, name="retry"),
    path("work-orders/network/", network_list.network_list, name="network"),
    path("work-orders/network/<int:pk>/retry", network_list.retry_network, name="retry_network"),
    path("<str:code>", order_page.order_page, name="order"),
    path("<str:code>/complete", order_page.complete, name="complete"),
    path("<str:code>/withdraw", order_page.withdraw, name="withdraw"),
    path("<str:code>/acceptance.pdf", papers.acceptance_form, name="acceptance_form"),
    path("<str:code>/agreement.pdf", papers.agreement, name="agreement"),
]

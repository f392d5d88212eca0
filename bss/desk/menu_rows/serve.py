"""受理: who is served, and what they order."""

from django.utils.translation import gettext_noop as _n

from bss.desk.menu_entry import Entry

GROUP = _n("受理")

ENTRIES = (
    Entry(
        url_name="customers:list",
        label=_n("客户"),
        icon="company",
        key="u",
        permission="customer.view",
        group=GROUP,
    ),
    Entry(
        url_name="customers:register",
        label=_n("登记客户"),
        icon="plus",
        key="n",
        permission="customer.register",
        group=GROUP,
    ),
    Entry(
        url_name="customers:enrichment",
        label=_n("资料补全"),
        icon="edit",
        permission="customer.register",
        group=GROUP,
    ),
    Entry(
        url_name="customers:classes",
        label=_n("客户类别"),
        icon="flag",
        permission="customer.classify",
        group=GROUP,
        also=("customers:levels", "customers:points_rates"),
    ),
    Entry(
        url_name="customers:duplicates",
        label=_n("重复客户"),
        icon="link",
        permission="customer.merge",
        group=GROUP,
    ),
    Entry(
        url_name="customers:lists",
        label=_n("红黑名单"),
        icon="flag",
        permission="customer.list",
        group=GROUP,
    ),
    Entry(
        url_name="orders:open",
        label=_n("开通沃·商务"),
        icon="play",
        key="p",
        permission="bundle.open",
        group=GROUP,
    ),
    Entry(
        url_name="desk:bundles",
        label=_n("融合套餐"),
        icon="bundle",
        key="e",
        permission="bundle.view",
        group=GROUP,
    ),
    Entry(
        url_name="desk:advice",
        label=_n("套餐顾问"),
        icon="money",
        permission="advice.view",
        group=GROUP,
        also=("desk:advice_limits",),
    ),
    Entry(
        url_name="orders:list",
        label=_n("订单"),
        icon="order",
        key="o",
        permission="order.view",
        group=GROUP,
    ),
    Entry(
        url_name="orders:work_orders",
        label=_n("工单"),
        icon="work",
        key="w",
        permission="order.view",
        group=GROUP,
    ),
)

"""What hangs on a customer above the customers app, in the order in which it is locked."""

from collections.abc import Sequence

from billing.services import merging as accounts
from complaints.services import merging as cases
from customers.merge_parts import MergePart
from orders.services import merging as orders
from packages_wo.services import merging as bundles

CUSTOMER_PARTS: Sequence[MergePart] = (
    MergePart(
        name="bundles",
        title="融合套餐",
        count=bundles.count_bundles,
        move=bundles.move_bundles,
        obstacles=bundles.obstacles,
    ),
    MergePart(
        name="accounts",
        title="帐户（余额与欠费随帐户）",
        count=accounts.count_accounts,
        move=accounts.move_accounts,
    ),
    MergePart(name="orders", title="订单", count=orders.count_orders, move=orders.move_orders),
    MergePart(name="cases", title="案件", count=cases.count_cases, move=cases.move_cases),
)

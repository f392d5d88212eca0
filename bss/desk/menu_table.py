"""What stands in the navigation, and for whom: one row per page."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _n


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu; ``key`` is the letter after ``g``. No permission: for everyone."""

    url_name: str
    label: str
    icon: str
    key: str = ""
    permission: str = ""
    group: str = ""
    count_url_name: str = ""  # says how many wait; for those with ``count_permission``
    count_permission: str = ""
    also: tuple[str, ...] = ()  # pages that lie elsewhere and belong to this one


SERVE, SELL, MONEY, HOUSE = _n("受理"), _n("服务"), _n("帐务"), _n("管理")

ENTRIES = (
    Entry(url_name="home", label=_n("今日"), icon="home", key="h"),
    Entry(
        url_name="customers:list",
        label=_n("客户"),
        icon="company",
        key="u",
        permission="customer.view",
        group=SERVE,
    ),
    Entry(
        url_name="customers:register",
        label=_n("登记客户"),
        icon="plus",
        key="n",
        permission="customer.register",
        group=SERVE,
    ),
    Entry(
        url_name="customers:enrichment",
        label=_n("资料补全"),
        icon="edit",
        permission="customer.register",
        group=SERVE,
    ),
    Entry(
        url_name="customers:classes",
        label=_n("客户类别"),
        icon="flag",
        permission="customer.classify",
        group=SERVE,
        also=("customers:levels", "customers:points_rates"),
    ),
    Entry(
        url_name="customers:duplicates",
        label=_n("重复客户"),
        icon="link",
        permission="customer.merge",
        group=SERVE,
    ),
    Entry(
        url_name="orders:open",
        label=_n("开通沃·商务"),
        icon="play",
        key="p",
        permission="bundle.open",
        group=SERVE,
    ),
    Entry(
        url_name="desk:bundles",
        label=_n("融合套餐"),
        icon="bundle",
        key="e",
        permission="bundle.view",
        group=SERVE,
    ),
    Entry(
        url_name="orders:list",
        label=_n("订单"),
        icon="order",
        key="o",
        permission="order.view",
        group=SERVE,
    ),
    Entry(
        url_name="orders:work_orders",
        label=_n("工单"),
        icon="work",
        key="w",
        permission="order.view",
        group=SERVE,
    ),
    Entry(
        url_name="complaints:list",
        label=_n("案件"),
        icon="case",
        key="c",
        permission="case.view",
        group=SELL,
    ),
    Entry(
        url_name="channels:list",
        label=_n("渠道"),
        icon="channel",
        key="q",
        permission="channel.view",
        group=SELL,
    ),
    Entry(
        url_name="billing:list",
        label=_n("帐户"),
        icon="account",
        key="b",
        permission="account.view",
        group=MONEY,
    ),
    Entry(
        url_name="billing:till",
        label=_n("收银台"),
        icon="money",
        key="j",
        permission="till.open",
        group=MONEY,
    ),
    Entry(
        url_name="billing:shifts",
        label=_n("日结"),
        icon="check",
        key="v",
        permission="till.confirm",
        group=MONEY,
    ),
    Entry(
        url_name="billing:handovers",
        label=_n("缴款"),
        icon="upload",
        permission="handover.record",
        group=MONEY,
    ),
    Entry(
        url_name="billing:debits",
        label=_n("银行收款"),
        icon="company",
        permission="bank.view",
        group=MONEY,
        also=("billing:bank_files", "billing:unidentified", "billing:mandates"),
    ),
    Entry(
        url_name="billing:qr_orders",
        label=_n("扫码订单"),
        icon="link",
        permission="account.view",
        group=MONEY,
    ),
    Entry(
        url_name="billing:invoices",
        label=_n("发票"),
        icon="bill",
        permission="invoice.view",
        group=MONEY,
    ),
    Entry(
        url_name="billing:books",
        label=_n("总帐"),
        icon="catalogue",
        permission="books.view",
        group=MONEY,
        also=("billing:books_checks", "billing:revenue"),
    ),
    Entry(
        url_name="billing:month",
        label=_n("月结"),
        icon="month",
        key="m",
        permission="month.view",
        group=MONEY,
        also=("billing:rejects",),
    ),
    Entry(
        url_name="oversight:approvals",
        label=_n("审批"),
        icon="inbox",
        key="a",
        group=HOUSE,
        count_url_name="oversight:waiting_count",
        count_permission="approval.decide",
    ),
    Entry(
        url_name="oversight:audit",
        label=_n("审计"),
        icon="eye",
        key="d",
        permission="audit.view",
        group=HOUSE,
    ),
    Entry(
        url_name="identity:staff",
        label=_n("工号"),
        icon="person",
        key="f",
        permission="staff.view",
        group=HOUSE,
        also=("identity:sub_accounts", "identity:systems"),
    ),
    Entry(
        url_name="identity:organisations",
        label=_n("组织机构"),
        icon="company",
        key="z",
        permission="staff.view",
        group=HOUSE,
    ),
    Entry(
        url_name="identity:roles",
        label=_n("角色与权限"),
        icon="lock",
        key="l",
        permission="staff.view",
        group=HOUSE,
    ),
    Entry(
        url_name="oversight:security_cases",
        label=_n("安全案件"),
        icon="warning",
        key="x",
        permission="security_case.view",
        group=HOUSE,
    ),
    Entry(
        url_name="packages_wo:catalogue",
        label=_n("产品目录"),
        icon="catalogue",
        key="t",
        permission="bundle.view",
        group=HOUSE,
    ),
    Entry(
        url_name="identity:sessions",
        label=_n("登录会话"),
        icon="person",
        permission="session.end",
        group=HOUSE,
    ),
    Entry(
        url_name="identity:lockouts",
        label=_n("登录锁定"),
        icon="lock",
        permission="sign_in.unlock",
        group=HOUSE,
    ),
    Entry(
        url_name="identity:controls",
        label=_n("办理时间与地点"),
        icon="clock",
        permission="staff.manage",
        group=HOUSE,
    ),
    Entry(url_name="rules", label=_n("业务规则"), icon="rules", key="r", group=HOUSE),
    Entry(
        url_name="api_docs",
        label=_n("开放接口"),
        icon="link",
        key="i",
        permission="api.use",
        group=HOUSE,
    ),
    Entry(
        url_name="identity:my_tokens",
        label=_n("我的令牌"),
        icon="key",
        permission="api.use",
        group=HOUSE,
    ),
    Entry(
        url_name="identity:interfaces",
        label=_n("接口号"),
        icon="external",
        permission="interface.manage",
        group=HOUSE,
    ),
    Entry(
        url_name="identity:tokens",
        label=_n("个人令牌"),
        icon="lock",
        permission="session.end",
        group=HOUSE,
    ),
    Entry(
        url_name="clock",
        label=_n("业务时钟"),
        icon="clock",
        key="k",
        permission="clock.move",
        group=HOUSE,
    ),
    Entry(
        url_name="styleguide",
        label=_n("样式手册"),
        icon="style",
        key="s",
        permission="styleguide.view",
        group=HOUSE,
    ),
)

"""What the style guide shows: made-up things in every state."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bss.desk.forms import SpecimenForm
from bss.desk.states import STATES
from bss.kernel import clock
from bss.kernel.rulebook import Refusal

SWATCHES = (
    "ground", "paper", "raised", "sunken", "hover", "line", "line-strong", "ink", "ink-soft",
    "accent", "accent-fill", "accent-wash", "good", "good-wash", "waiting", "waiting-wash",
    "warning", "warning-wash", "bad", "bad-wash",
)  # fmt: skip


def specimens(request: HttpRequest) -> dict[str, Any]:
    """The context of the style guide."""
    now = clock.now()
    faulty = SpecimenForm({"name": "", "code": "9111", "kind": "enterprise", "remark": "窗口受理"})
    return {
        "crumbs": [("今日", "/"), ("样式手册", "")],
        "swatches": SWATCHES,
        "icons": _icons(),
        "states": [(kind, list(states)) for kind, states in STATES.items()],
        "form": SpecimenForm(initial={"kind": "enterprise"}),
        "faulty": faulty,
        "list": _list(request),
        "empty_list": _list(request, rows=()),
        "refusals": [
            Refusal(
                "ELG-3",
                "固话 %(number)s 是 ISDN 线路，不能加入融合套餐。",
                {"number": "01060001234"},
            ),
            Refusal(
                "ELG-7",
                "B 方案月费与 3G 套餐月费之和 %(sum)s 元低于 A 方案月费。",
                {"sum": "186.00"},
            ),
        ],
        "bills": [
            ("06月", 18650),
            ("07月", 20400),
            ("08月", 19980),
            ("09月", 24110),
            ("10月", 23050),
            ("11月", 26875),
        ],
        "usage": [(f"{day}日", day * 41 - (day % 7) * 18) for day in range(1, 31)],
        "orders": _graph(),
        "life": [
            {"label": "受理", "when": "2026-10-12", "state": "done"},
            {"label": "竣工", "when": "2026-10-19", "state": "done"},
            {"label": "生效", "when": "2026-11-01", "state": "now", "detail": "106 元档 B 方案"},
            {"label": "变更", "when": "2026-12-01", "detail": "加一名 2G 成员"},
            {"label": "到期", "when": "2027-10-31"},
        ],
        "events": [
            {
                "when": now,
                "title": "已回访",
                "detail": "客户满意。",
                "meaning": "good",
                "who": "客服 0412",
            },
            {
                "when": now - timedelta(hours=2),
                "title": "已派单",
                "meaning": "waiting",
                "who": "班长 0007",
            },
            {
                "when": now - timedelta(hours=5),
                "title": "超过首次回复时限",
                "meaning": "warning",
                "rule": "CARE-3",
            },
            {
                "when": now - timedelta(days=1),
                "title": "已受理",
                "icon": "case",
                "who": "客服 0412",
            },
        ],
        "soon": now + timedelta(minutes=42),
        "later": now + timedelta(days=2, hours=3),
        "past": now - timedelta(minutes=18),
        "steps": ["客户与证件", "版本与档位", "成员", "加装包", "预览", "提交"],
        "tabs": [
            ("lines", "明细", "#", 12),
            ("usage", "话单", "#", 1204),
            ("why", "为什么", "#", None),
        ],
        "amounts": [123450, 0, -5600, None],
    }


def _icons() -> list[str]:
    sprite = (Path(settings.BASE_DIR) / "static" / "icons.svg").read_text(encoding="utf-8")
    return [part.split('"', 1)[0] for part in sprite.split('<symbol id="')[1:]]


def _list(request: HttpRequest, rows: tuple[Any, ...] | None = None) -> SimpleNamespace:
    """A list page as ListPage would give it, without a table behind it."""
    if rows is None:
        rows = (
            SimpleNamespace(
                code="SO-2026-000123", name="安平五金商行", state="in_progress", fee=10600
            ),
            SimpleNamespace(
                code="SO-2026-000122", name="青禾文化传媒有限公司", state="completed", fee=25600
            ),
            SimpleNamespace(
                code="SO-2026-000121", name="星桥货运代理", state="withdrawn", fee=-5600
            ),
            SimpleNamespace(code="SO-2026-000120", name="南窗茶业", state="accepted", fee=1206000),
        )

    def head(label: str, sort: str = "", *, num: bool = False, url: str = "?sort=x") -> dict:
        return {"label": label, "sorted": sort, "num": num, "url": url}

    page = SimpleNamespace(number=2, has_other_pages=bool(rows), start_index=26, end_index=29)
    return SimpleNamespace(
        rows=rows,
        count=1204 if rows else 0,
        page=page,
        path=request.path,
        query=request.GET,
        form=None,
        is_filtered=False,
        can_export=True,
        csv_url="?export=csv",
        xlsx_url="?export=xlsx",
        headings=[
            head("订单"),
            head("客户", "ascending"),
            head("状态", url=""),
            head("月费（元）", num=True),
        ],
        pages=[(1, "?page=1"), (2, "?page=2"), (3, "?page=3"), ("…", ""), (49, "?page=49")],
        previous_url="?page=1",
        next_url="?page=3",
    )


def _graph() -> list[dict[str, Any]]:
    def order(key: str, label: str, rule: str, meaning: str = "", *after: str, **more: str) -> dict:
        return {
            "key": key,
            "label": label,
            "rule": rule,
            "meaning": meaning,
            "after": after,
            **more,
        }

    return [
        order("r1", "预占号码", "PAR-5", "good", detail="18600001111", state="done"),
        order("r2", "预占端口", "PAR-5", "good", detail="宽带 4M", state="done"),
        order("i1", "装机 2G", "PAR-5", "waiting", "r1", detail="18600001111", state="ready"),
        order(
            "i2", "装机 宽带", "PAR-5", "warning", "r2", detail="明日 09:00–12:00", state="ready"
        ),
        order("l", "开通国内长途", "PAR-6", "", "i1", detail="固话 + 2G", state="waiting"),
        order("v", "加入 VPN 群", "PAR-7", "", "i1", detail="3 名成员", state="waiting"),
        order("s", "静态 IP", "PAR-9", "", "i2", detail="宽带", state="waiting"),
        order("m", "合帐", "PAR-8", "", "l", "v", "s", detail="统一帐户", state="waiting"),
    ]

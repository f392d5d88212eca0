"""What each state means to a person: its word, its meaning (colour) and its icon.

One row per state and kind of thing. A state not listed is shown plainly as it is written, so
that a new state is seen on the page before it is coloured here.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _n

GOOD, WAITING, WARNING, BAD, PLAIN = "good", "waiting", "warning", "bad", ""


@dataclass(frozen=True, slots=True)
class Look:
    """How one state is shown; ``word`` is a message id."""

    meaning: str
    icon: str
    word: str


_SHARED = {
    "draft": Look(PLAIN, "edit", _n("草稿")),
    "open": Look(WAITING, "wait", _n("进行中")),
    "active": Look(GOOD, "done", _n("在用")),
    "done": Look(GOOD, "done", _n("已完成")),
    "failed": Look(BAD, "wrong", _n("失败")),
    "cancelled": Look(PLAIN, "ended", _n("已取消")),
    "closed": Look(PLAIN, "ended", _n("已关闭")),
    "ended": Look(PLAIN, "ended", _n("已终止")),
    "waiting": Look(WAITING, "wait", _n("等待")),
    "pending": Look(WAITING, "wait", _n("待生效")),
    "running": Look(WAITING, "play", _n("运行中")),
    "paused": Look(WARNING, "pause", _n("已暂停")),
    "rejected": Look(BAD, "wrong", _n("被拒绝")),
    "expired": Look(PLAIN, "ended", _n("已过期")),
}

STATES: dict[str, dict[str, Look]] = {
    "subscription": {
        "new": Look(WAITING, "wait", _n("待开户")),
        "reserved": Look(WAITING, "wait", _n("待开户")),
        "held": Look(WARNING, "pause", _n("停机保号")),
        "on_hold": Look(WARNING, "pause", _n("停机保号")),
        "suspended": Look(BAD, "stop", _n("欠费停机")),
        "pre_terminated": Look(BAD, "ended", _n("预销号")),
        "terminated": Look(PLAIN, "ended", _n("已销户")),
    },
    "release": {
        "to_come": Look(WAITING, "wait", _n("待返还")),
        "released": Look(GOOD, "done", _n("已返还")),
        "lapsed": Look(PLAIN, "ended", _n("已失效")),
    },
    "message": {
        "waiting": Look(WAITING, "wait", _n("待发送")),
        "sending": Look(WAITING, "play", _n("发送中")),
        "sent": Look(WAITING, "check", _n("已提交")),
        "delivered": Look(GOOD, "done", _n("已送达")),
        "undelivered": Look(BAD, "wrong", _n("未送达")),
        "failed": Look(BAD, "wrong", _n("发送失败")),
        "cancelled": Look(PLAIN, "ended", _n("不再需要")),
    },
    "credit_run": {
        "done": Look(GOOD, "done", _n("已完成")),
        "unfinished": Look(WARNING, "warning", _n("未完成")),
    },
    "duplicate": {
        "open": Look(WAITING, "wait", _n("待核对")),
        "different": Look(PLAIN, "check", _n("不是同一客户")),
        "merged": Look(GOOD, "done", _n("已合并")),
    },
    "level_change": {
        "open": Look(WAITING, "wait", _n("待评定")),
        "applied": Look(GOOD, "done", _n("已生效")),
        "declined": Look(PLAIN, "cross", _n("未采纳")),
        "lapsed": Look(PLAIN, "ended", _n("已失效")),
    },
    "bundle": {
        "in_force": Look(GOOD, "done", _n("生效中")),
        "ending": Look(WARNING, "clock", _n("即将解除")),
        "ended": Look(PLAIN, "ended", _n("已解除")),
    },
    "member": {
        "joining": Look(WAITING, "wait", _n("待加入")),
        "leaving": Look(WARNING, "clock", _n("待退出")),
        "left": Look(PLAIN, "ended", _n("已退出")),
    },
    "order": {
        "accepted": Look(WAITING, "wait", _n("已受理")),
        "in_progress": Look(WAITING, "work", _n("施工中")),
        "completed": Look(GOOD, "done", _n("已竣工")),
        "effective": Look(GOOD, "done", _n("已生效")),
        "withdrawn": Look(PLAIN, "ended", _n("已撤单")),
        "superseded": Look(PLAIN, "ended", _n("已被替代")),
    },
    "work_order": {
        "waiting": Look(PLAIN, "wait", _n("等待前序")),
        "ready": Look(WAITING, "play", _n("可施工")),
    },
    "network_order": {
        "ready": Look(WAITING, "wait", _n("待执行")),
        "running": Look(WAITING, "play", _n("执行中")),
        "cancelled": Look(PLAIN, "ended", _n("已被替代")),
    },
    "bill": {
        "issued": Look(WAITING, "bill", _n("已出帐")),
        "partly_paid": Look(WARNING, "clock", _n("部分已缴")),
        "paid": Look(GOOD, "done", _n("已缴清")),
        "overdue": Look(BAD, "warning", _n("逾期")),
        "written_off": Look(PLAIN, "ended", _n("已核销")),
    },
    "invoice": {
        "issued": Look(GOOD, "done", _n("已开具")),
        "partly_reversed": Look(WARNING, "again", _n("部分红冲")),
        "reversed": Look(PLAIN, "again", _n("已红冲")),
        "red": Look(BAD, "again", _n("红字")),
    },
    "refund": {
        "payable": Look(WAITING, "wait", _n("待付款")),
        "paid": Look(GOOD, "done", _n("已付款")),
        "returned": Look(PLAIN, "again", _n("已退回")),
    },
    "gateway_refund": {
        "waiting": Look(WAITING, "wait", _n("网关办理中")),
        "done": Look(GOOD, "done", _n("已原路退回")),
        "refused": Look(BAD, "wrong", _n("网关已拒绝")),
    },
    "transfer": {
        "stands": Look(GOOD, "done", _n("已转帐")),
        "reversed": Look(PLAIN, "again", _n("已撤销")),
    },
    "write_off": {
        "open": Look(BAD, "stop", _n("未收回")),
        "partly_recovered": Look(WARNING, "wait", _n("部分收回")),
        "recovered": Look(GOOD, "done", _n("已收回")),
    },
    "promise": {
        "open": Look(WAITING, "wait", _n("承诺中")),
        "kept": Look(GOOD, "done", _n("已履行")),
        "broken": Look(BAD, "wrong", _n("已失信")),
        "withdrawn": Look(PLAIN, "ended", _n("已撤销")),
    },
    "reason": {
        "active": Look(GOOD, "done", _n("在用")),
        "retired": Look(PLAIN, "ended", _n("停用")),
    },
    "payment": {
        "received": Look(GOOD, "done", _n("已收")),
        "reversed": Look(PLAIN, "again", _n("已冲正")),
    },
    "shift": {
        "open": Look(WAITING, "play", _n("当班")),
        "counted": Look(WARNING, "clock", _n("待确认")),
        "confirmed": Look(GOOD, "done", _n("已日结")),
    },
    "gateway_order": {
        "open": Look(WAITING, "wait", _n("待支付")),
        "paid": Look(GOOD, "done", _n("已支付")),
        "disputed": Look(BAD, "warning", _n("金额不符")),
    },
    "reconciliation": {
        "matched": Look(GOOD, "done", _n("一致")),
        "ours": Look(BAD, "warning", _n("仅我方有")),
        "theirs": Look(BAD, "warning", _n("仅网关有")),
        "amount": Look(BAD, "warning", _n("金额不同")),
        "bad": Look(WARNING, "wrong", _n("无法读取")),
    },
    "handover": {
        "on_the_way": Look(WAITING, "wait", _n("在途")),
        "banked": Look(GOOD, "done", _n("已入帐")),
    },
    "debit_batch": {
        "drawn_up": Look(WAITING, "edit", _n("已制作")),
        "sent": Look(WAITING, "upload", _n("已送银行")),
        "partly_answered": Look(WARNING, "clock", _n("部分回盘")),
        "withdrawn": Look(PLAIN, "ended", _n("已作废")),
    },
    "debit": {
        "waiting": Look(WAITING, "wait", _n("未回盘")),
        "settled": Look(GOOD, "done", _n("扣款成功")),
        "refused": Look(BAD, "wrong", _n("扣款失败")),
        "unanswered": Look(WARNING, "clock", _n("银行未答复")),
        "withdrawn": Look(PLAIN, "ended", _n("已作废")),
    },
    "bank_file": {
        "staged": Look(WAITING, "play", _n("处理中")),
        "done": Look(GOOD, "done", _n("已处理")),
    },
    "bank_upload": {
        "received": Look(WAITING, "wait", _n("已收到")),
        "taken_in": Look(GOOD, "done", _n("已处理")),
        "refused": Look(BAD, "wrong", _n("已拒绝")),
    },
    "movement": {
        "waiting": Look(WAITING, "wait", _n("待处理")),
        "booked": Look(GOOD, "done", _n("已入帐")),
        "cleared": Look(GOOD, "done", _n("清算到帐")),
        "unidentified": Look(WARNING, "search", _n("不明来款")),
        "outgoing": Look(PLAIN, "right", _n("支出")),
    },
    "unidentified": {
        "open": Look(WARNING, "search", _n("待认领")),
        "identified": Look(GOOD, "done", _n("已认领")),
        "cleared": Look(GOOD, "done", _n("已对上柜台收款")),
        "returned": Look(PLAIN, "again", _n("已退回")),
    },
    "case": {
        "accepted": Look(WAITING, "inbox", _n("已受理")),
        "dispatched": Look(WAITING, "right", _n("已派单")),
        "replied": Look(WAITING, "case", _n("已回复")),
        "called_back": Look(GOOD, "line", _n("已回访")),
        "reopened": Look(WARNING, "again", _n("重新处理")),
    },
    "resource": {
        "free": Look(GOOD, "done", _n("可选")),
        "held": Look(WAITING, "clock", _n("已预占")),
        "in_use": Look(PLAIN, "lock", _n("使用中")),
        "quarantined": Look(WARNING, "pause", _n("冷冻中")),
    },
    "batch": {
        "planned": Look(PLAIN, "wait", _n("未开始")),
        "pending": Look(PLAIN, "wait", _n("未开始")),
        "ready": Look(WAITING, "play", _n("可运行")),
        "started": Look(WAITING, "play", _n("运行中")),
        "paused": Look(WAITING, "pause", _n("已暂停")),
        "failed": Look(BAD, "wrong", _n("失败，将重试")),
        "parked": Look(BAD, "stop", _n("有步骤搁置")),
        "cancelled": Look(PLAIN, "ended", _n("已取消")),
    },
    "batch_run": {
        "failed": Look(BAD, "stop", _n("有步骤搁置")),
    },
    "batch_step": {
        "failed": Look(WARNING, "again", _n("失败，将重试")),
        "parked": Look(BAD, "stop", _n("已搁置")),
    },
    "reject": {
        "open": Look(WARNING, "wait", _n("待处理")),
        "mended": Look(GOOD, "done", _n("已重批")),
    },
    "usage_gap": {
        "open": Look(BAD, "warning", _n("未到")),
        "came": Look(GOOD, "done", _n("已补到")),
        "excused": Look(PLAIN, "check", _n("已说明")),
    },
    "rehearsal": {
        "within": Look(GOOD, "done", _n("在阈值之内")),
        "waiting": Look(WARNING, "warning", _n("超出阈值，待确认")),
        "approved": Look(GOOD, "check", _n("已批准出帐")),
    },
    "rerating": {
        "looking": Look(WAITING, "play", _n("预览中")),
        "looked": Look(WAITING, "search", _n("已预览")),
        "approved": Look(WAITING, "play", _n("办理中")),
        "done": Look(GOOD, "done", _n("已办理")),
        "changed": Look(WARNING, "warning", _n("内容已变")),
    },
    "approval": {
        "asked": Look(WAITING, "wait", _n("待审批")),
        "approved": Look(GOOD, "done", _n("已批准")),
        "refused": Look(BAD, "wrong", _n("已驳回")),
        "withdrawn": Look(PLAIN, "ended", _n("已撤回")),
    },
    "security_case": {
        "open": Look(WARNING, "warning", _n("待核查")),
        "under_review": Look(WAITING, "search", _n("核查中")),
        "confirmed": Look(BAD, "flag", _n("属实")),
        "dismissed": Look(PLAIN, "ended", _n("排除")),
    },
    "staff": {
        "entered": Look(WAITING, "key", _n("待启用")),
        "active": Look(GOOD, "done", _n("在岗")),
        "disabled": Look(BAD, "stop", _n("停用")),
        "left": Look(PLAIN, "ended", _n("离职")),
    },
    "sub_account": {
        "open": Look(GOOD, "done", _n("在用")),
        "suspended": Look(WARNING, "pause", _n("暂停")),
    },
    "account": {"in_debt": Look(BAD, "warning", _n("欠费"))},
    "customer": {
        "normal": Look(GOOD, "done", _n("正常")),
        "red_listed": Look(WARNING, "flag", _n("红名单")),
        "black_listed": Look(BAD, "stop", _n("黑名单")),
    },
}


def look_of(kind: str, state: str) -> Look:
    """How ``state`` of this kind of thing is shown."""
    return STATES.get(kind, {}).get(state) or _SHARED.get(state) or Look(PLAIN, "info", state)

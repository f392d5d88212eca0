"""Every permission code with what it allows, in the words of the pages: ``area.verb``.

What ends in ``.view`` only reads. A new code goes into the roles that carry it (``roles``).
"""

from collections.abc import Mapping
from typing import Final

PERMISSIONS: Final[Mapping[str, str]] = {
    "customer.view": "查看客户",
    "customer.register": "登记与更正客户",
    "customer.reveal": "查看未脱敏资料",
    "customer.classify": "评定客户等级",
    "customer.merge": "合并重复客户",
    "customer.erase": "删除个人信息",
    "customer.subject_export": "导出客户本人资料",
    "bundle.open": "开通融合套餐",
    "bundle.view": "查看融合套餐",
    "order.view": "查看订单与工单",
    "order.accept": "受理业务",
    "work_order.complete": "完成工单",
    "account.view": "查看帐户与帐单",
    "payment.take": "收款",
    "payment.reverse": "冲正",
    "till.open": "开班",
    "till.close": "点数交班",
    "till.confirm": "确认日结",
    "handover.record": "登记缴款",
    "ledger.grant": "建立专用账本",
    "invoice.view": "查看发票",
    "invoice.issue": "开具发票",
    "invoice.reverse": "红冲发票",
    "month.view": "查看月结",
    "month.run": "运行月结",
    "usage.load": "装载话单",
    "case.view": "查看案件",
    "case.handle": "处理案件",
    "channel.view": "查看渠道",
    "list.export": "导出清单",
    "approval.decide": "审批",
    "staff.view": "查看工号",
    "staff.manage": "管理工号",
    "role.grant": "授予角色",
    "session.end": "结束他人会话",
    "sign_in.unlock": "解除登录锁定",
    "interface.manage": "管理接口",
    "security_case.view": "查看安全案件",
    "security_case.handle": "处理安全案件",
    "audit.view": "查看审计记录",
    "audit.export": "导出审计记录",
    "clock.move": "调整业务时钟",
    "styleguide.view": "查看样式手册",
    "api.use": "使用开放接口",
}

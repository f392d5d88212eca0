"""The words of the audit: ``noun.verb`` as a person reads it."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _n

NOUNS: Mapping[str, str] = {
    "customer": _n("客户"),
    "document": _n("证件"),
    "contact": _n("联系人"),
    "subscription": _n("用户"),
    "personal": _n("个人信息"),
    "list": _n("清单"),
    "account": _n("帐户"),
    "payrelation": _n("付费关系"),
    "payment": _n("收款"),
    "bundle": _n("融合套餐"),
    "catalogueversion": _n("产品目录"),
    "channel": _n("渠道"),
    "staff": _n("工号"),
    "staff_roles": _n("授予的角色"),
    "role": _n("角色"),
    "organisation": _n("组织机构"),
    "outsidesystem": _n("外部系统"),
    "subaccount": _n("从帐号"),
    "sign_in": _n("登录"),
    "second_factor": _n("第二因素"),
    "session": _n("会话"),
    "interface": _n("接口号"),
    "interfacenumber": _n("接口号"),
    "token": _n("个人令牌"),
    "personaltoken": _n("个人令牌"),
    "approval": _n("审批"),
    "security_case": _n("安全案件"),
    "month_start": _n("月初切换"),
    "month_end": _n("月结"),
    "credit_run": _n("信控"),
    "usage": _n("话单"),
    "clock": _n("业务时钟"),
    "audit": _n("审计"),
}
VERBS: Mapping[str, str] = {
    "insert": _n("新增"),
    "update": _n("变更"),
    "delete": _n("删除"),
    "register": _n("登记"),
    "correct": _n("更正"),
    "list": _n("列入名单"),
    "reveal": _n("查看明文"),
    "export": _n("导出"),
    "pdf": _n("打印文档"),
    "api": _n("接口读取"),
    "search": _n("查找"),
    "erase": _n("删除个人信息"),
    "done": _n("成功"),
    "failed": _n("失败"),
    "ended": _n("结束"),
    "ask": _n("申请"),
    "approve": _n("批准"),
    "refuse": _n("驳回"),
    "load": _n("装载"),
    "retry": _n("重批"),
    "rate": _n("批价"),
    "bill": _n("出帐"),
    "pay": _n("扣款"),
    "move": _n("转款"),
    "take": _n("收取"),
    "reverse": _n("冲正"),
    "begin": _n("启用"),
    "roles_granted": _n("授予角色"),
    "roles_taken": _n("收回角色"),
    "hired": _n("入职"),
}


def parts_of(action: str) -> tuple[str, str]:
    """The words of noun and verb; what has no word is shown as it is."""
    noun, _, verb = action.partition(".")
    return NOUNS.get(noun, noun), VERBS.get(verb, verb)

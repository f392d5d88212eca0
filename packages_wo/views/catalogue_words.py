"""The words of the catalogue's own keys."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _n

RATES = {
    "local": _n("本地通话"),
    "domestic": _n("国内长途"),
    "service": _n("服务号码"),
    "forward": _n("呼叫转移"),
    "hmt": _n("港澳台通话"),
    "international": _n("国际通话"),
    "roaming_mo": _n("漫游主叫"),
    "roaming_mt": _n("漫游被叫"),
    "roaming_hmt": _n("漫游至港澳台"),
    "roaming_international": _n("国际漫游"),
    "sms": _n("短信"),
    "data_kb": _n("数据流量"),
}
SECTIONS = {
    "home_areas": _n("归属地"),
    "number_plan": _n("号码分析表"),
    "tariffs": _n("资费"),
    "plans": _n("单产品套餐"),
    "vas": _n("增值产品"),
    "bundles": _n("融合套餐"),
    "packs": _n("加装包"),
    "fees": _n("一次性与功能费用"),
    "tax": _n("税率"),
}


def rate_word(kind: str) -> str:
    return gettext(RATES[kind]) if kind in RATES else kind


def section_word(section: str) -> str:
    return gettext(SECTIONS[section]) if section in SECTIONS else section

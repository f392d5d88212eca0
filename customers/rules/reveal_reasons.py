"""Why somebody may look at personal data in clear. Source: S14-2 (only as the service needs it)."""

from collections.abc import Mapping

OTHER = "other"
NOTE_AT_LEAST = 4

REASONS: Mapping[str, str] = {
    "identity": "核对来人或来电者身份",
    "visit": "上门安装或维修",
    "mail": "邮寄帐单或材料",
    "complaint": "处理投诉",
    "authority": "司法或监管机关依法查询",
    OTHER: "其他",
}

NO_REASON = "请选择查看原因。"
NO_NOTE = "请用至少 4 个字写明原因。"


def faults_of(*, reason: str, note: str) -> list[tuple[str, str]]:
    """What is wrong: it must be one of the list, in own words where the list says too little."""
    if reason not in REASONS:
        return [("reason", NO_REASON)]
    if reason in (OTHER, "authority") and len(note.strip()) < NOTE_AT_LEAST:
        return [("note", NO_NOTE)]
    return []


def in_words(*, reason: str, note: str) -> str:
    """The reason as the audit keeps it."""
    return "：".join(filter(None, (REASONS[reason], note.strip())))

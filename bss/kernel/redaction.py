"""Free text with whatever looks like personal data masked: for logs, errors and remarks.

Pure patterns: document numbers, telephone numbers, addresses. Names cannot be told from other
words; so they do not belong into such texts in the first place.
"""

import re
from collections.abc import Callable

from bss.kernel.masking import masked_address, masked_document, masked_number

_NOT_INSIDE = r"(?<![0-9A-Za-z])"
_ENDS = r"(?![0-9A-Za-z])"
_CREDIT_CODE_SIGN = "[0-9A-HJ-NP-RTUWXY]"

_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = tuple(
    (re.compile(pattern), mask)
    for pattern, mask in (
        (rf"{_NOT_INSIDE}\d{{17}}[\dXx]{_ENDS}", masked_document),  # 居民身份证
        (rf"{_NOT_INSIDE}{_CREDIT_CODE_SIGN}{{2}}\d{{6}}{_CREDIT_CODE_SIGN}{{10}}{_ENDS}",
         masked_document),  # 统一社会信用代码
        (rf"{_NOT_INSIDE}[0-9A-Z]{{8}}-[0-9X]{_ENDS}", masked_document),  # 机构代码
        (rf"{_NOT_INSIDE}[A-Z]{{1,2}}\d{{7,8}}{_ENDS}", masked_document),  # 护照
        (rf"{_NOT_INSIDE}1[3-9]\d{{9}}{_ENDS}", masked_number),
        (rf"{_NOT_INSIDE}0\d{{2,3}}-?\d{{7,8}}{_ENDS}", masked_number),
        ("[\u4e00-\u9fff]{2,8}[省市区县镇][\u4e00-\u9fff0-9A-Za-z·-]{0,24}?"
         "(?:大道|胡同|[路街巷弄村道])[ 0-9A-Za-z\u4e00-\u9fff-]{0,24}", masked_address),
    )
)  # fmt: skip


def redacted(text: str) -> str:
    """The text with every document number, telephone number and address masked."""
    for pattern, mask in _PATTERNS:
        text = pattern.sub(lambda found, mask=mask: mask(found[0]), text)  # type: ignore[misc]
    return text

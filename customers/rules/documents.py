"""Documents 证件: their kinds, and whether a number can be one of them.

Source: ELG-1, ELG-2; scenarios README "Who is there"; GB 32100 (social credit code), GB 11714
(organisation code), GB 11643 (resident id).
"""

import re

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

BUSINESS_LICENSE = "business_license"
ORGANISATION_CODE = "organisation_code"
MILITARY_UNIT_CODE = "military_unit_code"
LEGAL_PERSON_AUTHORISATION = "legal_person_authorisation"
RESIDENT_ID = "resident_id"
PASSPORT = "passport"

NON_PERSONAL = (
    BUSINESS_LICENSE,
    ORGANISATION_CODE,
    MILITARY_UNIT_CODE,
    LEGAL_PERSON_AUTHORISATION,
)
"""What a main customer may show to open a bundle. Source: ELG-1."""
PERSONAL = (RESIDENT_ID, PASSPORT)
DOCUMENT_TYPES = (*NON_PERSONAL, *PERSONAL)

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def document_fault(*, type: str, number: str) -> str:
    """What is wrong with a document's number, as a sentence; empty when it can be right."""
    compact = normal_number(number)
    if type not in DOCUMENT_TYPES:
        return "未知的证件类型。"
    if not compact:
        return "请填写证件号码。"
    return _CHECKS[type](compact)


def normal_number(number: str) -> str:
    """The number without spaces and in capitals, so that it is found however it was typed."""
    return "".join(number.split()).upper()


def indexed_number(number: str) -> str:
    """The number as the blind index knows it: hyphens do not matter either."""
    return normal_number(number).replace("-", "")


def is_personal(type: str) -> bool:
    return type in PERSONAL


def organisation_check_digit(first_eight: str) -> str:
    """The ninth character of an organisation code. Source: GB 11714."""
    total = sum(
        int(character, 36) * weight
        for character, weight in zip(first_eight, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def registration_check_digit(first_fourteen: str) -> str:
    """The fifteenth digit of a registration number: ISO 7064 MOD 11,10."""
    rest = 10
    for digit in first_fourteen:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def _license_fault(number: str) -> str:
    """Only the 18th character of a social credit code is checked.

    A licence from before 2015 has a registration number of 15 digits instead.
    """
    if len(number) == 15 and number.isascii() and number.isdigit():
        if registration_check_digit(number[:14]) != number[14]:
            return "营业执照注册号的第 15 位校验码不对，请核对原件。"
        return ""
    if len(number) != 18:
        return "统一社会信用代码应为 18 位（旧执照注册号为 15 位）。"
    if re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", number) is None:
        return "统一社会信用代码只含数字和大写字母，不含 I、O、S、V、Z。"
    if uscc.calc_check_digit(number) != number[17]:
        return "统一社会信用代码的第 18 位校验码不对，请核对原件。"
    return ""


def _organisation_fault(number: str) -> str:
    match = re.fullmatch(r"([0-9A-Z]{8})-?([0-9X])", number)
    if match is None:
        return "组织机构代码应为 8 位数字或字母加 1 位校验码，如 12345678-8。"
    if organisation_check_digit(match[1]) != match[2]:
        return "组织机构代码的校验码不对，请核对原件。"
    return ""


def _resident_fault(number: str) -> str:
    """Length, digits, birth date and check digit; old places of birth are no fault."""
    if re.fullmatch(r"[0-9]{17}[0-9X]", number) is None:
        return "居民身份证号码应为 18 位。"
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return "居民身份证号码中的出生日期不对，请核对原件。"
    if ric.calc_check_digit(number) != number[17]:
        return "居民身份证号码的校验码不对，请核对原件。"
    return ""


def _passport_fault(number: str) -> str:
    if re.fullmatch(r"[A-Z0-9]{5,20}", number) is None:
        return "护照号码应为 5 至 20 位字母或数字。"
    return ""


def _free_fault(number: str) -> str:
    """Military unit codes and letters carry no check digit."""
    return "证件号码不超过 40 个字符。" if len(number) > 40 else ""


_CHECKS = {
    BUSINESS_LICENSE: _license_fault,
    ORGANISATION_CODE: _organisation_fault,
    MILITARY_UNIT_CODE: _free_fault,
    LEGAL_PERSON_AUTHORISATION: _free_fault,
    RESIDENT_ID: _resident_fault,
    PASSPORT: _passport_fault,
}

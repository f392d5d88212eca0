"""What is done about a charge that comes out otherwise after a tariff correction.

Source: BIL-7; docs/adr/0028.
"""

from enum import StrEnum


class Treatment(StrEnum):
    """A billed line is adjusted on the next bill, or left alone; what is not billed is replaced."""

    ADJUST = "adjust"
    REPLACE = "replace"
    BY_HAND = "by_hand"
    WAIVE = "waive"


def treatment_of(
    *, difference_fen: int, is_billed: bool, for_people: bool, credits_only: bool
) -> Treatment:
    """``for_people``: a line that a person has corrected is theirs to correct further, nobody gives
    twice; nor does the program touch what it cannot reckon as it was billed.

    With ``credits_only`` what was billed too low stays as it is.
    """
    if not is_billed:
        return Treatment.REPLACE
    if for_people:
        return Treatment.BY_HAND
    if credits_only and difference_fen > 0:
        return Treatment.WAIVE
    return Treatment.ADJUST

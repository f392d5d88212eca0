"""Which hotline a matter belongs to."""

from bss.kernel.rulebook import Refusal

PERSONAL = "10010"
COMPANY = "10019"


def hotline_for(*, company: bool, personal_matter: bool) -> str:
    """10019 for a company as a legal person; 10010 for persons, a company's members too.

    Source: CARE-1.
    """
    return COMPANY if company and not personal_matter else PERSONAL


def refusals_of_hotline(*, hotline: str, company: bool) -> tuple[Refusal, ...]:
    """Why a matter cannot be taken on this line: 10019 knows companies only. Source: CARE-1."""
    if hotline == COMPANY and not company:
        return (
            Refusal("CARE-1", "10019 只受理集团客户的法人事务，个人客户的事务请改由 10010 受理"),
        )
    return ()

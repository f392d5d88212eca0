"""What a person proves themselves with beside the password: counted, and forgotten."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator

from bss.kernel.models import Staff

# Recovery codes stand in for a factor that is lost; alone they are none.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors_of(staff_ids: Iterable[int]) -> dict[int, set[str]]:
    """Which kinds of second factor these people have; one query."""
    found: dict[int, set[str]] = {}
    rows = Authenticator.objects.filter(user_id__in=list(staff_ids), type__in=FACTORS)
    for staff_id, kind in rows.values_list("user_id", "type"):
        found.setdefault(staff_id, set()).add(kind)
    return found


def forget_second_factors(staff: Staff) -> int:
    """Take every second factor of this person away; how many there were."""
    count, _ = Authenticator.objects.filter(user=staff).delete()
    return count

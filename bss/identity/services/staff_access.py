"""Ways in, and how they end."""

from django.contrib.auth.hashers import make_password

from bss.identity.models import PersonalToken
from bss.identity.rules.one_time_passwords import new_one_time_password
from bss.kernel.models import Staff


def give_one_time_password(staff: Staff) -> str:
    """Set a password that must be changed at once and give it, to be shown once.

    The caller saves ``staff``. Every session that knew the old password ends with it.
    """
    password = new_one_time_password()
    staff.set_password(password)
    staff.must_change_password = True
    return password


def end_every_way_in(staff: Staff) -> None:
    """No password opens this account, no session and no token goes on. The caller saves ``staff``.

    A session is bound to the password that it began with: without it, it is over.
    """
    staff.password = make_password(None)
    staff.must_change_password = True
    end_tokens(staff)


def end_tokens(staff: Staff) -> None:
    """The keys that this person's programs hold are worth nothing any more."""
    PersonalToken.objects.filter(user=staff).delete()

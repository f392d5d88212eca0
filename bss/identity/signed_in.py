"""The person behind a request that someone has signed in for."""

from django.http import HttpRequest

from bss.kernel.models import Staff


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in staff; to be asked only where the guard has let nobody else in."""
    staff = request.user
    assert isinstance(staff, Staff), "nobody is signed in"
    return staff

"""Staff and a stocked number pool for the tests of the orders' pages."""

from typing import Any

from bss.kernel.models import Staff
from customers.models import Customer
from orders.services import resources
from tests.builders.orders import a_source
from tests.builders.staff import a_role

POOL = {
    "fixed": "0106209{:04d}",
    "broadband": "0108009{:04d}",
    "m2g": "1301119{:04d}",
    "m3g": "1861119{:04d}",
}


def a_member_of_staff(username: str = "clerk", role: str = "clerk", **more: Any) -> Staff:
    """Somebody with this role, at the hall that orders come from."""
    staff = Staff.objects.create_user(
        username=username, password="not-a-real-one", display_name=f"测试{username}", **more
    )
    staff.organisation = a_source().organisation
    staff.save()
    staff.roles.add(a_role(role))
    return staff


def a_stocked_pool(*, each: int = 3) -> dict[str, list[str]]:
    """Free numbers of every service in Beijing, by service."""
    numbers = {
        service: [form.format(place) for place in range(each)] for service, form in POOL.items()
    }
    for service, found in numbers.items():
        resources.add_numbers(service=service, area="010", numbers=found)
    return numbers


def managed_by(customer: Customer, staff: Staff) -> Customer:
    customer.account_manager = staff
    customer.save(update_fields=["account_manager"])
    return customer

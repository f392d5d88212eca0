import pytest

from bss.kernel import access
from bss.kernel.models import Staff
from bss.kernel.permissions import PERMISSIONS
from bss.kernel.roles import ROLES, load_roles
from customers.models import Customer
from tests.builders.staff import a_role, a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    """Somebody at headquarters who is a supervisor too."""
    staff = a_staff("hq_viewer")
    staff.roles.add(a_role("supervisor"))
    client.force_login(staff)
    return client


def test_one_role_that_only_reads_leaves_nothing_but_reading():
    staff = a_staff("hq_viewer")
    staff.roles.add(a_role("supervisor"))
    kept = access.permissions_of(Staff.objects.get(pk=staff.pk))
    assert {"customer.view", "month.view", "api.use"} <= kept
    assert {code for code in kept if not code.endswith(".view")} == {"api.use"}


def test_a_readers_post_is_refused_before_any_view(reader):
    response = reader.post("/customers/new", {"name": "北京试验商贸有限公司"})
    assert response.status_code == 403
    assert "总部角色只查询、不修改（S33-1）。" in response.text
    assert not Customer.objects.exists()


def test_readers_read_and_change_their_own_language(reader):
    assert reader.get("/customers/").status_code == 200
    assert reader.post("/language", {"language": "en"}).status_code == 302


def test_nobody_who_serves_customers_hands_out_rights_or_audits():
    security = {"staff.manage", "role.grant", "session.end", "interface.manage"}
    audit = {"audit.view", "audit.export"}
    for code, role in ROLES.items():
        held = set(role.permissions)
        duties = [
            bool(held & security),
            bool(held & audit),
            any(one.startswith(("customer.", "account.", "order.")) for one in held),
        ]
        assert sum(duties) == 1, code


def test_headquarters_view_everything_but_who_is_watched_and_the_audit():
    views = {code for code in PERMISSIONS if code.endswith(".view")}
    assert views - set(ROLES["hq_viewer"].permissions) == {"security_case.view", "audit.view"}
    assert set(ROLES["hq_viewer"].permissions) <= views


def test_roles_are_brought_up_to_date_and_an_operators_own_are_left():
    own = load_roles()["clerk"]
    own.pk, own.code, own.permissions = None, "night_clerk", ["customer.view"]
    own.save()
    changed = load_roles()["auditor"]
    changed.permissions, changed.reach = ["customer.view"], "hall"
    changed.save()
    again = load_roles()
    assert again["auditor"].permissions == ["audit.view", "audit.export"]
    assert again["auditor"].reach == "all"
    own.refresh_from_db()
    assert own.permissions == ["customer.view"]

"""``in_scope`` says what a naive reading of roles, places and assignments says."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bss.kernel import access
from bss.kernel.models import Organisation, Role, Staff
from bss.kernel.periods import local_moment
from bss.kernel.scope import in_place, in_scope
from customers.models import Customer
from tests.builders.organisations import a_country

pytestmark = pytest.mark.django_db

LEVELS = ("headquarters", "province", "city", "county", "hall")
REACHES = tuple(Role.Reach.values)
PERMISSIONS = ("customer.view", "order.view")
A_DAY = local_moment("2026-01-05T09:00")


def a_person(organisation=None, *roles, username="somebody"):
    """``roles`` are (reach, permissions)."""
    staff = Staff.objects.create(username=username, organisation=organisation)
    for place, (reach, permissions) in enumerate(roles):
        code = f"{username}-{place}"
        role = Role.objects.create(code=code, name=code, reach=reach, permissions=list(permissions))
        staff.roles.add(role)
    return Staff.objects.get(pk=staff.pk)


def a_customer(code, *, organisation=None, manager=None):
    return Customer.objects.create(
        code=code,
        kind="enterprise",
        name=f"试验{code}公司",
        organisation=organisation,
        account_manager=manager,
        registered_at=A_DAY,
    )


def one_in_each(country):
    for code, organisation in country.items():
        a_customer(f"C-{code}", organisation=organisation)


def reached(staff, **how):
    found = Customer.objects.filter(in_scope(staff, **how)).values_list("code", flat=True)
    return {code.removeprefix("C-") for code in found}


@pytest.mark.parametrize(
    ("place", "reach", "expected"),
    [
        ("SJZ-A1", "hall", {"SJZ-A1"}),
        ("SJZ-A1", "county", {"SJZ-A", "SJZ-A1", "SJZ-A2"}),
        ("SJZ-A1", "city", {"SJZ", "SJZ-A", "SJZ-A1", "SJZ-A2", "SJZ-1"}),
        ("SJZ-1", "county", {"SJZ-1"}),
        ("TS-1", "province", {"HE", "SJZ", "SJZ-A", "SJZ-A1", "SJZ-A2", "SJZ-1", "TS", "TS-1"}),
        ("TY", "city", {"TY", "TY-1"}),
        ("TY", "hall", set()),
        ("HE", "city", set()),
        ("HQ", "province", set()),
        ("SJZ-1", "assigned", set()),
        (None, "province", set()),
    ],
)
def test_a_reach_ends_at_the_widest_place_on_the_own_line_that_is_no_wider(place, reach, expected):
    country = a_country()
    one_in_each(country)
    staff = a_person(country.get(place), (reach, ["customer.view"]))
    assert reached(staff) == expected


def test_only_who_reaches_all_reaches_a_customer_without_a_place():
    country = a_country()
    a_customer("C-nowhere")
    assert reached(a_person(country["HE"], ("province", ["customer.view"]))) == set()
    headquarters = a_person(country["HQ"], ("all", ["customer.view"]), username="hq")
    assert reached(headquarters) == {"nowhere"}


def test_each_permission_reaches_as_far_as_the_roles_that_give_it():
    """An account manager who is a clerk of a hall too."""
    country = a_country()
    staff = a_person(
        country["TS-1"], ("assigned", ["customer.view", "api.use"]), ("city", ["customer.view"])
    )
    a_customer("C-own", organisation=country["SJZ"], manager=staff)
    one_in_each(country)
    assert reached(staff, permission="customer.view") == {"own", "TS", "TS-1"}
    assert reached(staff, permission="api.use") == {"own"}
    assert reached(staff, permission="order.view") == set()
    assert reached(staff) == {"own", "TS", "TS-1"}


def test_the_guard_that_let_a_person_in_says_what_they_reach():
    country = a_country()
    one_in_each(country)
    staff = a_person(country["TS-1"], ("province", ["customer.view"]), ("hall", ["order.accept"]))
    assert access.admit(staff, "order.accept")
    assert reached(staff) == {"TS-1"}
    assert not access.admit(staff, "month.run")
    assert reached(staff) == {"TS-1"}


def test_one_bound_to_fewer_permissions_reaches_by_those_alone():
    country = a_country()
    one_in_each(country)
    staff = a_person(country["TS-1"], ("city", ["customer.view"]), ("all", ["audit.view"]))
    access.bound(staff, {"customer.view"})
    assert reached(staff) == {"TS", "TS-1"}
    access.bound(staff, {"order.view"})
    assert reached(staff) == set()


def test_what_runs_for_the_whole_province_is_not_given_by_a_narrower_role():
    month = ("month.view", "month.run", "usage.load")
    assert not access.can(a_person(None, ("city", month)), "month.view")
    assert access.can(a_person(None, ("province", month), username="batch"), "month.run")


def test_a_person_asks_once_for_roles_and_once_for_their_line():
    staff = a_person(a_country()["TS-1"], ("city", ["customer.view"]))
    with CaptureQueriesContext(connection) as queries:
        in_scope(staff), in_scope(staff, customer="owner__"), in_place(staff)
    assert len(queries) == 2


def test_a_scope_is_one_indexed_prefix():
    staff = a_person(a_country()["TS-1"], ("city", ["customer.view"]))
    query = Organisation.objects.filter(in_place(staff, organisation="pk"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "organisation_path" in query.explain()


def naive_reach(person, customer, tree, permission):
    """By the words: any role that gives the permission, and anything it reaches."""
    line = line_of(person["place"], tree)
    for reach, permissions in person["roles"]:
        if permission not in permissions:
            continue
        if reach == "all" or (reach == "assigned" and customer["manager"] == person["name"]):
            return True
        if reach in LEVELS and customer["place"] is not None:
            ends = [one for one in line if LEVELS.index(tree[one][0]) >= LEVELS.index(reach)]
            widest = min(ends, key=lambda one: LEVELS.index(tree[one][0]), default=None)
            if widest is not None and widest in line_of(customer["place"], tree):
                return True
    return False


def line_of(place, tree):
    line = []
    while place is not None:
        line.append(place)
        place = tree[place][1]
    return line


@st.composite
def worlds(draw):
    """A tree (place → level, parent), people in it with roles, and customers."""
    tree = {}
    for place in range(draw(st.integers(1, 9))):
        above = [one for one, (level, _) in tree.items() if level != "hall"]
        parent = draw(st.sampled_from([None, *above]))
        lowest = LEVELS.index(tree[parent][0]) + 1 if parent is not None else 0
        tree[place] = (draw(st.sampled_from(LEVELS[lowest:])), parent)
    somewhere = st.sampled_from([None, *tree])
    role = st.tuples(st.sampled_from(REACHES), st.sets(st.sampled_from(PERMISSIONS), min_size=1))
    people = [
        {"name": f"p{n}", "place": draw(somewhere), "roles": draw(st.lists(role, max_size=3))}
        for n in range(2)
    ]
    customers = [
        {"place": draw(somewhere), "manager": draw(st.sampled_from([None, "p0", "p1"]))}
        for _ in range(draw(st.integers(1, 6)))
    ]
    return tree, people, customers


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds(), permission=st.sampled_from(PERMISSIONS))
def test_in_scope_is_its_naive_definition(world, permission):
    tree, people, customers = world
    with transaction.atomic():
        made = {}
        for place, (level, parent) in tree.items():
            made[place] = Organisation.objects.create(
                code=f"O{place}", name=f"机构{place}", level=level, parent=made.get(parent)
            )
        staff = {
            one["name"]: a_person(made.get(one["place"]), *one["roles"], username=one["name"])
            for one in people
        }
        for n, one in enumerate(customers):
            a_customer(
                f"C-{n}", organisation=made.get(one["place"]), manager=staff.get(one["manager"])
            )
        for person in people:
            expected = {
                str(n)
                for n, one in enumerate(customers)
                if naive_reach(person, one, tree, permission)
            }
            assert reached(staff[person["name"]], permission=permission) == expected
        transaction.set_rollback(True)

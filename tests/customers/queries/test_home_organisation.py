import pytest

from customers.queries.home_organisation import home_organisation
from tests.builders.organisations import a_country

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("registered_at", "area", "home"),
    [
        ("SJZ-A1", "0311", "SJZ-A1"),
        ("SJZ-A", "0315", "SJZ-A"),
        ("SJZ", "0311", "SJZ"),
        ("HE", "0315", "TS"),
        ("HQ", "0351", "TY"),
        ("HE", "0999", "HE"),
        (None, "0311", "SJZ"),
        (None, "0999", None),
    ],
)
def test_a_customer_stands_where_registered_or_under_the_city_of_the_area(
    registered_at, area, home
):
    country = a_country()
    at = country[registered_at].pk if registered_at else None
    expected = country[home].pk if home else None
    assert home_organisation(area=area, registered_at_id=at) == expected

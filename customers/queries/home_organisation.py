"""Under which organisation a customer stands."""

from bss.kernel.models import Organisation

SERVES_ITSELF = (
    Organisation.Level.CITY,
    Organisation.Level.COUNTY,
    Organisation.Level.HALL,
)


def home_organisation(*, area: str, registered_at_id: int | None) -> int | None:
    """Where the customer is registered; from above the cities, the city of the customer's area.

    So a customer whom an account manager of the province registers is served by the city's halls.
    """
    organisations = Organisation.objects
    if registered_at_id is not None:
        place = organisations.filter(pk=registered_at_id, level__in=SERVES_ITSELF)
        if place.exists():
            return registered_at_id
    city = organisations.filter(level=Organisation.Level.CITY, area=area).order_by("code").first()
    return city.pk if city else registered_at_id

"""The demo's catalogue: the sample with the demo's cities, and the one that comes after it."""

from datetime import datetime
from typing import Any

from bss.demo.operator import CITIES
from bss.kernel.periods import Month
from packages_wo.queries.sample import sample_catalogue
from packages_wo.services.catalogue import load_catalogue


def load_first(before: Month) -> None:
    """In force from the month before the story."""
    load_catalogue(document=_document(before), at=before.starts_at, effective_from=before.first_day)


def announce_next(month: Month, *, at: datetime) -> None:
    """Loaded well before it holds: from this month on a pack costs less."""
    document = _document(month)
    document["packs"]["MIN-300"]["monthly"] = "36.00"
    load_catalogue(document=document, at=at, effective_from=month.first_day)


def _document(month: Month) -> dict[str, Any]:
    document = sample_catalogue()
    cities = {area: place for area, place, _ in CITIES}
    home_areas = {**document["home_areas"], **cities}
    return {**document, "version": f"{month}-hebei", "home_areas": home_areas}

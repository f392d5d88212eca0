"""The catalogue that holds on a day."""

from datetime import date
from functools import lru_cache

from packages_wo.models import CatalogueVersion
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.catalogue_document import parse_catalogue


class NoCatalogueError(LookupError):
    """No version of the catalogue has been loaded yet."""


def catalogue_on(day: date) -> Catalogue:
    """The catalogue in force on a business day, typed; parsed once per version and process.

    Raises: NoCatalogueError when none is loaded.
    """
    digest = (
        CatalogueVersion.objects.filter(effective_from__lte=day)
        .order_by("-effective_from", "-id")
        .values_list("digest", flat=True)
        .first()
    )
    if digest is None:
        raise NoCatalogueError("没有已生效的产品目录：先运行 manage.py load_catalogue FILE。")
    return _parsed(digest)


@lru_cache(maxsize=64)
def _parsed(digest: str) -> Catalogue:
    """A digest names its document for ever, so that this may be kept across databases."""
    return parse_catalogue(CatalogueVersion.objects.get(digest=digest).document)

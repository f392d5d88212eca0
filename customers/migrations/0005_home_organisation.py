"""Customers from before there were scopes stand under the city of their area, else at the top."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def give_a_home(apps, schema_editor):
    organisations = apps.get_model("kernel", "Organisation").objects.order_by("code")
    homeless = apps.get_model("customers", "Customer").objects.filter(organisation__isnull=True)
    city = organisations.filter(level="city", area=OuterRef("area")).values("pk")[:1]
    homeless.update(organisation=Subquery(city))
    top = organisations.filter(parent__isnull=True).first()
    if top is not None:
        homeless.update(organisation=top)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_sealed_or_empty"),
        ("kernel", "0004_organisation_path"),
    ]

    operations = [migrations.RunPython(give_a_home, migrations.RunPython.noop)]

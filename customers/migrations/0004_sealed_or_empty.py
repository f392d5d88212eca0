from django.db import migrations, models

from bss.kernel.sealed_field import SealedOrEmpty

COLUMNS = (
    ("customer", "postal_address", "postal_address_is_sealed"),
    ("document", "number", "document_number_is_sealed"),
    ("document", "address", "document_address_is_sealed"),
    ("subscription", "install_address", "install_address_is_sealed"),
)


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_a_data_key_for_everybody")]

    operations = [
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(condition=SealedOrEmpty(models.F(column)), name=name),
        )
        for model, column, name in COLUMNS
    ]

"""The tokens of before stood in clear text, without an end: they stop working here.

Whoever needs one makes a personal token, or gets an interface number (docs/operations.md).
"""

from django.db import migrations

FORGET = """
DROP TABLE IF EXISTS authtoken_token;
DELETE FROM auth_permission WHERE content_type_id IN (
    SELECT id FROM django_content_type WHERE app_label = 'authtoken'
);
DELETE FROM django_content_type WHERE app_label = 'authtoken';
DELETE FROM django_migrations WHERE app = 'authtoken';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_interface_numbers_and_personal_tokens"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunSQL(FORGET, reverse_sql=migrations.RunSQL.noop)]

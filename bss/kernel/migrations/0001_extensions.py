"""PostgreSQL extensions that constraints and searches need."""

from django.contrib.postgres.operations import BtreeGinExtension, BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [BtreeGistExtension(), BtreeGinExtension()]

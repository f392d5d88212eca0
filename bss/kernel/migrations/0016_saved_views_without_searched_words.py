"""Saved views keep filters and order; the words once searched for are forgotten."""

from typing import Any

from django.db import migrations
from django.http import QueryDict


def forget_searched_words(apps: Any, _schema: object) -> None:
    views = apps.get_model("kernel", "SavedView").objects
    for view in views.filter(query__regex=r"(^|&)q="):
        asked = QueryDict(view.query, mutable=True)
        asked.pop("q", None)
        if asked:
            views.filter(pk=view.pk).update(query=asked.urlencode())
        else:
            views.filter(pk=view.pk).delete()


class Migration(migrations.Migration):
    dependencies = [("kernel", "0015_parked_steps_and_cancelled_runs")]

    operations = [migrations.RunPython(forget_searched_words, migrations.RunPython.noop)]

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """常用筛选: the filters and order of one list, under a name, each person's own."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    list = models.CharField("列表地址", max_length=100)
    name = models.CharField("名称", max_length=20)
    query = models.CharField("筛选", max_length=1000)

    class Meta:
        ordering = ["staff", "list", "name"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "list", "name"], name="one_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return f"{self.list}?{self.query}"

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RelativeNumber(models.Model):
    """亲属号码: a number of a colleague's own family, which the colleague does not look up."""

    class Relation(models.TextChoices):
        SELF = "self", _("本人")
        SPOUSE = "spouse", _("配偶")
        PARENT = "parent", _("父母")
        CHILD = "child", _("子女")
        SIBLING = "sibling", _("兄弟姐妹")
        OTHER = "other", _("其他亲属")

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="relatives"
    )
    number = models.CharField("号码", max_length=20, db_index=True)
    relation = models.CharField("关系", max_length=8, choices=Relation)
    registered_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["staff", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "number"],
                condition=Q(removed_at__isnull=True),
                name="a_relative_is_registered_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.relation}"

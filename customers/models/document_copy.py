from django.conf import settings
from django.db import models

from bss.kernel.sealing import SealedTextField, sealed_or_empty
from bss.kernel.watched import Watched
from customers.models.customer import Document


class DocumentCopy(models.Model):
    """证件影像: one side of a document as it was photographed or scanned at the counter.

    The picture is sealed under its customer's data key and opened for nothing but a reveal.
    """

    class Side(models.TextChoices):
        FRONT = "front", "正面"
        BACK = "back", "背面"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="copies")
    side = models.CharField(max_length=5, choices=Side)
    content_type = models.CharField(max_length=30)
    content = SealedTextField("影像 (Base64)", key="document.customer.data_key_id")
    size_bytes = models.PositiveIntegerField()
    digest = models.CharField("SHA-256", max_length=64)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["document", "side", "-taken_at", "-id"]
        triggers = [
            Watched(
                customer="SELECT d.customer_id FROM customers_document d WHERE d.id = r.document_id"
            )
        ]
        constraints = [
            sealed_or_empty("content", name="document_copy_is_sealed"),
            models.UniqueConstraint(
                fields=["document", "side", "digest"], name="one_copy_of_a_picture"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_side_display()}"

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def address(self) -> str:
        """The picture itself as a ``data:`` address, for the page of a reveal."""
        return f"data:{self.content_type};base64,{self.content}"

from django.db import models


class BooksCheck(models.Model):
    """帐务核对: one look over all books, with every difference that it found.

    ``found`` lists differences as ``{check, subject, name, expected_fen, found_fen}``, at most as
    many as a person reads; ``differences`` is how many there are.
    """

    at = models.DateTimeField("业务时间")
    journals = models.BigIntegerField("凭证数")
    entries = models.BigIntegerField("分录数")
    differences = models.PositiveIntegerField("差异数")
    found = models.JSONField("差异", default=list)
    took_ms = models.PositiveIntegerField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.differences}"

    @property
    def took_s(self) -> str:
        """Seconds with one digit, as pages show it."""
        return f"{self.took_ms / 1000:.1f}"

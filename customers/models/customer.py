from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from bss.kernel.sealing import SealedTextField, sealed_or_empty
from bss.kernel.watched import Watched


class Customer(models.Model):
    """客户: a company or a person that owns accounts and subscriptions (GEN-5)."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", "集团客户"
        INDIVIDUAL = "individual", "公众客户"

    class Listed(models.TextChoices):
        NONE = "none", "无"
        BLACK = "black", "黑名单"
        RED = "red", "红名单"

    code = models.CharField("客户编号", max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField("客户名称", max_length=80)
    area = models.CharField("长途区号", max_length=4, default="010")
    listed = models.CharField(max_length=5, choices=Listed, default=Listed.NONE)
    listed_reason = models.CharField(max_length=200, blank=True)
    data_key = models.OneToOneField(
        "kernel.DataKey", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    postal_address = SealedTextField("通信地址", blank=True, key="data_key_id")
    account_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
    )
    organisation = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
    )
    name_bigrams = ArrayField(models.CharField(max_length=2), default=list)
    registered_at = models.DateTimeField()
    erased_at = models.DateTimeField("个人信息删除时间", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="absorbed",
        verbose_name="并入的客户",
    )
    merged_at = models.DateTimeField("并入时间", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [
            Watched(customer="r.id", masked=("name",), silent=("name_bigrams", "data_key_id"))
        ]
        indexes = [
            GinIndex(fields=["name_bigrams"], name="customer_name_bigrams"),
            models.Index(fields=["account_manager", "id"], name="customers_of_a_manager"),
        ]
        constraints = [
            sealed_or_empty("postal_address", name="postal_address_is_sealed"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True, merged_at__isnull=True)
                | models.Q(merged_into__isnull=False, merged_at__isnull=False)
                & ~models.Q(merged_into=models.F("id")),
                name="merged_into_another_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """证件: what a customer has shown; its number is sealed and found by its blind index."""

    class Type(models.TextChoices):
        BUSINESS_LICENSE = "business_license", "营业执照"
        ORGANISATION_CODE = "organisation_code", "机构代码证"
        MILITARY_UNIT_CODE = "military_unit_code", "部队番号证件"
        LEGAL_PERSON_AUTHORISATION = "legal_person_authorisation", "法人委托函"
        RESIDENT_ID = "resident_id", "居民身份证"
        PASSPORT = "passport", "护照"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="documents")
    type = models.CharField(max_length=26, choices=Type)
    number = SealedTextField("证件号码", key="customer.data_key_id")
    number_index = models.CharField(max_length=64, db_index=True)
    address = SealedTextField("证件地址", blank=True, key="customer.data_key_id")
    verified = models.BooleanField("已核验", default=True)
    main = models.BooleanField("主证件", default=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-main", "id"]
        triggers = [Watched(customer="r.customer_id", silent=("number_index",))]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(main=True), name="one_main_document"
            ),
            sealed_or_empty("number", name="document_number_is_sealed"),
            sealed_or_empty("address", name="document_address_is_sealed"),
        ]

    def __str__(self) -> str:
        return self.get_type_display()


class Contact(models.Model):
    """联系人: another person than the customer (S40-7)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    position = models.CharField("职务", max_length=40, blank=True)
    main = models.BooleanField(default=True)

    class Meta:
        ordering = ["-main", "id"]
        triggers = [Watched(customer="r.customer_id", masked=("name", "phone"))]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(main=True), name="one_main_contact"
            ),
        ]

    def __str__(self) -> str:
        return self.name

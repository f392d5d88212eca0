from django.db import models
from django.db.models import F, Q

from bss.kernel.sealing import SealedTextField, sealed_or_empty
from bss.kernel.watched import Watched


class Medium(models.TextChoices):
    """通知方式: how an account is told."""

    SMS = "sms", "短信"
    EMAIL = "email", "邮件"


class Language(models.TextChoices):
    """通知语言: in which words."""

    CHINESE = "zh", "中文"
    ENGLISH = "en", "英文"


class NoticeAddress(models.Model):
    """通知地址: where an account is told; without a row its owner's main contact is, in Chinese."""

    account = models.OneToOneField(
        "billing.Account", on_delete=models.CASCADE, related_name="notice_address"
    )
    mobile = SealedTextField("通知手机", blank=True, key="account.owner.data_key_id")
    email = SealedTextField("通知邮箱", blank=True, key="account.owner.data_key_id")
    language = models.CharField(max_length=2, choices=Language, default=Language.CHINESE)

    class Meta:
        triggers = [
            Watched(customer="SELECT owner_id FROM billing_account WHERE id = r.account_id")
        ]
        constraints = [
            sealed_or_empty("mobile", name="notice_mobile_is_sealed"),
            sealed_or_empty("email", name="notice_email_is_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"


class MessageTemplate(models.Model):
    """通知模板: the words of one thing that is told; places in braces are filled in."""

    code = models.SlugField("编号", max_length=30)
    medium = models.CharField(max_length=5, choices=Medium)
    language = models.CharField(max_length=2, choices=Language)
    subject = models.CharField("主题", max_length=80, blank=True)
    body = models.TextField("正文", max_length=1000)

    class Meta:
        ordering = ["code", "medium", "-language"]
        triggers = [Watched()]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "medium", "language"], name="one_template_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.medium} {self.language}"


class Message(models.Model):
    """通知: one text on its way; written where it arises, sent by whoever claims it.

    The number is looked up when it is sent and kept masked; ``text`` is what was last sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已提交"
        DELIVERED = "delivered", "已送达"
        UNDELIVERED = "undelivered", "未送达"
        FAILED = "failed", "发送失败"
        CANCELLED = "cancelled", "不再需要"

    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="messages"
    )
    reminder = models.ForeignKey(
        "billing.Reminder", on_delete=models.CASCADE, null=True, related_name="messages"
    )
    template = models.SlugField(max_length=30)
    medium = models.CharField(max_length=5, choices=Medium)
    state = models.CharField(max_length=11, choices=State, default=State.WAITING)
    made_at = models.DateTimeField("业务时间")
    recipient = models.CharField("收件人(脱敏)", max_length=120, blank=True)
    text = models.TextField("内容", blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    rounds = models.PositiveSmallIntegerField("人工重发", default=0)
    retry_after = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField("提交时间", null=True, blank=True)
    settled_at = models.DateTimeField("回执时间", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                name="messages_to_send",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["account", "-id"], name="messages_of_an_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered", "undelivered"])
                | Q(sent_at__isnull=False),
                name="sent_message_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.medium} {self.account_id}"


class MessageAttempt(models.Model):
    """通知发送: one attempt; its row is committed before the gateway is spoken to.

    What has no outcome was cut off: nobody knows whether the gateway took it.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "已受理"
        REFUSED = "refused", "被拒绝"
        PUT_OFF = "put_off", "暂缓"
        UNKNOWN = "unknown", "结果不明"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    error = models.CharField(max_length=200, blank=True)
    gateway_id = models.CharField("网关编号", max_length=80, blank=True)
    receipt = models.CharField("回执", max_length=20, blank=True)
    receipt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["message", "number"]
        indexes = [
            models.Index(
                fields=["gateway_id"], name="attempts_by_gateway_id", condition=~Q(gateway_id="")
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="an_attempt_is_made_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="attempt_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}.{self.number}"

"""The password policy beyond what Django brings; switched on in the settings (S59-1)."""

from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bss.identity.models import PastPassword
from bss.kernel import clock
from bss.kernel.models import Staff


class LongEnough(MinimumLengthValidator):
    """Django's rule in our words."""

    def get_error_message(self) -> str:
        return _("密码太短，至少要 %(count)s 个字符。") % {"count": self.min_length}

    def get_help_text(self) -> str:
        return _("至少 %(count)s 个字符；一句只有自己知道的话最好记。") % {"count": self.min_length}


class NotLikeOneself(UserAttributeSimilarityValidator):
    """Django's rule in our words."""

    def get_error_message(self) -> str:
        return self.get_help_text()

    def get_help_text(self) -> str:
        return _("不能与自己的工号、姓名或电话相似。")


class NotCommon(CommonPasswordValidator):
    """Django's list of the 20,000 most common breached passwords."""

    def get_error_message(self) -> str:
        return _("这个密码在公开泄露的常用密码中，请换一个。")

    def get_help_text(self) -> str:
        return _("不能是公开泄露的常用密码。")


class NotUsedBefore:
    """The present password and the latest ``remembered`` are not taken again."""

    def __init__(self, remembered: int = 5) -> None:
        self.remembered = remembered

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        past = PastPassword.objects.filter(staff_id=user.pk).values_list("encoded", flat=True)
        known = {user.password, *past[: self.remembered]}
        if any(check_password(password, encoded) for encoded in known if encoded):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return _("不能与现用密码或最近 %(count)s 次用过的密码相同。") % {"count": self.remembered}

    def password_changed(self, password: str, user: Any = None) -> None:
        """Called by Django after a password has been saved, whoever changed it."""
        now = clock.real_now()
        PastPassword.objects.create(staff_id=user.pk, encoded=user.password, set_at=now)
        mine = PastPassword.objects.filter(staff_id=user.pk)
        kept = list(mine.values_list("pk", flat=True)[: self.remembered])
        mine.exclude(pk__in=kept).delete()
        Staff.objects.filter(pk=user.pk).update(password_set_at=now)
        user.password_set_at = now


class NoHouseWords:
    """The words that everybody here thinks of first do not make a password."""

    def __init__(self, words: tuple[str, ...] = ()) -> None:
        self.words = tuple(word.lower() for word in words)

    def validate(self, password: str, user: Any = None) -> None:
        found = next((word for word in self.words if word in password.lower()), None)
        if found is not None:
            raise ValidationError(
                _("密码不能包含“%(word)s”这样人人都会先想到的词。") % {"word": found},
                code="password_house_word",
            )

    def get_help_text(self) -> str:
        return _("不能包含公司、产品的名称或客服号码。")

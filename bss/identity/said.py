"""Sentences of sign-in that several places say."""

from django.utils.translation import gettext_lazy as _

WRONG = _("工号或密码不对。请检查后再试。")

# What django-allauth wants said, by the name of its own template.
DONE = {
    "mfa/messages/totp_activated.txt": _("验证器已启用，下次登录会问验证码。"),
    "mfa/messages/totp_deactivated.txt": _("验证器已停用。"),
    "mfa/messages/recovery_codes_generated.txt": _("恢复码已生成，请抄下来放在安全的地方。"),
    "mfa/messages/webauthn_added.txt": _("通行密钥已添加。"),
    "mfa/messages/webauthn_removed.txt": _("通行密钥已删除。"),
}

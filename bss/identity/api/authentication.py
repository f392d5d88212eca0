"""Who calls the open interface: another system by its interface number, or a person's program.

Whoever is recognised has a source (S85-2), and acts as a member of staff within bounds: an
interface as the person who answers for it, with no more than its scopes.
"""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from oauth2_provider.models import AccessToken
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from bss.identity.models import InterfaceNumber, PersonalToken
from bss.identity.rules.access_hours import is_from, is_open
from bss.kernel import access, clock
from bss.kernel.api.source import Source, come_from
from bss.kernel.callers import address_of
from bss.kernel.models import Staff

USE_IS_NOTED_EVERY = timedelta(minutes=1)
_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")


class InterfaceAuthentication(BaseAuthentication):
    """``Authorization: Bearer …``: a token got with an interface number and its secret.

    Source: S85-1, S85-2, S85-3. Raises: AuthenticationFailed for a token that is not, or no
    longer, good; PermissionDenied outside its hours and networks.
    """

    scheme = "Bearer"

    def authenticate(self, request: Request) -> tuple[Staff, AccessToken] | None:
        text = token_in(request, scheme=self.scheme)
        if text is None:
            return None
        token = _access_token(text)
        if token is None or token.is_expired() or not _for_here(token, request):
            raise AuthenticationFailed(_("令牌无效或已过期"))
        interface = token.application.interface
        check_interface(interface, address=address_of(request._request), at=clock.real_now())
        staff: Staff = interface.responsible
        granted = {"api.use", *(set(token.scope.split()) & set(interface.scopes))}
        access.bound(staff, frozenset(granted))
        come_from(request, Source(f"interface:{interface.number}", channel_code=interface.number))
        request._request.interface_number = interface.number  # type: ignore[attr-defined]
        note_use(InterfaceNumber, interface.pk, interface.last_used_at)
        return staff, token

    def authenticate_header(self, request: Request) -> str:
        return f'{self.scheme} realm="api"'


class PersonalTokenAuthentication(TokenAuthentication):
    """``Authorization: Token …``: a person's own token; it may what the person may."""

    def authenticate(self, request: Request) -> tuple[Staff, PersonalToken] | None:
        text = token_in(request, scheme=self.authenticate_header(request))
        if text is None:
            return None
        staff, token = self.authenticate_credentials(text.encode())
        come_from(request, Source(f"staff:{staff.username}", token_name=token.name))
        note_use(PersonalToken, token.pk, token.last_used_at)
        return staff, token

    def authenticate_credentials(self, token: bytes) -> tuple[Staff, PersonalToken]:
        """By its digest, in one query; an expired one stays on its owner's list."""
        text = token.decode()
        key = text[: CONSTANTS.TOKEN_KEY_LENGTH]
        found = (
            PersonalToken.objects.select_related("user")
            .filter(token_key=key, digest=hash_token(text))
            .first()
        )
        if found is None or (found.expiry and found.expiry < clock.real_now()):
            raise AuthenticationFailed(_("令牌无效或已过期"))
        if not found.user.is_active:
            raise AuthenticationFailed(_("工号已停用"))
        return found.user, found


def token_in(request: Request, *, scheme: str) -> str | None:
    """The token under this scheme; None when the header has another scheme or is not there.

    Raises: AuthenticationFailed for what no token can look like.
    """
    words = get_authorization_header(request).split()
    if not words or words[0].lower() != scheme.lower().encode():
        return None
    text = words[1].decode("latin-1") if len(words) == 2 else ""
    if not _TOKEN.fullmatch(text):
        raise AuthenticationFailed(
            _("Authorization 请求头的格式应为：%(scheme)s 令牌") % {"scheme": scheme}
        )
    return text


def check_interface(interface: InterfaceNumber, *, address: str, at: datetime) -> None:
    """Raises: AuthenticationFailed when it is closed; PermissionDenied by hour or place."""
    if interface.state != InterfaceNumber.State.OPEN or not interface.responsible.is_active:
        raise AuthenticationFailed(_("接口号已停用，或其负责人已不在用"))
    if not is_open(interface.hours, at=at):
        raise PermissionDenied(_("不在接口号的办理时间内"), code="S85-3")
    if not is_from(interface.networks, address=address):
        raise PermissionDenied(_("不是接口号登记的地址"), code="S85-1")


def note_use(model: Any, pk: Any, last: datetime | None) -> None:
    """When it was used last, to the minute: not a write for every call."""
    now = clock.real_now()
    if last is None or now - last >= USE_IS_NOTED_EVERY:
        model.objects.filter(pk=pk).update(last_used_at=now)


def _access_token(text: str) -> AccessToken | None:
    found: AccessToken | None = (
        AccessToken.objects.select_related("application__interface__responsible")
        .filter(
            token_checksum=hashlib.sha256(text.encode()).hexdigest(),
            application__interface__isnull=False,
        )
        .first()
    )
    return found


def _for_here(token: AccessToken, request: Request) -> bool:
    return bool(token.allows_audience(request._request.build_absolute_uri(request.path)))

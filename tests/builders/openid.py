"""Another house that signs people in: an OpenID Connect provider on this machine.

Small, but strict where it matters: one client with its secret, PKCE, codes that work once.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "wo-bss", "only-for-tests"


class House(ThreadingHTTPServer):
    """Whoever comes is ``person``: the claims this house makes of them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.person: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def a_house() -> Iterator[House]:
    house = House()
    thread = Thread(target=house.serve_forever, daemon=True)
    thread.start()
    try:
        yield house
    finally:
        house.shutdown()
        house.server_close()
        thread.join()


def app_of(house: House) -> dict[str, Any]:
    """What ``SOCIALACCOUNT_PROVIDERS`` says of it."""
    settings = {"server_url": house.issuer, "oauth_pkce_enabled": True}
    return {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "house",
                    "name": "省公司门户",
                    "client_id": CLIENT,
                    "secret": SECRET,
                    "settings": settings,
                }
            ]
        }
    }


class _Answers(BaseHTTPRequestHandler):
    server: House

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        if place.path == "/.well-known/openid-configuration":
            return self._say(self._configuration())
        if place.path == "/authorize":
            return self._send_back(asked)
        if place.path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            return self._say(self.server.person, 200 if token in self.server.tokens else 401)
        return self._say({}, 404)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        sent = {n: v[0] for n, v in parse_qs(self.rfile.read(length).decode()).items()}
        asked = self.server.codes.pop(sent.get("code", ""), None)
        if asked is None or not self._is_the_client(sent) or not _proves(asked, sent):
            return self._say({"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe()
        self.server.tokens.add(token)
        return self._say(
            {"access_token": token, "token_type": "Bearer", "id_token": self._id_token()}
        )

    def _send_back(self, asked: dict[str, str]) -> None:
        code = secrets.token_urlsafe()
        self.server.codes[code] = asked
        self.send_response(302)
        back = urlencode({"code": code, "state": asked["state"]})
        self.send_header("Location", f"{asked['redirect_uri']}?{back}")
        self.end_headers()

    def _is_the_client(self, sent: dict[str, str]) -> bool:
        return (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.server.issuer, "aud": CLIENT, "iat": now, "exp": now + 60}
        return jwt.encode({**claims, **self.server.person}, self.server.key, "RS256")

    def _configuration(self) -> dict[str, Any]:
        at = self.server.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo",
            "jwks_uri": f"{at}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _say(self, what: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Silent."""


def _proves(asked: dict[str, str], sent: dict[str, str]) -> bool:
    """PKCE: only who began may finish."""
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return asked.get("code_challenge") == challenge

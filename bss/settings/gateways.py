"""Online gateways: where their credentials lie, and where the world reaches this house."""

import os

from bss.embedded import places

# alipay.json and wechat.json (docs/operations.md); the local simulator writes its own there.
GATEWAYS_DIR: str = os.environ.get("GATEWAYS_DIR") or str(places.current().secrets / "gateways")
# What gateways send their notifications to begins with this.
PUBLIC_URL = os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
# How long a QR code can be paid.
QR_VALID_MINUTES = 15

"""A QR code as a picture that stands in the page itself."""

from base64 import b64encode
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathFillImage


def qr_picture(text: str) -> str:
    """An SVG of black on white, whatever the theme: cameras need it so."""
    image = qrcode.make(text, image_factory=SvgPathFillImage, box_size=10, border=4)
    written = BytesIO()
    image.save(written)
    return f"data:image/svg+xml;base64,{b64encode(written.getvalue()).decode()}"

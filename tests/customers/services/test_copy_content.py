"""What is kept of a picture or PDF: what it shows and nothing else."""

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from bss.kernel.errors import BadInputError
from customers.services import copy_content
from customers.services.copy_content import read_copy


def a_picture(size: tuple[int, int] = (320, 200), *, kind: str = "JPEG", **more: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **more)
    return written.getvalue()


def a_pdf(*, pages: int = 1, script: bool = False, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=120)
    if script:
        alert = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
        action = DictionaryObject({NameObject(key): value for key, value in alert.items()})
        on_open = DictionaryObject({NameObject("/O"): action})
        writer.pages[0][NameObject("/AA")] = on_open
        writer.add_attachment("more.exe", b"MZ")
    if password:
        writer.encrypt(password)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_a_plain_jpeg(kind: str) -> None:
    kept = read_copy(a_picture(kind=kind))

    picture = Image.open(BytesIO(kept.content))
    assert (kept.content_type, picture.format, picture.size) == ("image/jpeg", "JPEG", (320, 200))


def test_where_and_with_what_it_was_photographed_is_left_behind() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x0112] = 6  # turned by 90 degrees
    taken = a_picture(exif=exif) + b"<script>alert(1)</script>"

    kept = read_copy(taken).content

    assert b"A camera" in taken
    assert b"A camera" not in kept
    assert b"script" not in kept
    assert Image.open(BytesIO(kept)).size == (200, 320)
    assert dict(Image.open(BytesIO(kept)).getexif()) == {}


def test_a_large_picture_is_kept_at_a_size_to_read() -> None:
    kept = read_copy(a_picture((4000, 1000)))

    assert Image.open(BytesIO(kept.content)).size == (2000, 500)


def test_a_pdf_keeps_its_pages_and_no_script() -> None:
    given = a_pdf(pages=2, script=True)
    kept = read_copy(given)

    assert b"/JavaScript" in given
    again = PdfReader(BytesIO(kept.content))
    assert (kept.content_type, len(again.pages)) == ("application/pdf", 2)
    assert b"/JavaScript" not in kept.content
    assert b"more.exe" not in kept.content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"GIF89a not one of ours", "不是可用的图片或 PDF"),
        (a_picture()[:200], "不是可用的图片或 PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是可用的图片或 PDF"),
        (b"%PDF-1.7 and nothing else", "PDF 已损坏"),
        (a_pdf(password="hidden"), "PDF 有密码"),
        (a_pdf(pages=11), "PDF 超过 10 页"),
    ],
    ids=["gif", "cut", "svg", "broken", "locked", "long"],
)
def test_what_is_not_a_usable_copy_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        read_copy(content)


def test_too_much_is_refused_before_it_is_opened() -> None:
    with pytest.raises(BadInputError, match="文件超过 10 MB"):
        read_copy(b"\xff" * (copy_content.BYTES_AT_MOST + 1))
    bomb = a_picture((9000, 7000), kind="PNG")
    assert len(bomb) < 500_000
    with pytest.raises(BadInputError, match="图片尺寸过大"):
        read_copy(bomb)

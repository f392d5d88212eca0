"""What may be kept as a copy of a document: pictures and PDFs, rewritten from what they show.

Whatever else a file carries (the place where it was photographed, scripts, attachments, another
file behind the picture) is left behind, because nothing but the pixels and pages is written anew.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from bss.kernel.errors import BadInputError, Sentence

BYTES_AT_MOST = 10_000_000
PIXELS_AT_MOST = 60_000_000
PAGES_AT_MOST = 10
EDGE_PX = 2000
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
PDF, JPEG = "application/pdf", "image/jpeg"
ACTIVE = ("/AA", "/Annots", "/B", "/Metadata", "/PieceInfo")


@dataclass(frozen=True, slots=True)
class CopyContent:
    """A copy as it will be kept."""

    content_type: str
    content: bytes


def read_copy(content: bytes) -> CopyContent:
    """The file checked by what is in it, not by its name. Raises: BadInputError."""
    if len(content) > BYTES_AT_MOST:
        limit = BYTES_AT_MOST // 1_000_000
        raise _refused(Sentence("文件超过 %(limit)s MB，请压缩后再上传。", limit=limit))
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return CopyContent(PDF, _rewritten_pdf(content))
    return CopyContent(JPEG, _rewritten_picture(content))


def _rewritten_picture(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            Image.open(BytesIO(content), formats=FORMATS).verify()
            picture = Image.open(BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > PIXELS_AT_MOST:
            raise _refused("图片尺寸过大，请缩小后再上传。")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused("不是可用的图片或 PDF，请重新拍照，或换 JPEG、PNG、PDF 文件。") from error
    upright.thumbnail((EDGE_PX, EDGE_PX))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    written = BytesIO()
    plain.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def _rewritten_pdf(content: bytes) -> bytes:
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise _refused("PDF 有密码，请换没有密码的文件。")
        if len(reader.pages) > PAGES_AT_MOST:
            raise _refused(
                Sentence("PDF 超过 %(limit)s 页，请只上传证件的页。", limit=PAGES_AT_MOST)
            )
        writer = PdfWriter()
        for page in reader.pages:
            for name in ACTIVE:
                page.pop(name, None)
            writer.add_page(page)
        written = BytesIO()
        writer.write(written)
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refused("PDF 已损坏，请重新扫描。") from error
    return written.getvalue()


def _refused(sentence: str) -> BadInputError:
    return BadInputError(("copy", sentence))

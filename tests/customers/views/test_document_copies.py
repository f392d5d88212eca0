"""A document photographed at the counter: kept sealed, shown for a reveal alone."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from bss.kernel.models import AuditEntry
from customers.models import Customer, DocumentCopy
from tests.builders.staff import a_staff
from tests.customers.views.test_record_pages import RECORD

pytestmark = pytest.mark.django_db


def a_photo(name: str = "front.jpg", *, content: bytes = b"") -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (64, 40), "teal").save(written, "JPEG")
    return SimpleUploadedFile(name, content or written.getvalue(), content_type="image/jpeg")


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(a_staff("supervisor"))
    return client


def registered(clerk: Client) -> Customer:
    answer = clerk.post("/customers/new", RECORD | {"copy_front": a_photo()})
    assert answer.status_code == 302
    return Customer.objects.get()


def test_a_photo_at_registration_is_kept_sealed(clerk: Client) -> None:
    customer = registered(clerk)

    copy = DocumentCopy.objects.get()
    assert (copy.document.customer, copy.side, copy.content_type) == (
        customer,
        "front",
        "image/jpeg",
    )
    assert copy.address.startswith("data:image/jpeg;base64,/9j/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM customers_documentcopy")
        assert cursor.fetchone()[0].startswith("k1.")
    assert AuditEntry.objects.filter(action="customer.copy_document").count() == 1


def test_a_copy_is_named_at_once_and_shown_for_a_reason_alone(clerk: Client) -> None:
    customer = registered(clerk)

    masked = clerk.get(f"/customers/{customer.code}").content.decode()
    shown = clerk.post(
        f"/customers/{customer.code}/reveal", {"reason": "identity", "note": "核对营业执照原件"}
    )

    assert "证件影像" in masked
    assert "data:image/jpeg" not in masked
    assert "data:image/jpeg;base64,/9j/" in shown.content.decode()


def test_what_is_no_picture_is_refused_with_the_rest_and_nobody_is_registered(
    clerk: Client,
) -> None:
    answer = clerk.post("/customers/new", RECORD | {"copy_back": a_photo(content=b"MZ program")})

    assert answer.status_code == 422
    assert "不是可用的图片或 PDF" in answer.content.decode()
    assert not Customer.objects.exists()


def test_a_correction_adds_the_other_side_and_the_same_photo_is_kept_once(clerk: Client) -> None:
    customer = registered(clerk)
    again = {"area": customer.area, "document_type": "business_license", "name": customer.name}

    for _time in range(2):
        photos = {"copy_front": a_photo(), "copy_back": a_photo("back.jpg")}
        assert clerk.post(f"/customers/{customer.code}/correct", again | photos).status_code == 302

    sides = DocumentCopy.objects.order_by("pk").values_list("side", flat=True)
    assert list(sides) == ["front", "back"]

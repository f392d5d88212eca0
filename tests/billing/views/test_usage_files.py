import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import UsageFile
from billing.views import forms
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

ADDRESS = "/billing/months/2026-10/usage"


@pytest.fixture
def operator(client):
    client.force_login(a_staff("batch_operator"))
    return client


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x14\x00\x00\x00", b"a,b\n\x00"]
)
def test_a_file_is_judged_by_its_content(operator, content):
    file = SimpleUploadedFile("usage.csv", content, content_type="text/csv")

    answer = operator.post(ADDRESS, {"file": file})

    assert answer.status_code == 422
    assert "这不是 CSV，也不是 gzip 压缩的 CSV，请核对文件" in answer.text
    assert not UsageFile.objects.exists()


def test_a_file_that_is_too_large_is_refused(operator, monkeypatch):
    monkeypatch.setattr(forms, "UPLOAD_AT_MOST", 1_000_000)
    file = SimpleUploadedFile("usage.csv", b"0" * 1_000_001)

    answer = operator.post(ADDRESS, {"file": file})

    assert answer.status_code == 422
    assert "文件最大 1 MB，请压缩或分成几个" in answer.text
    assert not UsageFile.objects.exists()

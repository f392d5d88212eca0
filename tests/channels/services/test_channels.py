import pytest

from bss.kernel.rulebook import RefusedError
from channels.services.channels import register_channel, require_source, the_channel
from tests.channels.somewhere import a_channel, an_organisation

pytestmark = pytest.mark.django_db


def test_an_active_channel_is_a_source():
    channel = a_channel(code="HALL-07")
    assert the_channel("HALL-07") == channel
    assert require_source(channel_id=channel.pk) == channel


@pytest.mark.parametrize("code", ["", None])
def test_business_without_a_channel_is_refused(code):
    with pytest.raises(RefusedError) as caught:
        the_channel(code)
    assert [str(r) for r in caught.value.refusals] == [
        "S85-2 没有受理渠道，请选择营业厅、代理商或接口后再提交"
    ]


def test_an_unknown_channel_is_refused_with_its_code():
    with pytest.raises(RefusedError) as caught:
        the_channel("NOWHERE")
    assert caught.value.rules == ["S85-2"]
    assert caught.value.refusals[0].text == "受理渠道 NOWHERE 未登记，请核对接口编号"


def test_a_closed_channel_is_refused_with_its_name():
    channel = a_channel(code="HALL-09", name="东四营业厅", active=False)
    with pytest.raises(RefusedError) as caught:
        the_channel("HALL-09")
    assert caught.value.refusals[0].text == (
        "受理渠道 HALL-09（东四营业厅）已停用，请换一个在用的渠道"
    )
    with pytest.raises(RefusedError):
        require_source(channel_id=channel.pk)


@pytest.mark.parametrize("channel_id", [None, 987654])
def test_a_key_of_no_channel_is_refused(channel_id):
    with pytest.raises(RefusedError) as caught:
        require_source(channel_id=channel_id)
    assert caught.value.rules == ["S85-2"]


def test_registering_a_code_again_corrects_the_row():
    first = a_channel(code="HALL-01", name="旧名")
    second = register_channel(
        code="HALL-01", name="新名", kind="dealer", organisation_id=an_organisation().pk
    )
    assert (second.pk, second.name, second.kind) == (first.pk, "新名", "dealer")

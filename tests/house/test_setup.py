import gettext
import re
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo

from bss.embedded.places import CHECKOUT
from bss.embedded.setup import stamps
from bss.embedded.setup.translations import merged, sources

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def language(tmp_path):
    for directory in ("LC_MESSAGES", "parts"):
        (tmp_path / "en" / directory).mkdir(parents=True)
    return tmp_path / "en"


def write(path, *pairs):
    path.write_text(HEADER + "\n".join(f'msgid "{a}"\nmsgstr "{b}"\n' for a, b in pairs))


def translate(language, words):
    catalogue, contradictions = merged(sources(language), locale="en")
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return gettext.GNUTranslations(file).gettext(words), contradictions


def test_parts_of_all_areas_become_one_catalogue(language):
    write(language / "LC_MESSAGES" / "django.po", ("首页", "Home"))
    write(language / "parts" / "billing.po", ("帐单", "Bill"))
    write(language / "parts" / "orders.po", ("订单", "Order"))

    assert [translate(language, words)[0] for words in ("首页", "帐单", "订单")] == [
        "Home",
        "Bill",
        "Order",
    ]


def test_contradicting_parts_are_named_and_the_first_wins(language):
    write(language / "parts" / "billing.po", ("取消", "Cancel"))
    write(language / "parts" / "orders.po", ("取消", "Withdraw"))

    assert translate(language, "取消") == ("Cancel", ["orders.po: '取消': 'Cancel' is kept"])


def test_stamp_is_fresh_until_its_source_changes(tmp_path):
    source, stamp = tmp_path / "lock", tmp_path / "made" / ".stamp"
    source.write_text("one")
    digest = stamps.digest_of(source)
    assert not stamps.is_fresh(stamp, digest)

    stamps.write(stamp, digest)
    assert stamps.is_fresh(stamp, digest)

    source.write_text("two")
    assert not stamps.is_fresh(stamp, stamps.digest_of(source))


def pins(lock):
    text = (CHECKOUT / "requirements" / lock).read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.M))


def test_development_lock_contains_the_runtime_lock():
    runtime, develop = pins("runtime.lock"), pins("develop.lock")

    assert {name: develop.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", ["runtime.lock", "develop.lock"])
def test_every_pinned_package_carries_its_hash(lock):
    text = (CHECKOUT / "requirements" / lock).read_text()

    blocks = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.M)[1:]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []

"""Every act that the audit may hold is written in words."""

import re
from pathlib import Path

from django.apps import apps

from bss.kernel.watched import Watched
from bss.oversight.rules.audit_words import NOUNS, VERBS, parts_of

ROOT = Path(__file__).resolve().parents[3]
APPS = ("bss", "customers", "channels", "packages_wo", "billing", "orders", "complaints")
RECORDED = re.compile(r'action="(\w+)\.(\w+)"')


def test_every_act_that_the_source_records_has_its_words():
    acts = {
        act
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for act in RECORDED.findall(path.read_text("utf-8"))
    }
    assert len(acts) >= 30
    assert sorted({noun for noun, _ in acts} - set(NOUNS)) == []
    assert sorted({verb for _, verb in acts} - set(VERBS)) == []


def test_every_watched_table_has_its_word():
    watched = {
        model._meta.model_name
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", ())
        if isinstance(trigger, Watched)
    }
    assert len(watched) >= 10
    assert sorted(watched - set(NOUNS)) == []


def test_what_has_no_word_is_shown_as_it_is():
    assert parts_of("comet.seen") == ("comet", "seen")
    assert parts_of("credit_run") == ("信控", "")

"""The columns against the pure rule: random months on every combination of the catalogue."""

from dataclasses import replace

import numpy as np
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.batch.advice.bundles import read_terms_on
from billing.batch.advice.choices import by_vpn, choice_of, kept
from billing.batch.advice.cost import beyond_vpn
from billing.batch.advice.use import read_use
from billing.rules.advice import SHARED_ITEMS, usage_fen
from billing.rules.usage_record import read_record
from packages_wo.rules.combinations import combinations
from tests.billing.batch.usage.test_kernel import BUNDLE_OF, RECORDS, PureTwin, load, numbered
from tests.builders.tariffs import a_corrected_catalogue
from tests.builders.usage import LOADED_AT, OCTOBER, an_operator

ODD_PRICE = "0.1437"
"""No whole fen a minute, so that the rounding of every line shows."""
FEW_TIERS = {
    56: {"minutes": 5, "vpn_minutes": 0},
    106: {"minutes": 40, "vpn_minutes": 30},
    206: {"minutes": 75, "vpn_minutes": 61},
}
NAMES = ("b1", "b2")


class TestAgainstThePureRule(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.operator = an_operator()
        a_corrected_catalogue(
            at=LOADED_AT,
            bundles={"basic": {"tiers": FEW_TIERS}, "overflow_per_minute": ODD_PRICE},
            packs={"MIN-300": {"minutes": 30, "max": 3}},
        )
        cls.twin = PureTwin(cls.operator)
        cls.bundles = np.array([cls.operator.bundles[name].pk for name in NAMES])

    def expected(self, rows, *, bundle, pool_minutes, vpn_minutes):
        """What the rule makes of the lines that share minutes, information fees aside."""
        records = []
        for row in rows:
            record = read_record(row, at=LOADED_AT)
            name = self.twin.names[record.service_number]
            basis = self.twin._basis(record)
            if basis and BUNDLE_OF.get(name, ("",))[0] == bundle and basis.item in SHARED_ITEMS:
                records.append((name, replace(basis, info_fee_hao=0)))
        return usage_fen(records, bundle=bundle, pool_minutes=pool_minutes, vpn_minutes=vpn_minutes)

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )
    @given(records=st.lists(RECORDS, min_size=1, max_size=40), large=st.booleans())
    def test_every_combination_costs_what_the_rule_says(self, records, large) -> None:
        rows = numbered(records)
        load(rows, name="october", at=LOADED_AT, is_large=large)
        catalogue = self.twin.catalogue
        hao = catalogue.overflow_per_minute_hao
        terms, packs = read_terms_on(OCTOBER.first_day, self.bundles)
        beside = kept(packs, catalogue)

        use = read_use(OCTOBER, self.bundles, overflow_hao=hao)
        choices = combinations(catalogue, offering="basic")
        options = [
            choice_of(one, offering="basic", is_b=terms.is_b, beside=beside, catalogue=catalogue)
            for one in choices
        ]
        assert len(choices) == 4 * (3 + 1)

        for numbers in by_vpn(options).values():
            vpn = options[numbers[0]].vpn_minutes
            beyond = beyond_vpn(use, vpn, overflow_hao=hao)
            pools = [options[number].pool_minutes for number in numbers]
            found = beyond.usage_fen(pools, overflow_hao=hao)
            for pool, fen in zip(pools, found, strict=True):
                assert fen.tolist() == [
                    self.expected(
                        rows,
                        bundle=name,
                        pool_minutes=int(pool[place]),
                        vpn_minutes=None if vpn[place] < 0 else int(vpn[place]),
                    )
                    for place, name in enumerate(NAMES)
                ]

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT bundle_id, sum(quantity), sum(quantity - vpn_minutes - drawn_units)"
                " FROM billing_record WHERE way IN (5, 7, 11, 12, 13) GROUP BY bundle_id"
            )
            used = {bundle: (asked, beyond) for bundle, asked, beyond in cursor.fetchall()}
        assert list(zip(use.minutes.tolist(), use.beyond.tolist(), strict=True)) == [
            used.get(bundle, (0, 0)) for bundle in self.bundles.tolist()
        ]

"""Shards of whole bundles, in the order of subscriptions."""

from dataclasses import fields

import numpy as np
import pyarrow as pa

from billing.batch.usage.ask import Asked
from billing.batch.usage.found import Places
from billing.batch.usage.intake import places_of
from billing.batch.usage.pending import PLACES, Pending, Placed, Sheaves
from billing.batch.usage.terms import Callers


def callers(subscription: list[int], bundle: list[int]) -> Callers:
    nothing = np.zeros(len(subscription), np.int64)
    given = dict.fromkeys((field.name for field in fields(Callers)), nothing)
    given |= {"subscription": np.array(subscription), "bundle": np.array(bundle)}
    return Callers(**given | {"places": Places(given["subscription"])})


def test_callers_stand_by_subscription_and_a_bundles_members_where_the_first_of_them_does():
    places = places_of(callers([40, 10, 30, 20], [7, 0, 0, 7]))

    assert (places.astype(np.int64) * 4 // PLACES).tolist() == [1, 0, 3, 1]
    assert places_of(callers([], [])).tolist() == []


def test_every_shard_has_the_records_whose_places_lie_in_it():
    place = np.array([0, 1, PLACES // 3, PLACES // 3 + 1, PLACES - 1], np.uint16)
    nothing = np.zeros(len(place), np.int64)
    records = Pending(
        Placed(**dict.fromkeys(Placed.names(), nothing) | {"line_no": np.arange(len(place))}),
        Asked(**dict.fromkeys(Asked.names(), nothing)),
        pa.array(["line"] * len(place)),
    )
    sheaves = Sheaves(3)

    sheaves.add(records, place)

    assert [shard.placed.line_no.tolist() for shard in sheaves] == [[0, 1, 2], [3], [4]]

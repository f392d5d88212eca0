"""Advice written down in place of what was there; who has none any more is not in it."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from billing.batch.advice.advise import Advice
from billing.batch.usage.words import Ints
from billing.models import BundleAdvice

KEEP = """
INSERT INTO billing_bundleadvice (
    bundle_id, months, scheme, tier, packs, cost_fen, best_tier, best_packs, best_fen, saving_fen,
    options, history, signs, risk, advised_at
)
SELECT bundle_id, ARRAY(SELECT jsonb_array_elements_text(months))::date[], scheme, tier, packs,
    cost_fen, best_tier, best_packs, best_fen, saving_fen, options, history, signs, risk, %(at)s
FROM jsonb_to_recordset(%(rows)s) AS fresh (
    bundle_id bigint, months jsonb, scheme text, tier int, packs jsonb, cost_fen bigint,
    best_tier int, best_packs jsonb, best_fen bigint, saving_fen bigint, options jsonb,
    history jsonb, signs jsonb, risk int
)
ON CONFLICT (bundle_id) DO UPDATE SET (
    months, scheme, tier, packs, cost_fen, best_tier, best_packs, best_fen, saving_fen, options,
    history, signs, risk, advised_at
) = ROW (
    excluded.months, excluded.scheme, excluded.tier, excluded.packs, excluded.cost_fen,
    excluded.best_tier, excluded.best_packs, excluded.best_fen, excluded.saving_fen,
    excluded.options, excluded.history, excluded.signs, excluded.risk, excluded.advised_at
)
"""
AT_ONCE = 5_000


def keep(found: Iterable[Advice], *, bundles: Ints, at: datetime) -> int:
    """Replace the advice of these bundles (ids); how many have one now."""
    rows = [_row(one) for one in found]
    for first in range(0, len(rows), AT_ONCE):
        with connection.cursor() as cursor:
            part = json.dumps(rows[first : first + AT_ONCE])
            cursor.execute(KEEP, {"rows": part, "at": at})
    kept = {row["bundle_id"] for row in rows}
    gone = [bundle for bundle in bundles.tolist() if bundle not in kept]
    BundleAdvice.objects.filter(bundle__in=gone).delete()
    return len(rows)


def _row(one: Advice) -> dict[str, object]:
    return {
        "bundle_id": one.bundle_id,
        "months": one.months,
        "scheme": one.scheme,
        "tier": one.now.tier,
        "packs": one.now.packs,
        "cost_fen": one.cost_fen,
        "best_tier": one.best.tier,
        "best_packs": one.best.packs,
        "best_fen": one.best_fen,
        "saving_fen": one.saving_fen,
        "options": one.options,
        "history": one.history,
        "signs": [[found.sign, found.figures] for found in one.signs],
        "risk": one.risk,
    }

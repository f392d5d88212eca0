"""The sample catalogue's numbers, callers and prices, as the golden tables of rating use them."""

from dataclasses import dataclass, field
from datetime import datetime

from billing.rules.numbers import NumberPlan
from billing.rules.rating_facts import Caller, Membership, Subscriber
from billing.rules.tariffs import BlockPrice, Tariff
from billing.rules.usage_record import UsageRecord
from bss.kernel.periods import BUSINESS_ZONE

NUMBER_PLAN = NumberPlan(
    free=("110", "119", "120", "122", "10010", "10019"),
    service_prefixes=("1", "9"),
    service_max_digits=8,
    ten_digit_service=("400",),
    hmt=("00852", "00853", "00886"),
    international=("00",),
    access_codes=("17909", "17911", "193", "196"),
    toll_free_prefix="800",
    home_areas={"010": "北京", "021": "上海", "022": "天津"},
)


def blocks(first_s: int, first_hao: int, next_s: int | None = None, next_hao: int | None = None):
    return BlockPrice(
        first_s=first_s,
        first_hao=first_hao,
        next_s=next_s or first_s,
        next_hao=first_hao if next_hao is None else next_hao,
    )


FIXED_STD = Tariff(
    voice={
        "local": blocks(180, 2200, 60, 1100),
        "domestic": blocks(6, 700),
        "service": blocks(180, 2200, 60, 1100),
        "hmt": blocks(6, 2000),
        "international": blocks(6, 8000),
    }
)
M2G_STD = Tariff(
    voice={
        "local": blocks(60, 4000),
        "domestic": blocks(60, 6000),
        "service": blocks(60, 4000),
        "hmt": blocks(60, 15000),
        "international": blocks(60, 60000),
        "forward": blocks(60, 1000),
        "roaming_mo": blocks(60, 6000),
        "roaming_mt": blocks(60, 4000),
        "roaming_hmt": blocks(60, 30000),
        "roaming_international": blocks(60, 120000),
    },
    sms_hao=1000,
    data_kb_hao=10,
)
M3G = Tariff(
    voice={
        "local": blocks(60, 1500),
        "domestic": blocks(60, 1500),
        "service": blocks(60, 1500),
        "forward": blocks(60, 1500),
        "hmt": blocks(60, 15000),
        "international": blocks(60, 60000),
        "roaming_hmt": blocks(60, 30000),
        "roaming_international": blocks(60, 120000),
    },
    sms_hao=1000,
    data_kb_hao=3,
)


def in_bundle(*, shares_pool: bool, pool: int = 350, vpn: int | None = 300) -> Membership:
    return Membership(
        bundle="b1",
        shares_pool=shares_pool,
        pool_minutes=pool,
        vpn_minutes=vpn,
        vpn_3g_minutes=1000,
        overflow_hao=1500,
    )


POOLED_FIXED = Caller(
    subscription="f1",
    service="fixed",
    area="010",
    tariff=FIXED_STD,
    membership=in_bundle(shares_pool=True),
)
POOLED_2G = Caller(
    subscription="m1",
    service="m2g",
    area="010",
    tariff=M2G_STD,
    membership=in_bundle(shares_pool=True),
)
VPN_ONLY_2G = Caller(
    subscription="m2",
    service="m2g",
    area="010",
    tariff=M2G_STD,
    membership=in_bundle(shares_pool=False),
)
MEMBER_3G = Caller(
    subscription="w1",
    service="m3g",
    area="010",
    tariff=M3G,
    minutes=240,
    data_kb=307200,
    membership=in_bundle(shares_pool=False),
)
LONE_FIXED = Caller(subscription="f9", service="fixed", area="010", tariff=FIXED_STD)
LONE_2G = Caller(subscription="m9", service="m2g", area="010", tariff=M2G_STD)
MODULAR_2G = Caller(subscription="m8", service="m2g", area="010", tariff=M2G_STD, minutes=120)
LONE_3G = Caller(
    subscription="w9", service="m3g", area="010", tariff=M3G, minutes=240, data_kb=307200, sms=2
)
BROADBAND = Caller(subscription="n1", service="broadband", area="010", tariff=Tariff())


@dataclass(frozen=True)
class KnownNumbers:
    subscribers: dict[str, Subscriber] = field(
        default_factory=lambda: {
            "01062000001": Subscriber(area="010", bundle="b1"),
            "13011112222": Subscriber(area="010", bundle="b1"),
            "18611112222": Subscriber(area="010", bundle="b1"),
            "13011114444": Subscriber(area="021", bundle="b1"),
            "13011115555": Subscriber(area="010", bundle=None),
            "02166660009": Subscriber(area="021", bundle="b1"),
        }
    )
    places: dict[str, str] = field(
        default_factory=lambda: {"1391012": "北京市", "1316222": "上海市", "1880220": "天津"}
    )

    def subscriber(self, number: str) -> Subscriber | None:
        return self.subscribers.get(number)

    def segment_place(self, segment: str) -> str | None:
        return self.places.get(segment)


DIRECTORY = KnownNumbers()


def a_record(record_id: str = "r1", **fields) -> UsageRecord:
    values = {
        "record_id": record_id,
        "service_number": "01062000001",
        "call_type": "mo",
        "other_number": "01088880001",
        "start_at": datetime(2026, 10, 5, 9, tzinfo=BUSINESS_ZONE),
        "duration_s": 60,
        "visited_area": "",
        "volume_kb": 0,
        "info_fee_hao": 0,
    }
    return UsageRecord(**{**values, **fields})

"""The product catalogue, typed: what the operator sells, at which price, with which allowances.

Everything here is data of ``catalogue.yaml`` (``catalogue_document.parse_catalogue`` reads it); the
rules that decide by it are elsewhere.
Units: prices and fees in fen, unit prices of usage in hao, as the names say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bss.kernel.units import Fen, Hao

UNLIMITED = None
"""VPN minutes without a limit (as in Beijing)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The first ``first_s`` seconds cost ``first_hao``, then every started ``next_s`` more."""

    first_s: int
    first_hao: Hao
    next_s: int
    next_hao: Hao


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """资费: prices outside every allowance, by kind of call (RAT-13), texts and data (RAT-16)."""

    code: str
    rates: Mapping[str, Rate]
    sms_hao: Hao | None = None
    data_kb_hao: Hao | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """单产品套餐: what one subscription pays and gets by itself."""

    code: str
    service: str
    monthly_fen: Fen
    first_month: str
    tariff: str = ""
    kind: str = ""
    minutes: int = 0
    data_kb: int = 0
    sms: int = 0
    speed_kbps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """档位: scheme A's price and allowances; ``vpn_minutes`` None is unlimited."""

    code: int
    monthly_fen: Fen
    minutes: int
    vpn_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberNeeds:
    """Which services a scheme's base members are (ELG-8)."""

    required: frozenset[str]
    optional: frozenset[str]
    one_or_more_of: frozenset[str]

    @property
    def allowed(self) -> frozenset[str]:
        return self.required | self.optional | self.one_or_more_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """融合套餐产品: an edition with its schemes A and B and its tiers."""

    code: str
    name: str
    members_a: MemberNeeds
    members_b: MemberNeeds
    includes_vas: tuple[str, ...]
    tiers: Mapping[int, Tier]
    broadband_kbps: int | None = None

    def needs(self, scheme: str) -> MemberNeeds:
        return self.members_b if scheme == "B" else self.members_a


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """加装包: what a bundle can add for a monthly fee, at most ``max`` of it."""

    code: str
    name: str
    monthly_fen: Fen
    max: int
    adds_terminal: tuple[str, ...] = ()
    minutes: int = 0
    needs: str = ""
    speed_kbps: int | None = None
    static_ip: bool = False
    roaming_discount: bool = False

    @property
    def shares_minutes(self) -> bool:
        """Whether its terminal draws on the pool (TERM-SHARE), or is in the VPN only (TERM-VPN)."""
        return bool(self.adds_terminal) and self.minutes > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPlan:
    """号码分析表: what the number analysis of rules.md, section 6, looks up."""

    free: tuple[str, ...]
    service_prefixes: tuple[str, ...]
    service_max_digits: int
    ten_digit_service: tuple[str, ...]
    hmt: tuple[str, ...]
    international: tuple[str, ...]
    access_codes: tuple[str, ...]
    toll_free_prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """One-off and recurring fees outside plans."""

    hold_monthly_fen: Mapping[str, Fen]
    install_fen: Mapping[str, Fen]
    sim_replacement_fen: Fen
    number_change_fen: Fen
    transfer_fen: Fen
    breach_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxCategories:
    """From a day on, the tax category of each kind of charge (BIL-4)."""

    valid_from: date
    category: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """Percent by category; the category of a kind of charge by date, oldest first (BIL-4)."""

    percent: Mapping[str, int]
    categories: tuple[TaxCategories, ...]

    def percent_of(self, kind: str, *, on: date) -> int:
        """The rate of ``voice``, ``sms``, ``info_fee``… on a day; the oldest table reaches back."""
        table = self.categories[0]
        for later in self.categories[1:]:
            if later.valid_from <= on:
                table = later
        return self.percent[table.category[kind]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """产品目录: one whole version of it."""

    version: str
    home_areas: Mapping[str, str]
    number_plan: NumberPlan
    tariffs: Mapping[str, Tariff]
    plans: Mapping[str, Plan]
    vas: Mapping[str, frozenset[str]]
    offerings: Mapping[str, Offering]
    aliases: Mapping[str, str]
    scheme_b_percent: int
    overflow_per_minute_hao: Hao
    vpn_3g_minutes: int
    packs: Mapping[str, Pack]
    fees: Fees
    suspended_month: str
    tax: Tax
    stand_alone_monthly_fen: Mapping[str, Fen]

    def offering(self, code: str) -> Offering:
        """The offering of this code, or of this other name that it is sold under.

        Raises: KeyError.
        """
        return self.offerings[self.aliases.get(code, code)]

    def products_for(self, offering: str, service: str) -> tuple[str, ...]:
        """The included value-added products that are for this service, in order (PAR-3)."""
        included = self.offering(offering).includes_vas
        return tuple(product for product in included if service in self.vas[product])

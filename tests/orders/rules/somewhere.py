"""A small world for parsing: subscriptions by name, and shapes of bundles."""

from collections.abc import Iterable

from orders.rules.parsing import BundleShape, MemberToday, Part, WorkOrderSpec
from packages_wo.rules.composition import BASE, SHARED_TERMINAL, VPN_TERMINAL

NAMES = dict(enumerate(("f1", "f2", "m1", "m2", "b1", "w1", "w2", "t1", "t2", "v1", "v3"), start=1))
IDS = {name: n for n, name in NAMES.items()}
SERVICES = {
    "f": "fixed",
    "m": "m2g",
    "b": "broadband",
    "w": "m3g",
    "t": "m2g",
    "v": "fixed",
}
VOICE = {"fixed": ("caller_id",), "m2g": ("caller_id",), "m3g": ("caller_id",)}
BASIC_VAS = VOICE
ENHANCED_VAS = {**VOICE, "broadband": ("group_mail",)}


def a_member(name: str, **today: object) -> MemberToday:
    service = "m3g" if name == "v3" else SERVICES[name[0]]
    return MemberToday(id=IDS[name], service=service, **today)  # type: ignore[arg-type]


def members(*found: MemberToday) -> dict[int, MemberToday]:
    return {member.id: member for member in found}


def a_shape(
    *base: str,
    scheme: str = "A",
    tier: int = 106,
    shared: Iterable[str] = (),
    vpn: Iterable[str] = (),
    separate: Iterable[str] = (),
    includes_vas: dict[str, tuple[str, ...]] = BASIC_VAS,
    speed_kbps: int | None = None,
    static_ip: bool = False,
) -> BundleShape:
    parts = (
        *(Part(IDS[name], BASE, merged=name not in separate) for name in base),
        *(Part(IDS[name], SHARED_TERMINAL, merged=True) for name in shared),
        *(Part(IDS[name], VPN_TERMINAL, merged=False) for name in vpn),
    )
    return BundleShape(
        scheme=scheme,
        tier=tier,
        parts=parts,
        speed_kbps=speed_kbps,
        static_ip=static_ip,
        includes_vas=includes_vas,
    )


def told(specs: Iterable[WorkOrderSpec]) -> list[str]:
    """Work orders as people read them: ``PAR-3 open_vas f1 caller_id < install f1``."""
    return [
        f"{spec.rule} {_name(spec.key)}"
        + (f" < {', '.join(_name(key) for key in spec.after)}" if spec.after else "")
        for spec in specs
    ]


def _name(key: object) -> str:
    return f"{key.type} {NAMES[key.subscription_id]} {key.product}".strip()  # type: ignore[attr-defined]

"""The demo operator itself: headquarters, a province, its cities and halls, staff, channels."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from bss.demo.logins import PASSWORD
from bss.kernel.models import Organisation, Role, Staff
from bss.kernel.roles import load_roles
from channels.models import Channel
from channels.services.channels import register_channel

# area code, place name as the number segments have it, short name
CITIES = (
    ("0311", "河北省石家庄市", "石家庄"),
    ("0315", "河北省唐山市", "唐山"),
    ("0312", "河北省保定市", "保定"),
)
HALLS = ("中心营业厅", "开发区营业厅")

PEOPLE = (
    ("clerk", "clerk", ("赵明", "钱芳", "孙伟", "李娜", "周强", "吴静")),
    ("agent", "agent", ("郑丽", "王磊", "冯敏")),
    ("account_manager", "manager", ("陈浩", "褚燕", "卫国", "蒋雪")),
    ("batch_operator", "batch", ("沈阳",)),
    ("supervisor", "super", ("韩梅", "杨岚")),
    ("security_officer", "security", ("严正", "华安")),
    ("auditor", "auditor", ("金鉴",)),
    ("hq_viewer", "hq", ("陶远",)),
)
AT_HEADQUARTERS = ("auditor", "hq_viewer")


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall with its channel and its clerks."""

    organisation_id: int
    channel_id: int
    area: str
    clerk_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Operator:
    """Who works where."""

    halls: tuple[Hall, ...]
    managers: tuple[int, ...]
    agents: tuple[int, ...]
    online_channel_id: int
    batch_channel_id: int

    def halls_of(self, area: str) -> tuple[Hall, ...]:
        return tuple(hall for hall in self.halls if hall.area == area)


def found_operator() -> Operator:
    """Make organisations, roles, staff and channels."""
    roles = load_roles()
    headquarters = _organisation("HQ", "集团总部", Organisation.Level.HEADQUARTERS)
    province = _organisation("HE", "河北分公司", Organisation.Level.PROVINCE, headquarters)
    password = make_password(PASSWORD)  # one password, hashed once: hashing is slow on purpose
    staff = {
        code: _hire(
            prefix,
            names,
            password,
            roles[code],
            headquarters if code in AT_HEADQUARTERS else province,
        )
        for code, prefix, names in PEOPLE
    }
    halls: list[Hall] = []
    for area, _, city in CITIES:
        office = _organisation(
            f"HE{area}", f"{city}分公司", Organisation.Level.CITY, province, area
        )
        for number, name in enumerate(HALLS, start=1):
            code = f"HE{area}{number:02d}"
            hall = _organisation(code, f"{city}{name}", Organisation.Level.HALL, office, area)
            clerk = staff["clerk"][len(halls) % len(staff["clerk"])]
            Staff.objects.filter(pk=clerk).update(organisation=hall)
            channel = register_channel(
                code=code, name=hall.name, kind=Channel.Kind.HALL, organisation_id=hall.pk
            )
            halls.append(Hall(hall.pk, channel.pk, area, (clerk,)))
        register_channel(
            code=f"HE{area}81",
            name=f"{city}诚信通讯代理店",
            kind=Channel.Kind.DEALER,
            organisation_id=office.pk,
        )
    online = register_channel(
        code="HE-WEB", name="网上营业厅", kind=Channel.Kind.ONLINE, organisation_id=province.pk
    )
    batch = register_channel(
        code="HE-BATCH", name="批处理", kind=Channel.Kind.BATCH, organisation_id=province.pk
    )
    for code, name, kind in (
        ("HE-10010", "10010 客服热线", Channel.Kind.HOTLINE),
        ("HE-MGR", "集团客户经理", Channel.Kind.ACCOUNT_MANAGER),
    ):
        register_channel(code=code, name=name, kind=kind, organisation_id=province.pk)
    return Operator(
        halls=tuple(halls),
        managers=staff["account_manager"],
        agents=staff["agent"],
        online_channel_id=online.pk,
        batch_channel_id=batch.pk,
    )


def _organisation(
    code: str, name: str, level: str, parent: Organisation | None = None, area: str = ""
) -> Organisation:
    return Organisation.objects.create(code=code, name=name, level=level, parent=parent, area=area)


def _hire(
    prefix: str, names: tuple[str, ...], password: str, role: Role, organisation: Organisation
) -> tuple[int, ...]:
    hired = []
    for number, name in enumerate(names, start=1):
        staff = Staff.objects.create(
            username=f"{prefix}{number:02d}",
            password=password,
            display_name=name,
            organisation=organisation,
        )
        staff.roles.add(role)
        hired.append(staff.pk)
    return tuple(hired)

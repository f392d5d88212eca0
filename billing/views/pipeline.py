"""The month as a line of steps, each with its state, its figures and what to press."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _

from billing.queries import control_room
from billing.queries.unbilled import unbilled_of
from billing.views.step_progress import StepProgress, progress_of
from bss.kernel.clock import real_now
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.periods import Month, business_date

PLANNED, READY, RUNNING, DONE, FAILED = "planned", "ready", "running", "done", "failed"
PAUSED, PARKED, CANCELLED = "paused", "parked", "cancelled"
STUCK = (FAILED, PARKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step: ``key`` is stable, ``figures`` are (label, value), ``press`` names its button.

    ``parts`` say how far it is; ``parked`` accounts it has left out.
    """

    key: str
    label: str
    state: str
    rule: str
    at: datetime | None = None
    seconds: str = ""
    done: int = 0
    total: int = 0
    figures: Sequence[tuple[str, str]] = field(default_factory=tuple)
    error: str = ""
    hint: str = ""
    press: str = ""
    parts: Sequence[StepProgress] = ()
    parked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """``orders``: what may be told to the close that is under way."""

    stages: tuple[Stage, ...]
    orders: frozenset[str] = frozenset()

    @property
    def is_running(self) -> bool:
        return any(stage.state == RUNNING for stage in self.stages)

    @property
    def done(self) -> int:
        return sum(stage.state == DONE for stage in self.stages)

    def stage(self, key: str) -> Stage:
        return next(stage for stage in self.stages if stage.key == key)


def pipeline_of(month: Month, *, at: datetime, asked: frozenset[str] = frozenset()) -> Pipeline:
    """Where the month is at this moment; ``asked`` are steps handed to a worker just now."""
    run, steps = control_room.close_run(month)
    start = _start(month, at=at, asked="start" in asked)
    usage = _usage(month, closed=control_room.closed_at(month) is not None)
    rate = _part("rate", _("批价"), "RAT-14", run, steps, {"rate"})
    close = _part("close", _("出帐"), "BIL-6", run, steps, {"bill", "pay", "move", "merge"})
    rate, close = _with_buttons(month, start, rate, close, at=at, asked="close" in asked)
    stages = (start, usage, rate, close, _credit(month, at=at, closed=close))
    return Pipeline(stages=stages, orders=_orders(run, steps))


def _orders(run: BatchRun | None, steps: Sequence[BatchStep]) -> frozenset[str]:
    if run is None or run.state not in (BatchRun.State.RUNNING, BatchRun.State.PAUSED):
        return frozenset()
    turn = "pause" if run.state == BatchRun.State.RUNNING else "resume"
    begun = any(step.state == BatchStep.State.DONE for step in steps)
    return frozenset((turn,) if begun else (turn, "cancel"))


def _start(month: Month, *, at: datetime, asked: bool) -> Stage:
    facts = control_room.start_facts(month)
    if facts.started_at is None:
        may = at >= month.starts_at
        return Stage(
            key="start",
            label=_("月初切换"),
            rule="EFF-5",
            state=RUNNING if asked else READY if may else PLANNED,
            hint="" if may else _("%(day)s 零时起可以运行") % {"day": month.first_day},
            press="start" if may and not asked else "",
        )
    return Stage(
        key="start",
        label=_("月初切换"),
        rule="EFF-5",
        state=DONE,
        at=facts.started_at,
        figures=(
            (_("开始的套餐期"), f"{facts.terms_begun:,}"),
            (_("结束的套餐期"), f"{facts.terms_ended:,}"),
            (_("时长池"), f"{facts.pools:,}"),
            (_("分月返还(元)"), grouped_yuan(facts.released_fen)),
        ),
    )


def _usage(month: Month, *, closed: bool) -> Stage:
    facts = control_room.usage_facts(month)
    return Stage(
        key="usage",
        label=_("话单装载"),
        rule="RAT-15",
        state=DONE if facts.records else READY,
        at=facts.files[0].loaded_at if facts.files and facts.records else None,
        figures=(
            (_("本月话单"), f"{facts.records:,}"),
            (_("待处理错单"), f"{facts.open_rejects:,}"),
        ),
        hint=_("本月已关帐，再装载的算迟到话单") if closed else "",
    )


def _part(
    key: str,
    label: str,
    rule: str,
    run: BatchRun | None,
    steps: Sequence[BatchStep],
    names: set[str],
) -> Stage:
    """The steps of the close with these names, as one stage."""
    mine = [step for step in steps if step.name in names]
    if run is None or not mine:
        return Stage(key=key, label=label, rule=rule, state=PLANNED)
    done = [step for step in mine if step.state == BatchStep.State.DONE]
    stuck = [step for step in mine if step.state in STUCK]
    finished = [step.finished_at for step in done if step.finished_at]
    begun = [step.started_at for step in mine if step.started_at]
    over = len(done) == len(mine)
    return Stage(
        key=key,
        label=label,
        rule=rule,
        state=DONE if over else _unfinished(run, stuck),
        at=run.at if over else None,
        seconds=_took(done, min(begun), max(finished)) if over and begun and finished else "",
        done=len(done),
        total=len(mine),
        figures=figures_of(done),
        error=stuck[0].last_error if stuck else "",
        parts=() if over else progress_of(run, mine, now=real_now()),
    )


def _unfinished(run: BatchRun, stuck: Sequence[BatchStep]) -> str:
    """What a person must know first of steps that are not all done."""
    if any(step.state == BatchStep.State.PARKED for step in stuck):
        return PARKED
    if run.state in (BatchRun.State.PAUSED, BatchRun.State.CANCELLED):
        return str(run.state)
    return FAILED if stuck else RUNNING


def grouped_yuan(amount_fen: int) -> str:
    """Fen as yuan with thousands separators: 974558 -> "9,745.58"."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"


def _took(done: Sequence[BatchStep], begun: datetime, finished: datetime) -> str:
    """How long it took, and how much of it that was in a second."""
    seconds = (finished - begun).total_seconds()
    took = _("用时 %(seconds)s 秒") % {"seconds": f"{seconds:.1f}"}
    records, bills = (sum(step.report.get(n, 0) for step in done) for n in ("records", "bills"))
    if seconds <= 0 or not records + bills:
        return took
    rate = f"{(records or bills) / seconds:,.0f}"
    words = _("每秒 %(rate)s 条") if records else _("每秒 %(rate)s 份")
    return f"{took} · {words % {'rate': rate}}"


def figures_of(steps: Sequence[BatchStep]) -> tuple[tuple[str, str], ...]:
    labels = {
        "records": _("重新批价"),
        "loaded": _("话单"),
        "archived": _("话单"),
        "files": _("文件"),
        "bytes": _("字节数"),
        "bundles": _("融合套餐"),
        "advised": _("有建议"),
        "combinations": _("比较组合"),
        "rejected": _("批价错单"),
        "bills": _("帐单"),
        "total_fen": _("帐单合计(元)"),
        "paid_fen": _("账本已付(元)"),
        "moved_fen": _("随迁余额(元)"),
    }
    sums: dict[str, int] = {}
    for step in steps:
        for name, value in step.report.items():
            if name in labels and isinstance(value, int):
                sums[name] = sums.get(name, 0) + value
    return tuple(
        (labels[name], grouped_yuan(value) if name.endswith("_fen") else f"{value:,}")
        for name, value in sums.items()
    )


def _with_buttons(
    month: Month, start: Stage, rate: Stage, close: Stage, *, at: datetime, asked: bool
) -> tuple[Stage, Stage]:
    """What can be pressed; rating and billing are one run, so they have one button."""
    if close.state == DONE:
        parked = unbilled_of(month).count()
        if not parked:
            return rate, close
        figures = (*close.figures, (_("未出帐帐户"), f"{parked:,}"))
        return rate, replace(close, figures=figures, press="close", parked=parked)
    if at < month.ends_at:
        hint = _("%(day)s 零时起可以运行") % {"day": month.next.first_day}
        return rate, replace(close, hint=hint)
    if asked and not {rate.state, close.state} & {*STUCK, PAUSED, CANCELLED}:
        return (
            replace(rate, state=RUNNING) if rate.state == PLANNED else rate,
            replace(close, state=RUNNING) if rate.state == DONE else close,
        )
    if rate.state == PLANNED:
        rate = replace(rate, state=READY, hint=_("随出帐一起运行，批价后立即关帐"))
        close = replace(close, state=READY)
    if PAUSED in (rate.state, close.state):
        return rate, close
    return rate, replace(close, press="close")


def _credit(month: Month, *, at: datetime, closed: Stage) -> Stage:
    """Credit control goes on every day; what matters here is today's run. Source: CRD-1."""
    today = business_date(at)
    return Stage(
        key="credit",
        label=_("信用控制"),
        rule="CRD-2",
        state=READY if closed.state == DONE else PLANNED,
        figures=(
            (_("今日停机"), f"{control_room.stops_of_day(today):,}"),
            (_("欠费停机中"), f"{control_room.stops_in_force():,}"),
        ),
        hint=_("每天 01:00 自动运行，也可以现在运行"),
        press="credit" if closed.state == DONE else "",
    )

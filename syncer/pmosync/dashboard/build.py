"""All tables of the workbook from one content."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from pmosync.compute.assessment import Assessment
from pmosync.compute.calendars import clocks
from pmosync.compute.coarse import in_working_days
from pmosync.compute.cuts import Cut
from pmosync.compute.policy import Policy
from pmosync.dashboard import (
    about,
    attention,
    cells,
    charts,
    committee,
    contradictions,
    data_quality,
    inputs,
    milestones,
    portfolio,
    reports,
    runs,
    slip_ledger,
    slip_trend,
    today,
    work,
)
from pmosync.dashboard.content import Content
from pmosync.dashboard.nameless import is_shown, of_cut, without_people, without_person_columns
from pmosync.dashboard.portion import cut_about
from pmosync.dashboard.readable import readable
from pmosync.mapping import input_tabs
from pmosync.sheet import Tab, Table


def build(content: Content) -> tuple[Table, ...]:
    """The published tabs, then the input tabs, in the workbook's order. Equal contents give equal tables."""
    shown = readable(_settled(content))
    published = (
        today.build_today(shown),
        committee.build_committee(shown),
        portfolio.build_portfolio(shown),
        milestones.build_milestones(shown),
        attention.build_attention(shown),
        reports.build_reports(shown),
        charts.build_charts(shown),
        slip_trend.build_slip_trend(shown),
        slip_ledger.build_slip_ledger(shown),
        work.build_work(shown),
        contradictions.build_contradictions(shown),
        data_quality.build_data_quality(shown),
        runs.build_runs(shown),
    )
    typed = tuple(table for table in inputs.build_inputs(shown) if is_shown(shown, table.tab))
    behind = about.build_about(shown, [table.tab for table in (*published, *typed)])
    return without_people(shown, cells.sealed(shown, (*published, behind, *typed)))


def cut_page(shown: Content, cut: Cut, about: frozenset[str] | None = None) -> Table:
    """The page of a cut alone, as the readers of a ``readable`` content may see it: what is ``about`` these folded codes (None:
    everything).
    """
    told = cut if about is None else cut_about(cut, about)
    named = shown.unnamed if shown.people else shown.unnamed.union(of_cut(cut))
    page = replace(shown, cut=told, unnamed=named)
    return without_people(page, cells.sealed(page, (committee.build_committee(page),)))[0]


def _settled(content: Content) -> Content:
    """The content with the plan's coarse dates on the working days that the assessment took them for."""
    assessment, plan = content.assessment, content.plan
    homes = {verdict.milestone.code: verdict.project for verdict in assessment.milestones}
    times = clocks(plan.calendar, plan.projects, assessment.policy, content.generated_at, assessment.kept)
    return replace(content, plan=in_working_days(plan, homes, times))


def layouts(content: Content) -> tuple[Tab, ...]:
    """The tabs alone, in order: what a target is asked to read before there are places and titles to build with."""
    modules = (
        *(today, committee, portfolio, milestones, attention, reports, charts, slip_trend),
        *(slip_ledger, work, contradictions, data_quality, runs, about),
    )
    typed = (inputs.tab(content, given) for given in input_tabs())
    tabs = (*(module.tab(content) for module in modules), *(tab for tab in typed if is_shown(content, tab)))
    return tabs if content.people else tuple(map(without_person_columns, tabs))


def empty_layouts(policy: Policy, now: datetime, language: str) -> tuple[Tab, ...]:
    """The tabs' layouts before anything was assessed: what ``check`` and input sources look for."""
    nothing = Assessment(as_of=now, today=now.date(), policy=policy)
    return layouts(Content(assessment=nothing, generated_at=now, language=language))

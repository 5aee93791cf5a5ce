"""The words of the tab Committee."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

TABS: dict[str, tuple[Pair, Pair]] = {
    "committee": (
        ("Committee", "委员会"),
        (
            "The page for the committee, frozen at its weekly cut: key projects and whatever is not Green.",
            "委员会页面，按每周快照冻结：重点项目及所有非绿项目。",
        ),
    ),
}

TEXTS: dict[str, Pair] = {
    "cut.of": (
        "Cut of {name}; next {following}. The figures below do not change until then.",
        "{name}快照；下次 {following}。在此之前以下数据不变。",
    ),
    "cut.of_late": (
        "Cut {name}; next {following}. The figures below do not change until then.",
        "{name}；下次 {following}。在此之前以下数据不变。",
    ),
    # what a late cut is called, on this page and on Today
    "cut.late": ("as of {made}, the cut that was due {due}", "截至 {made}的快照，原定于 {due}"),
    "cut.none": ("No cut was made yet: the next sync makes the first one.", "尚无快照：下次同步将生成首个快照。"),
    "cut.no_portfolio": ("no portfolio", "无项目组合"),
    "cut.asks": ("Decisions wanted: {count}", "待决策：{count} 项"),
    "cut.projects": ("Key projects, and what is not Green: {count}", "重点项目及非绿项目：{count} 个"),
    "cut.rest": ("Not listed: {counts}", "未列出：{counts}"),
    "cut.decisions": ("Decisions taken since the last cut: {count}", "上次快照以来的决策：{count} 项"),
    "cut.risks": ("Top risks: {count}", "主要风险：{count} 项"),
    "cut.freezes": ("Freeze windows ahead: {count}", "未来封网窗口：{count} 个"),
    "cut.trend": ("{arrow}[, {days} wd]", "{arrow}[，{days} 个工作日]"),
    "cut.reported": ("reported {letter}", "上报 {letter}"),
    "cut.days": ("{days} wd", "{days} 个工作日"),
    "cut.goal": (
        "{name}\n{baseline} → {expected}[ ({slip} wd)][, {unbelieved}][ (promise {promise})]",
        "{name}\n{baseline} → {expected}[（{slip} 个工作日）][，{unbelieved}][（承诺 {promise}）]",
    ),
    "cut.unpromised": (
        "{name}\n{expected}, nothing promised[ (could be: {promise})]",
        "{name}\n{expected}，尚无承诺[（可承诺 {promise}）]",
    ),
    "cut.behind": ("furthest behind: {goal}", "落后最多：{goal}"),
    "cut.done": ("{name}[\n{baseline} →] done {expected}", "{name}[\n{baseline} →] 完成于 {expected}"),
    "cut.undated": ("{name}[\n{baseline} →] no date", "{name}[\n{baseline} →] 无日期"),
    "cut.decided": ("{day}: {type}[ → {new}]", "{day}：{type}[ → {new}]"),
    "cut.risk": (
        "exposure {exposure}[, due {due}][, escalated to {to}]",
        "风险值 {exposure}[，{due} 到期][，已升级至 {to}]",
    ),
    "cut.window": ("{first} – {last}", "{first} 至 {last}"),
    "cut.everybody": ("for all", "适用于全部"),
    "ask.short.review": ("review overdue", "复审逾期"),
    "ask.short.learning": ("go on or stop?", "继续还是停止？"),
    "ask.short.risk": ("risk {by}", "风险 {by}"),
    "ask.short.wish": ("{who}: baseline {new} wished", "{who}：申请基线 {new}"),
}

COLUMNS: dict[str, tuple[Pair, Pair]] = {
    "committee.code": (
        ("Code", "代码"),
        (
            "◆ a portfolio, ◇ a program, else a project; of decisions and risks their number.",
            "◆为项目组合，◇为项目群，其余为项目；决策与风险为其编号。",
        ),
    ),
    "committee.name": (("Name", "名称"), ("As it was called when the cut was made.", "生成快照时的名称。")),
    "committee.trend": (
        ("Trend, days", "趋势与天数"),
        (
            "The colour before → this one, its working days in it (for whatever reasons), and the reported colour where that is "
            "another one.",
            "上一颜色 → 当前颜色、持续工作日数（不论原因），以及与之不同的上报状态。",
        ),
    ),
    "committee.final": (
        ("Final milestone", "最终里程碑"),
        (
            "Baseline → expected day, and the day that can be promised (kept with 85 %); nothing promised: it has no baseline.",
            "基线 → 预计日期，以及可承诺日期（85% 把握）；尚无承诺：没有基线。",
        ),
    ),
    "slip_now": (
        ("Slip, wd", "延期（工作日）"),
        (
            "Of the final milestone: working days of the expected day against the current baseline. A gate's stands beside it.",
            "最终里程碑的预计日期相对当前基线的工作日数；关口的延期见其所在单元格。",
        ),
    ),
    "slip_step": (
        ("Since last", "较上次"),
        (
            "Working days by which the expected day has moved since the cut before; positive = later.",
            "预计日期较上次快照变动的工作日数；正数为推迟。",
        ),
    ),
    "slip_first": (
        ("Since first", "较首次承诺"),
        ("Working days against the first baseline.", "相对首个基线的工作日数。"),
    ),
    "wanted": (
        ("Decision or help wanted", "待决策或需支持"),
        (
            "What waits for a decision (the list above tells it whole), and the help that its manager asks for.",
            "待决策事项（完整内容见上方列表），以及项目经理提出的支持需求。",
        ),
    ),
    "committee.next": (
        ("Next gate", "下一关口"),
        (
            "What is due before the final milestone, with its slip; below it the open milestone that is furthest behind, "
            "where that is another one.",
            "最终里程碑之前的下一个里程碑及其延期；其下为落后最多的未完成里程碑（若为另一个）。",
        ),
    ),
}

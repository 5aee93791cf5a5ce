"""The words of a project's status report."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

TEXTS: dict[str, Pair] = {
    "status_title": ("Status report", "状态报告"),
    "status_days": ("{first}[ to {last}]", "{first}[ 至 {last}]"),
    "status_since": ("{days}, since the report sent on {sent}", "{days}，自 {sent} 发送的报告以来"),
    "status_sent_today": (
        "The last report was sent today, {sent}: this one tells what was seen since then.",
        "上一份报告已于今日（{sent}）发送：本报告只述及此后所见。",
    ),
    "status_manager": ("Project manager: {name}", "项目经理：{name}"),
    "status_colour": ("Colour: {letter}[ ({told})][. {why}]", "状态：{letter}[（{told}）][。{why}]"),
    "status_wd": ("for {days} wd", "已 {days} 个工作日"),
    "status_done": ("Done", "已完成"),
    "status_next": ("Next", "下一步"),
    "status_slips": ("What moved, and why", "变动及原因"),
    "status_risks": ("Risks", "风险"),
    "status_help": ("Help wanted", "需要的支持"),
    "status_nothing_done": ("No milestone was done, and no item delivered.", "本期无里程碑完成，也无工作项交付。"),
    "status_nothing_next": ("Nothing is due in the next two periods.", "未来两个报告期内无到期里程碑。"),
    "status_nothing_moved": ("No date moved.", "日期无变动。"),
    "status_no_risks": ("No risk is open.", "无未关闭风险。"),
    "status_no_help": ("None asked for.", "未提出。"),
    "status_ended": ("done {day}", "{day} 完成"),
    "status_delivered": (
        "{lately} items delivered, {done} of {total} by now",
        "本期交付 {lately} 项，累计 {done}/{total}",
    ),
    "status_small": ("milestones of the team's own done: {count}", "完成团队级里程碑 {count} 个"),
    "status_promised": ("promised {day}", "承诺 {day}"),
    "status_expected": ("expected {day}", "预计 {day}"),
    "status_safe": ("safe {day}", "稳妥 {day}"),
    "status_move": (
        "{day} {who}: {field} {old} → {new}[ ({wd} wd)][: {why}]",
        "{day} {who}：{field} {old} → {new}[（{wd} 个工作日）][：{why}]",
    ),
    "status_exposure": ("exposure {exposure}", "风险值 {exposure}"),
    "status_by": ("due {day}", "{day} 到期"),
    "status_more": ("{count} more", "另有 {count} 项"),
    "view_overdue": ("overdue", "逾期"),
    "status_none": ("none", "无"),
    "status_as_of": (
        "As of {at}. A draft made by pmosync from what the tools said.",
        "截至 {at}。由 pmosync 根据各工具数据生成的草稿。",
    ),
}

TABS: dict[str, tuple[Pair, Pair]] = {
    "reports": (
        ("Reports", "状态报告"),
        (
            "Each active project's status report: due when, sent or overdue, and the draft of the next one. "
            "The final text and the day it was sent are typed in Report texts.",
            "各进行中项目的状态报告：何时到期、已发送或逾期，以及下一份草稿。定稿内容与发送日期在“报告定稿”中填写。",
        ),
    ),
}

COLUMNS: dict[str, tuple[Pair, Pair]] = {
    "reports.period": (("Period", "报告期"), ("The period to type in Report texts.", "在“报告定稿”中填写的报告期。")),
    "reports.state": (
        ("Report", "报告"),
        (
            "Overdue: none was sent on the last period. Owed by projects that have sent one, and, where anybody sends any, "
            "by those with a cadence.",
            "逾期：上一报告期未发送。曾发送过报告的项目须提交；只要有人发送报告，设有报告周期的项目也须提交。",
        ),
    ),
    "reports.late": (("Overdue, wd", "逾期（工作日）"), ("Working days since it was due.", "自到期日起的工作日数。")),
    "reports.due": (
        ("Due", "到期日"),
        ("The last working day of the period that runs.", "当前报告期的最后一个工作日。"),
    ),
    "reports.done": (("Done", "已完成"), ("Since the last report was sent.", "自上次发送报告以来。")),
    "reports.next": (
        ("Next", "下一步"),
        ("Due in the next two periods, or over already.", "未来两个报告期内到期或已逾期的里程碑。"),
    ),
    "reports.moved": (("What moved, and why", "变动及原因"), ("Rows of the slip ledger.", "延期台账中的记录。")),
    "reports.risks": (("Risks", "风险"), ("The gravest open ones.", "最严重的未关闭风险。")),
    "reports.text": (("Final text", "定稿"), ("As typed in Report texts.", "在“报告定稿”中填写的内容。")),
    "reports.sent": (("Sent on", "发送日期"), ("As typed in Report texts.", "在“报告定稿”中填写的日期。")),
    "reports.since": (
        ("Draft since", "草稿起始"),
        ("The draft tells of the days behind this one.", "草稿涵盖此日之后的内容。"),
    ),
}

TERMS: dict[str, dict[str, Pair]] = {
    "report_state": {
        "draft": ("draft", "草稿"),
        "sent": ("sent", "已发送"),
        "overdue": ("overdue", "逾期"),
    },
}

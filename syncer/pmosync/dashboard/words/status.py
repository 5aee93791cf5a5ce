"""The words of a project's status report."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

TEXTS: dict[str, Pair] = {
    "status_title": ("Status report", "状态报告"),
    "status_days": ("{first} to {last}", "{first} 至 {last}"),
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
    "status_none": ("none", "无"),
    "status_as_of": (
        "As of {at}. A draft made by pmosync from what the tools said.",
        "截至 {at}。由 pmosync 根据各工具数据生成的草稿。",
    ),
}

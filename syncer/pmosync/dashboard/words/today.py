"""The words of the tab Today."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

TABS: dict[str, tuple[Pair, Pair]] = {
    "today": (
        ("Today", "今日"),
        (
            "What is new since yesterday and since the last committee, what waits, and who should act.",
            "自昨日及上次委员会以来的新情况、待办事项及处理人。",
        ),
    ),
}

TEXTS: dict[str, Pair] = {
    "today.since_yesterday": ("yesterday", "昨日"),
    "today.since_committee": ("committee", "委员会"),
    "today.news": (
        "Since the close of {yesterday}: {fresh} new. Since the last committee ({committee}): {all} in all.",
        "自 {yesterday} 日终以来：新增 {fresh} 项。自上次委员会（{committee}）以来：共 {all} 项。",
    ),
    "today.quiet": (
        "Since the close of {yesterday} nothing moved. Since the last committee ({committee}): {all} in all.",
        "自 {yesterday} 日终以来无变动。自上次委员会（{committee}）以来：共 {all} 项。",
    ),
    "today.still": (
        "Nothing moved: neither since the close of {yesterday} nor since the last committee ({committee}).",
        "自 {yesterday} 日终及上次委员会（{committee}）以来均无变动。",
    ),
    "today.more": ("{count} more of this kind", "同类另有 {count} 项"),
    "today.operator": ("operator", "运维"),
    "today.office": ("PMO office", "PMO 办公室"),
    "today.addressee": ("whom it was escalated to", "升级对象"),
    "today.managers": ("the projects' managers", "各项目经理"),
    "today.assignee": ("the action's owner", "行动负责人"),
    # headings
    "today.block.colours": ("Colours", "颜色变化"),
    "today.block.dates": ("Dates moved by people", "人工改期"),
    "today.block.life": ("New, ended, re-opened", "新增、停止与重开"),
    "today.block.decisions": ("Decisions wanted", "待决策"),
    "today.block.wishes": ("Re-baseline wishes", "基线变更申请"),
    "today.block.overdue": ("Overdue", "逾期事项"),
    "today.block.sources": ("Sources stale or held", "来源滞后或暂缓"),
    # lines: {who} is the code and the name of what it is about
    "today.red": ("{who} turned Red[ ({then}→R)][: {why}]", "{who} 转红[（{then}→R）][：{why}]"),
    "today.preview": (
        "{who} turns Red on the next working day[ ({then}→R)][: {why}]",
        "{who} 下一工作日将转红[（{then}→R）][：{why}]",
    ),
    "today.recovered": ("{who} left Red[ (R→{now})][: {why}]", "{who} 脱离红色[（R→{now}）][：{why}]"),
    "today.new": ("{who} is new[: {why}]", "{who} 为新增[：{why}]"),
    "today.stopped": ("{who} stopped[: {why}]", "{who} 已停止[：{why}]"),
    "today.resumed": ("{who} runs again[ ({now})][: {why}]", "{who} 已恢复[（{now}）][：{why}]"),
    "today.reopened": ("{who} was re-opened[ ({now})][: {why}]", "{who} 已重新打开[（{now}）][：{why}]"),
    "today.delivered": ("{who} was delivered[: {why}]", "{who} 已交付[：{why}]"),
    "today.moved": (
        "{who}: {field} {old} → {new}[ ({wd} wd)][, {unbelieved}][, by {by}][: {words}]",
        "{who}：{field} {old} → {new}[（{wd} 个工作日）][，{unbelieved}][，{by}][：{words}]",
    ),
    "today.set": (
        "{who}: {field} set to {new}[, {unbelieved}][, by {by}][: {words}]",
        "{who}：{field}定为 {new}[，{unbelieved}][，{by}][：{words}]",
    ),
    "today.unset": (
        "{who}: {field} {old} taken out[, by {by}][: {words}]",
        "{who}：{field} {old} 已清除[，{by}][：{words}]",
    ),
    "today.asked": ("{who}: {what}", "{who}：{what}"),
    # what waits for a decision, here and on the committee's page
    "ask.review": (
        "the pause's review date[ {new}] passed undecided[ ({by})]",
        "暂停复审日[ {new} ]已过仍未决定[（{by}）]",
    ),
    "ask.learning": (
        "the learning date[ {new}] passed undecided: go on or stop?",
        "验证日期[ {new} ]已过仍未定论：继续还是停止？",
    ),
    "ask.risk": (
        "risk {by} was escalated and waits[, due {new}][: {words}]",
        "风险 {by} 已升级待决[，{new} 到期][：{words}]",
    ),
    "ask.wish": (
        "new baseline {new} wished[ instead of {old}][: {words}]",
        "申请新基线 {new}[（原 {old}）][：{words}]",
    ),
    "today.forecast": (
        "{who}: the forecast {new} was not confirmed in time",
        "{who}：预测 {new} 逾期未确认",
    ),
    "today.report": (
        "{who}: report on {words} not sent[, {by} wd overdue]",
        "{who}：{words} 的报告未发送[，逾期 {by} 个工作日]",
    ),
    "today.reports": (
        "{count} reports on {words} not sent[, {by} wd overdue]: {codes}",
        "{words} 的报告有 {count} 份未发送[，逾期 {by} 个工作日]：{codes}",
    ),
    "today.action": (
        "action {by}[ ({who})] was due {new}[: {words}]",
        "行动项 {by}[（{who}）]应于 {new} 完成[：{words}]",
    ),
    "today.silent": ("{who}: {why}", "{who}：{why}"),
    "today.source": (
        "{who}: {state}[, last read {new}][: {words}][ → {by}]",
        "{who}：{state}[，最近读取 {new}][：{words}][ → {by}]",
    ),
    "today.hold": ("{who}: held, {words} → pmosync accept {by}", "{who}：已暂缓，{words} → pmosync accept {by}"),
}

COLUMNS: dict[str, tuple[Pair, Pair]] = {
    "block": (
        ("What", "类别"),
        ("What the lines below are about; up to 10 of each kind.", "以下各行所属类别；每类最多 10 行。"),
    ),
    "line": (
        ("In a sentence", "内容"),
        (
            "What happened and why, or what waits. What is new since yesterday stands first.",
            "发生了什么及原因，或何事待处理；昨日以来的新情况在前。",
        ),
    ),
    "acts": (("Who acts", "处理人"), ("Who should do the next thing.", "应采取下一步行动的人。")),
    "today.code": (
        ("Code", "代码"),
        ("Our own short code; it leads to the source.", "本工具的短代码；点击可跳转到来源系统。"),
    ),
    "day": (
        ("Day", "日期"),
        ("When it happened; of what waits: since when, or for which day.", "发生日期；待办事项为起始日或所涉日期。"),
    ),
    "fresh": (
        ("New since", "自何时"),
        (
            "yesterday: since the close of the last working day; committee: since the last committee cut, "
            "or in the last week where none was made.",
            "昨日：自上一工作日日终；委员会：自上次委员会快照，尚无快照时为最近一周。",
        ),
    ),
}

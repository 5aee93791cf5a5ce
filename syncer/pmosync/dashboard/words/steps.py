"""Fields and rules of the chain of evidence, as ``explain`` prints them."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

FIELDS: dict[str, Pair] = {
    "target": ("target", "目标日期"),
    "rollup": ("roll-up", "子项汇总"),
    "forecast": ("person's forecast", "人工预测"),
    "pace": ("pace", "速率"),
    "p50": ("forecast", "预测"),
    "expected": ("expected date", "预计完成"),
    "original": ("original baseline", "原始基线"),
    "current": ("current baseline", "当前基线"),
    "slip": ("slip", "延期"),
    "actual": ("actual date", "实际完成"),
    "state": ("state", "状态"),
    "owner": ("owner", "负责人"),
    "rag": ("RAG", "红黄绿"),
    "confidence": ("data confidence", "数据可信度"),
}
# The rule's own key, or ``field.key`` where one key means different things.
STEPS: dict[str, Pair] = {
    "none": ("no rule holds", "无适用规则"),
    "auto": ("frozen by itself", "自动冻结"),
    "owner.input": ("typed in the input tab", "取自填报表"),
    "owner.source": ("the source's owner", "取自来源系统"),
    "owner.project": ("the project's PM", "取项目经理"),
    "target.leading": ("the leading binding counts", "以主导绑定为准"),
    "target.sheet": ("the plan sheet counts", "以计划表为准"),
    "target.latest": ("the latest of the bound dates counts", "取各绑定日期中最晚者"),
    "rollup.used": ("enough children are dated, so it counts", "有日期的子项足够，予以采用"),
    "forecast.in_force": ("in force", "有效"),
    "forecast.unconfirmed": ("not confirmed for long: kept as a floor", "长期未再确认，仅作下限"),
    "forecast.contradicted": (
        "against the evidence: the colour is judged on the evidence",
        "与事实不符，颜色按事实判定",
    ),
    "forecast.unused": ("not used", "未采用"),
    "forecast.untyped": ("nobody typed one", "尚无人填写"),
    "p50.uncalibrated": ("not calibrated yet, so no P50 and no P85", "尚未校准，故无 P50 与 P85"),
    "p50.planned": ("as planned: corrected by what the site's record missed", "按计划，经本站记录校准"),
    "p50.reference": ("reference class: as closed milestones of the same class slipped", "参照同类已结束里程碑的延期"),
    "p50.line": (
        "straight line: the rest goes as fast as what is done, corrected",
        "直线外推：按已完成部分的速度外推，经校准",
    ),
    "p50.pace": ("the pace of its team, corrected", "按团队速率推算，经校准"),
    "p50.blend": (
        "blend: reference class and regression over the site's record, corrected",
        "参照类与本站记录回归的综合，经校准",
    ),
    "pace.convolved": (
        "what the teams delivered a day in the last 12 weeks, taken on; evidence, no promise",
        "按各团队最近 12 周每日交付量推算；仅为依据，不作承诺",
    ),
    "pace.withheld": ("says nothing here", "不足以推算"),
    "expected.latest": (
        "the latest of target, roll-up, P50 and predecessors",
        "取目标、子项汇总、P50 与前置里程碑中最晚者",
    ),
    "expected.forecast": ("a person's forecast in force replaces the evidence", "以有效的人工预测为准"),
    "expected.forecast_floor": ("never earlier than the unconfirmed forecast", "不早于未再确认的人工预测"),
    "expected.frozen": ("as it stood when paused or ended", "取暂停或结束时的日期"),
    "expected.successor": ("the latest successor counts", "取最晚的后继里程碑"),
    "actual.person": ("a person confirmed it", "人工确认"),
    "actual.confirmed": ("a person confirmed it", "人工确认"),
    "actual.release_date": ("the version's release date", "版本发布日期"),
    "actual.seen": ("the day we first saw it done", "首次发现完成之日"),
    "actual.source_told": ("the source tells when", "来源系统记载"),
    "actual.estimated": ("estimated from the items delivered", "由已交付工作项推算"),
    "actual.stage": ("the stage that counts as done was reached", "已到达视为完成的阶段"),
    "actual.decision": ("the day of the decision", "决策之日"),
    "actual.successor": ("the last successor has ended", "最后一个后继里程碑已完成"),
    "confidence.points": ("the points of its parts", "各部分得分之和"),
    "confidence.mean_milestones": ("the mean of its milestones", "各里程碑的平均值"),
    "confidence.mean_projects": (
        "the mean of its projects that are neither paused nor over",
        "未暂停且未结束的项目的平均值",
    ),
    "slip.undefined": ("undefined: no baseline or no date", "无法计算：缺少基线或日期"),
    "slip.end − baseline": ("end − current baseline on the project's calendar", "结束日减当前基线，按项目日历"),
}

EVIDENCE: dict[str, Pair] = {
    "nothing": ("none", "无"),
    "nobody": ("nobody", "无人"),
    "without_baseline": ("No baseline", "无基线"),
    "found_done": ("found already done: nothing was promised that we know of", "首次发现时已完成，不知曾有何承诺"),
    "freezes_active": ("{state}: one freezes by itself only while it is active", "{state}：仅在进行中时自动冻结"),
    "freezes_committed": (
        "one freezes by itself when the project[ {project}] has a day in Committed on; a decision sets one at once",
        "项目[ {project} ]填写“承诺日期”后自动冻结；也可由决策立即设定",
    ),
    "freezes_on": (
        "will be frozen by itself on {day}; a decision sets one at once",
        "将于 {day} 自动冻结；也可由决策立即设定",
    ),
    "freezes_dated": ("will be frozen as soon as it has a date", "一有日期即自动冻结"),
    "ended_before": (
        "it ended before {day}, the day on which one would have been frozen",
        "在 {day}（自动冻结日）之前已结束",
    ),
    "ended_undated": ("no date of it was known before it ended", "结束之前不知有任何日期"),
    "on": ("{day}", "{day}"),
    "dated": ("{day} ({origin})", "{day}（{origin}）"),
    "by_decision": ("decision {decision}", "决策 {decision}"),
    "done_when": ("done when {stage}", "完成条件：{stage}"),
    "in_state": ("{state}", "{state}"),
    "decided": ("{decision} {type}[, {day}]", "{decision} {type}[，{day}]"),
    "version": ("v{version}: {day}[, by {decision}]", "第{version}版：{day}[（{decision}）]"),
    "corrected": ("v{version}: {day}, a correction[ by {decision}]", "第{version}版：{day}，更正[（{decision}）]"),
    "partly": ("partial: fewer than {share} are dated", "不完整：有日期的不足 {share}"),
    "dated_of": ("{dated} of {open} dated", "{open} 项中 {dated} 项有日期"),
    "seen": ("seen {day}", "{day} 见到"),
    "holds": ("holds until {day}", "有效至 {day}"),
    "p50_p85": ("{p50} with 50 %, {p85} with 85 %: the day to promise", "{p50}（50 %），{p85}（85 %，可承诺的日期）"),
    "hits": (
        "of its {count} forecasts P50 was kept by {p50}, P85 by {p85}",
        "在其 {count} 次预测中，P50 兑现 {p50}，P85 兑现 {p85}",
    ),
    "unlearned": (
        "nothing was learned yet from closed milestones: it takes {least} of them, the past of their items, and a day",
        "尚未从已结束的里程碑中学习：需 {least} 个已结束的里程碑及其工作项的历史，并满一日",
    ),
    "unkept": (
        "when last learned from, the record of closed milestones was too short, or did not keep what it says; learned "
        "again every four weeks",
        "上次学习时，已结束里程碑的记录过短或兑现率不符；每四周重新学习",
    ),
    "unjudged": (
        "{closed} comparable milestones had closed by {day}, too few to judge a forecaster by {least}; learned again "
        "every four weeks",
        "截至 {day} 可比的已结束里程碑为 {closed} 个，不足以用 {least} 个评判任何预测方法；每四周重新学习",
    ),
    "untrusted": (
        "as learned on {day} the best forecaster, {winner}, kept P50 in {p50} and P85 in {p85} of its {count} forecasts; "
        "asked for are {fair}, {safe} and {least} forecasts; learned again every four weeks",
        "{day} 学习所得最佳方法为{winner}：{count} 次预测中 P50 兑现 {p50}、P85 兑现 {p85}；"
        "要求分别为 {fair}、{safe}，且不少于 {least} 次；每四周重新学习",
    ),
    "incomparable": (
        "the record does not tell of it: without a promise or a delivery yet, of fewer than {items} items, planned for less "
        "than {shortest} or more than {longest} days, or later than the record reaches",
        "记录无从参照：尚无承诺或交付、少于 {items} 项、计划短于 {shortest} 天或长于 {longest} 天，或已超出记录所及",
    ),
    "chance": ("{percent} % by the promise and the tolerance for Red", "在承诺加红色容差之前完成的可能性 {percent} %"),
    "pace_p50": (
        "{day} (50 %)[, waits for {via}][, kept out of {windows}]",
        "{day}（50 %）[，等待 {via}][，避开{windows}]",
    ),
    "pace_p85": ("{day} with 85 %", "{day}（85 %）"),
    "pace_beyond": ("not within the days looked ahead", "超出推算范围"),
    "pace_teams": ("by {teams}", "团队：{teams}"),
    "pace_several": (
        "several teams: their curves are multiplied, which is optimistic",
        "多个团队的曲线相乘，结果偏乐观",
    ),
    "pace_first": (
        "{day} if {leader} goes first on a shared team, and the others in their turn",
        "若共享团队先做 {leader}、其余依次进行：{day}",
    ),
    "pace_growth": (
        "its scope still grows by {percent} %, as that of {count} comparable closed milestones did from there on",
        "范围预计还将增长 {percent} %：{count} 个已结束的同类里程碑自同一进度起即如此",
    ),
    "pace_delivered": (
        "{likely} of {committed} likely by the promised day, {safe} safe",
        "到承诺日期预计交付 {committed} 项中的 {likely} 项，稳妥为 {safe} 项",
    ),
    "pace_few_active_days": (
        "team {team} delivered on only {found} {day_word}",
        "团队 {team} 仅在 {found} {day_word}有交付",
    ),
    "pace_few_items": ("its scope is only {found} items: not broken down", "范围仅 {found} 项：尚未分解"),
    "pace_part_of_usual": (
        "its scope is {found} items where comparable ones have {usual}: not broken down yet",
        "范围 {found} 项，同类通常 {usual} 项：尚未分解完",
    ),
    "pace_unserved": (
        "team {team} delivered anything of it on only {found} {day_word} of the last 12 weeks",
        "团队 {team} 最近 12 周仅在 {found} {day_word}交付过其工作项",
    ),
    "first_ended": ("first ended {day}", "首次完成于 {day}"),
    "proof": ("the evidence says {day}, from {origin}", "事实依据为 {day}：{origin}"),
    "slip_judged": (
        "{wd} wd by the evidence, on which the colour is judged, for the forecast is not believed",
        "按依据为 {wd} 个工作日：预测未采信，颜色据此判定",
    ),
    "judged_on": ("the colour is judged on {day}, from {origin}", "颜色按 {day} 判定：{origin}"),
    "waits_for": ("waits for {codes}", "前置里程碑 {codes}"),
    "days_late": ("{wd} wd / {days} {day_word}", "{wd} 个工作日 / {days} {day_word}"),
    "first_target": ("{slip} {against}", "{slip}（{against}）"),
    "on_calendar": ("calendar {calendar}", "日历 {calendar}"),
    "baseline_on": ("baseline {baseline}", "基线 {baseline}"),
    "points": ("{part} {points} of {of}[, last on {last}]", "{part} {points}/{of}[（最近 {last}）]"),
    "points_of": ("{code} {points}", "{code} {points}"),
    "coloured": ("{mark}", "{mark}"),
    "decided_colour": ("{mark}, covers {covers}", "{mark}，覆盖 {covers}"),
    "computed": ("computed {mark}", "计算为 {mark}"),
    "tolerances": ("amber > {amber} wd, red > {red} wd", "超过 {amber} 个工作日为黄，超过 {red} 个工作日为红"),
    "below": (
        "{code} {mark}[, covers {covers}][, {level}][, {final}][, due within {within} wd]",
        "{code} {mark}[，覆盖 {covers}][，{level}][，{final}][，{within} 个工作日内到期]",
    ),
}

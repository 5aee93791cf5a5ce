"""Short sentences and marks of the tabs themselves. ``{}`` fields are filled by ``text``."""

from __future__ import annotations

from pmosync.dashboard.words import committee, concerns, slips, status, today
from pmosync.dashboard.words.language import Pair

TABS: dict[str, tuple[Pair, Pair]] = {
    "about": (
        ("About", "说明"),
        (
            "How fresh this workbook is, what each tab is for, and the rules in force.",
            "本工作簿的数据时效、各表用途与现行规则。",
        ),
    ),
    "portfolio": (
        ("Portfolio", "项目组合"),
        (
            "The register: portfolios, programs and projects with their colour and the reason.",
            "总表：项目组合、项目群与项目的颜色及原因。",
        ),
    ),
    "milestones": (
        ("Milestones", "里程碑"),
        (
            "Every committee and tracked milestone: promised, expected, slip and why.",
            "全部委员会级与跟踪级里程碑：承诺、预计、延期及原因。",
        ),
    ),
    "work": (
        ("Work", "工作项"),
        (
            "Exceptions only: items with a problem, or due soon in a committee milestone.",
            "仅列例外：有问题的工作项，或委员会级里程碑中即将到期的工作项。",
        ),
    ),
    "data_quality": (
        ("Data quality", "数据质量"),
        ("What a person should mend, with the place and the remedy.", "需要人工修正的数据，注明位置与处理办法。"),
    ),
    "runs": (
        ("Runs", "运行记录"),
        ("The last syncs, for the people who run this service.", "最近的同步记录，供运维人员查看。"),
    ),
    **slips.TABS,
    **concerns.TABS,
    **status.TABS,
    **today.TABS,
    **committee.TABS,
}

TEXTS: dict[str, Pair] = {
    "restricted": ("restricted", "受限"),
    "somebody": ("somebody", "某人"),
    "restricted_count": ("{count} restricted, not listed", "{count} 项受限，未列出"),
    "small_count": (
        "{count} team-level, counted and not listed: pmosync export",
        "{count} 个团队级里程碑仅计数、未列出：pmosync export",
    ),
    "more": ("{count} more: pmosync export", "另有 {count} 条：pmosync export"),
    "more_findings": ("{count} more like this: pmosync export", "同类另有 {count} 条：pmosync export"),
    "not_visible": ("not visible since {day}", "自 {day} 起不可见"),
    "no_baseline": ("No baseline", "无基线"),
    "no_date": ("No date", "无日期"),
    "dateless": ("no date", "无日期"),
    "no_promise": ("Nothing promised yet", "尚未作出承诺"),
    "no_end": ("Nothing says when", "无法得知何时完成"),
    "history_unknown": ("history unknown", "历史未知"),
    "made_of": (" ({inputs})", "（{inputs}）"),
    "since_first": (
        "{slip}; {first} wd since the first promise, v{version}",
        "{slip}；较最初承诺 {first} 个工作日，第{version}版",
    ),
    "frozen": ("{slip} (frozen)", "{slip}（已冻结）"),
    "column_missing": ("column missing", "缺少该列"),
    "counted": ("✓ counted", "✓ 已计入"),
    "waiting": ("⏳ counted at the next sync ", "⏳ 下次同步计入："),
    "waits": ("⏳ {message}", "⏳ {message}"),
    "doubtful": ("⚠ {column}: {message}", "⚠ {column}：{message}"),
    "twice": ("⚠ this code stands twice: keep one of the rows", "⚠ 代码重复：请只保留一行"),
    "still": ("{value} still in force", "仍以 {value} 为准"),
    "still_none": ("nothing in force", "暂无有效值"),
    "no_input": ("no row in the input tab", "填报表中无此行"),
    "kept_by": (
        "{name}: P50 kept by {p50}, P85 by {p85} of {count}",
        "{name}：{count} 次中 P50 兑现 {p50}，P85 兑现 {p85}",
    ),
    "forecast_by": ("Forecast by {by}", "预测：{by}"),
    "nobody_believed": ("not calibrated yet", "尚未校准"),
    "rollup": ("{day}[ {child}] ({judged})", "{day}[ {child}]（{judged}）"),
    "judged": ("{dated} of {open} dated", "{open} 项中 {dated} 项有日期"),
    "partial_rollup": ("partial ({dated} of {open} dated), unused", "不完整（{open} 项中 {dated} 项有日期），未采用"),
    "baseline": ("baseline", "基线"),
    "first_target": ("first target", "首次目标"),
    "against_first": ("against the first target {day}", "对比首次目标 {day}"),
    "expected_on": ("expected {day}", "预计 {day}"),
    "unbelieved": (
        "forecast {forecast} not believed: judged on the evidence, {day}",
        "预测 {forecast} 未采信：按事实依据 {day} 判定",
    ),
    "by_evidence": ("not believed: judged on the evidence", "未采信，按依据判定"),
    "slip_unbelieved": ("{slip}, by a forecast that is not believed", "{slip}（按未采信的预测）"),
    "not_believed": ("{what}, not believed", "{what}（未采信）"),
    "no_slip_but": ("{why}; {slip} {against}", "{why}；{slip}（{against}）"),
    "seen": ("{what}, seen {day}", "{what}（{day} 见到）"),
    "forecast_of": ("forecast of {day}", "{day} 的预测"),
    "due": ("{origin}, due {day}", "{origin}，{day} 到期"),
    "overdue": (
        "{origin}, was due {day}, overdue: counted as next working day",
        "{origin}（原定 {day} 到期，已逾期：按下一工作日计）",
    ),
    "overdue_brief": ("{origin}, was due {day}, overdue", "{origin}（原定 {day} 到期，已逾期）"),
    "overdue_today": ("{origin}[ ({what})]: today at the earliest", "{origin}[（{what}）]，最早按今日计"),
    "thawed": ("{origin}, moved from {day} by freeze {windows}", "{origin}，因封网（{windows}）由 {day} 顺延"),
    "of": ("{part} of {whole}", "{part}/{whole}"),
    "since": ("{what} since {day}", "{what}（自 {day} 起）"),
    "until": ("{what} until {day}", "{what}，至 {day}"),
    "estimated": ("~{day}", "~{day}"),
    "by_source": ("{source}: {pulled} read, {changed} changed", "{source}：读取 {pulled}，变更 {changed}"),
    "view_red_amber": ("Red and amber", "红与黄"),
    "view_key": ("Key projects", "重点项目"),
    "view_projects": ("Projects only", "仅项目"),
    "view_committee": ("Committee level", "委员会级"),
    "view_manager": ("PM: {name}", "项目经理：{name}"),
    "context_name": ("Name now", "当前名称"),
    "context_slip": ("Slip", "延期"),
    "context_rag": ("RAG", "红黄绿"),
    "context_why": ("Why", "原因"),
    "context_inputs": ("In force / problem", "生效情况"),
    "context_state": ("On Attention", "在“待关注”中"),
    "context_says": ("What holds", "情况"),
    "context_move": ("Move (wd)", "变动（工作日）"),
    "context_cause": ("Computed causes", "计算得出的原因"),
    "no_line": ("no such line now", "当前无此事项"),
    "waits_behind": (", which waits for {code}", "（等待 {code}）"),
    "no_move": ("no such move", "无此变动"),
    "said_in_force": ("in force: {what}", "生效：{what}"),
    "confirmed": ("confirmed {day}", "{day} 已确认"),
    "context_note": (
        "Filled by the tool from {tab}; do not type here.",
        "由本工具从“{tab}”表填入，请勿填写。",
    ),
    # about
    "section_fresh": ("Freshness", "数据时效"),
    "section_holds": ("Holds", "暂缓事项"),
    "section_tabs": ("Tabs", "各表说明"),
    "section_letters": ("Letters", "字母含义"),
    "section_rules": ("Rules in force", "现行规则"),
    "section_colours": ("Colour table in force", "现行颜色表"),
    "colour_rule": ("{field} {sign} {value}", "{field} {sign} {value}"),
    "colour_flag": ("{field}", "{field}"),
    "colour_flag_not": ("not: {field}", "并非：{field}"),
    "limit_is": ("{name} ({number})", "{name}（{number}）"),
    "with_word": ("{word} ({meaning})", "{word}（{meaning}）"),
    "typed_tabs": ("{title} (inputs)", "{title}（填报表）"),
    "colour_reason": ("because: {reason}; at once: {hard}", "原因：{reason}；立即生效：{hard}"),
    "one_day": ("day", "天"),
    "several_days": ("days", "天"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "typed": ("if a person typed the date", "日期为人工填写时"),
    "section_calendars": ("Calendars", "日历"),
    "section_examples": ("Worked examples", "示例"),
    "section_counts": ("Counts", "数量"),
    "section_ask": ("Ask for a resync", "申请重新同步"),
    "workbook": ("Workbook", "工作簿"),
    "as_of": ("Data as of", "数据截至"),
    "next_sync": ("Next sync", "下次同步"),
    "then_is": ("This workbook", "本工作簿"),
    "then": (
        "a past day: everything as it was known on {instant}; no sync renews it",
        "历史快照：全部内容为 {instant} 时所知，不再随同步更新",
    ),
    "then_hindsight": (
        "with hindsight: the run of {instant}, its dates by when they were changed in their systems, not by when they were "
        "seen; no sync renews it",
        "事后视角：基于 {instant} 的运行，日期以来源系统中的变更时间为准，而非首次看到的时间；不再随同步更新",
    ),
    "by_schedule": ("as scheduled", "按计划时间"),
    "ask": ("How", "方法"),
    "facts_as_of": ("facts of {name} as of {moment}", "{name} 的数据截至 {moment}"),
    "facts_never": ("{name} was never read", "{name} 从未读取"),
    "read_at": ("last read {instant}, {records} records", "最近读取 {instant}，{records} 条记录"),
    "never_read": ("never read", "从未读取"),
    "part": ("read {percent} %", "已读取 {percent} %"),
    "part_beside": (
        "{unit}: read bit by bit, at each sync some more",
        "{unit}：分批读取，每次同步继续读取一部分",
    ),
    "part_history": ("history {percent} %", "历史 {percent} %"),
    "part_history_beside": (
        "{unit}: fetched bit by bit, at each sync some more; what happened before the first sync is not fully known yet",
        "{unit}：分批获取，每次同步继续获取一部分；首次同步之前发生的变更尚未全部获知",
    ),
    "hold": ("since {instant}, {count} concerned", "自 {instant} 起，涉及 {count} 项"),
    "accept": ("look, then: pmosync accept {id}", "核实后执行：pmosync accept {id}"),
    "rebind": (
        "look, then: pmosync rebind --from {name} --to {to}",
        "核实后执行：pmosync rebind --from {name} --to {to}",
    ),
    "typed_at": ("{address} of the workbook that people type into", "填报工作簿的 {address}"),
    "tool_writes": ("written by the tool; protected", "由本工具写入，受保护"),
    "copy_of_inputs": (
        "a copy of what is in force; {editors} type into the workbook that holds the inputs",
        "生效内容的副本；请{editors}在填报工作簿中填写",
    ),
    "people_write": (
        "filled by {editors}; the tool only adds rows for new codes",
        "由{editors}填写，本工具仅为新代码追加行",
    ),
    "hidden_tab": ("hidden: for operators (View → Hidden sheets)", "默认隐藏，供运维人员使用（视图 → 隐藏的工作表）"),
    "provisional": ("provisional: not yet announced for {years}", "暂定：{years} 尚未公布"),
    "calendar": ("working days are counted on it", "用于计算工作日"),
    "milestones_listed": ("milestones listed", "列出的里程碑"),
    "milestones_small": ("team-level milestones, counted only", "团队级里程碑，仅计数"),
    "milestones_restricted": ("milestones restricted", "受限里程碑"),
    "items_restricted": ("items restricted", "受限工作项"),
    "findings_restricted": ("findings restricted", "受限发现"),
    "projects": ("projects", "项目"),
    "nothing": ("none", "无"),
    "next_free": ("Next free: {codes}", "下一个可用：{codes}"),
    "tab_row": ("{tab}, row {row}", "{tab}，第 {row} 行"),
    "tolerance_of_plans": (
        "key {of_key}, part-time {of_part_time}, short plans {of_short}",
        "重点 {of_key}，兼职 {of_part_time}，短期计划 {of_short}",
    ),
    "tolerance": (
        "Amber above {amber} wd of slip, Red above {red} wd",
        "延期超过 {amber} 个工作日为黄，超过 {red} 个工作日为红",
    ),
    **slips.TEXTS,
    **concerns.TEXTS,
    **status.TEXTS,
    **today.TEXTS,
    **committee.TEXTS,
}

RULES: dict[str, tuple[Pair, Pair]] = {
    "key": (("Key projects", "重点项目"), ("{tolerance}", "{tolerance}")),
    "part_time": (("Part-time projects", "兼职项目"), ("{tolerance}", "{tolerance}")),
    "short": (
        ("Short milestones", "短周期里程碑"),
        ("planned length up to {short_length} wd: {tolerance}", "计划周期不超过 {short_length} 个工作日：{tolerance}"),
    ),
    "slip": (
        ("Slip", "延期"),
        (
            "expected or actual date − current baseline, in working days (wd) of the project's "
            "calendar; the baseline day is not counted, the later day is; + is late",
            "预计或实际完成日减当前基线，按项目日历的工作日计；基线当日不计，较晚一日计入；+为延期",
        ),
    ),
    "baseline": (
        ("Baseline", "基线"),
        (
            "frozen {freeze_after} wd after the project is committed, or "
            "at once by a decision; afterwards moved only by a decision",
            "项目立项 {freeze_after} 个工作日后冻结，或由决策立即冻结；此后仅可经决策变更",
        ),
    ),
    "rollup": (
        ("Roll-up", "子项汇总"),
        (
            "used if at least {rollup_share} of the open children are dated",
            "未完成子项中至少 {rollup_share} 有日期时采用",
        ),
    ),
    "forecast": (
        ("Person's forecast", "人工预测"),
        (
            "holds for {forecast_periods} reporting periods, then stays as a floor",
            "有效期为 {forecast_periods} 个汇报周期，此后仅作为下限保留",
        ),
    ),
    "steady": (
        ("Steady colours", "颜色稳定"),
        (
            "a colour from computed dates changes when it held on "
            "{steady_days} working days; hard facts change it at once; "
            "assessments on which a new Red is only a preview: {preview_days}",
            "由计算日期得出的颜色须连续 {steady_days} 个工作日成立才变更；硬性事实立即生效；变红前预告的评估次数：{preview_days}",
        ),
    ),
    "cadence_days": (
        ("Reporting period", "汇报周期"),
        ("{cadence_days} wd for a project that names no cadence", "未注明周期的项目为 {cadence_days} 个工作日"),
    ),
    "released_within": (
        ("Actual date", "实际完成日"),
        (
            "a release date counts within {released_within} wd of the sync that saw it released; where no system tells the "
            "day, the day by which {backdone_share} of the items were delivered",
            "发布日期与首次发现相差不超过 {released_within} 个工作日时采用；来源未记录时取已交付 {backdone_share} 工作项之日",
        ),
    ),
    "reopen_days": (
        ("Re-opened", "重新打开"),
        (
            "within {reopen_days} wd, or with more than {reopen_share} of its items open, it is open again",
            "{reopen_days} 个工作日以内，或未完成工作项超过 {reopen_share} 时视为重新打开",
        ),
    ),
    "cut_share": (
        ("Scope cut", "缩减范围"),
        (
            "Amber when more than {cut_share} of the scope was removed since the baseline, or since the last re-scope",
            "自基线或最近一次范围调整以来缩减超过 {cut_share} 的范围为黄",
        ),
    ),
    "chance": (
        ("Likelihood", "可能性"),
        (
            "done by the baseline and the tolerance for Red: Red below {chance_red}, Amber below {chance_amber}, where a "
            "calibrated forecast says so",
            "在基线加红色容差之前完成：校准后的预测低于 {chance_red} 为红，低于 {chance_amber} 为黄",
        ),
    ),
    "delivered": (
        ("Promises of a date", "按日期承诺"),
        (
            "likely by the date: Red below {delivered_red} of the committed scope, Amber below {delivered_amber}",
            "预计按期交付的承诺范围低于 {delivered_red} 为红，低于 {delivered_amber} 为黄",
        ),
    ),
    "blocking_exposure": (
        ("Blocking risk", "阻断性风险"),
        (
            "Red when an open risk of the milestone has an exposure (probability × impact) of {blocking_exposure} or more",
            "里程碑的未关闭风险敞口（概率×影响）达到 {blocking_exposure} 为红",
        ),
    ),
    "committee_open": (
        ("Committee milestones", "委员会级里程碑"),
        (
            "more than {committee_open} open in one project are a finding",
            "一个项目未完成超过 {committee_open} 个即为发现",
        ),
    ),
    "team": (
        ("Team milestones", "团队级里程碑"),
        (
            "promoted to tracked: {team_promote} (with a date from {team_from} to {team_to} days and {team_items} items or "
            "more); listed: {team_listed}",
            "提升为跟踪级：{team_promote}（日期在 {team_from} 至 {team_to} 天之间且不少于 {team_items} 个工作项）；"
            "列出：{team_listed}",
        ),
    ),
    "defaults": (
        ("Where nothing is said", "未注明时"),
        (
            "calendar {default_calendar}, time zone {default_time_zone}, done when: {default_done_when}",
            "日历 {default_calendar}，时区 {default_time_zone}，完成判定：{default_done_when}",
        ),
    ),
    "sites": (("Sites", "站点"), ("{sites}", "{sites}")),
    "stages": (("Stages, in their order", "阶段（按顺序）"), ("{stages}", "{stages}")),
    "sharpen_weeks": (
        ("Coarse dates", "粗略日期"),
        (
            "a month, quarter or half-year is the last working day of it, marked ~; to be sharpened {sharpen_weeks} weeks ahead",
            "月、季度、半年指其最后一个工作日，以 ~ 标记；须在 {sharpen_weeks} 周前确定具体日期",
        ),
    ),
    "quiet": (
        ("Quiet", "无进展"),
        (
            "Amber when nothing moved for {quiet} wd, once started or within {near} wd of the baseline",
            "已开始或距基线 {near} 个工作日以内，{quiet} 个工作日无进展为黄",
        ),
    ),
    "retargets": (
        ("Moved targets", "目标后移"),
        (
            "Amber at {retargets} later moves of {retarget_size} wd or more",
            "目标后移（每次不少于 {retarget_size} 个工作日）达 {retargets} 次为黄",
        ),
    ),
    "dates_seen": (
        ("History of dates", "日期的历史"),
        (
            "versions and milestones keep no history of their dates in their systems: first targets and moves are those seen "
            "since our first sync",
            "来源系统不保留版本与里程碑日期的变更历史：首个目标日期及其后移自首次同步起观察记录",
        ),
    ),
    "confidence": (
        ("Data confidence", "数据可信度"),
        ("below {confidence_floor} green turns pale", "低于 {confidence_floor} 时绿色变浅"),
    ),
    "stale": (
        ("Stale sources", "陈旧来源"),
        ("grey when a source was not read for more than {stale_after} wd", "来源超过 {stale_after} 个工作日未读取为灰"),
    ),
    "override": (
        ("Overrides", "指定颜色"),
        (
            "by a decision, for at most {override_days} days; they expire by themselves",
            "须经决策，最长 {override_days} 天，到期自动失效",
        ),
    ),
    "roll_up_within": (
        ("Project", "项目"),
        (
            "the worst of its committee milestones due within {roll_up_within} wd and of its final one",
            "取 {roll_up_within} 个工作日内到期的委员会级里程碑与最终里程碑中最差者",
        ),
    ),
    "program": (
        ("Program", "项目群"),
        (
            "Red if a key project is Red, or more than {part_time_share} "
            "(and at least {part_time_least}) of the part-time ones",
            "任一重点项目为红，或超过 {part_time_share}（且不少于 {part_time_least} 个）的兼职项目为红，则为红",
        ),
    ),
    "portfolio": (
        ("Portfolio", "项目组合"),
        (
            "Red when {portfolio_share} of the key projects are Red or a final milestone is missed",
            "{portfolio_share} 的重点项目为红，或有最终里程碑逾期未完成，则为红",
        ),
    ),
    **slips.RULES,
}

CHECKS: dict[str, Pair] = {
    # records and rows that cannot be read as they stand
    "unreadable-record": ("Unreadable record", "无法读取的记录"),
    "incomplete-row": ("Incomplete row", "行不完整"),
    "none-named": ("No milestone named", "未指定里程碑"),
    "column-missing": ("Column missing", "缺少列"),
    "table-unread": ("Table not read", "表格未能读取"),
    "no-code": ("No code", "缺少代码"),
    "duplicate-code": ("Code stands twice", "代码重复"),
    "code-cleared": ("Code cleared", "代码被清除"),
    "row-deleted": ("Row deleted, put back", "行被删除，已恢复"),
    "row-archived": ("Row deleted twice, archived", "行两次被删除，已归档"),
    "row-recoded": ("Row has another code", "行的代码已更改"),
    "row-left": ("Row deleted", "行已删除"),
    "declared-in-settings": ("Declared in the settings", "已在配置文件中声明"),
    "duplicate-name": ("Two of one name", "名称重复"),
    "unknown-code": ("Unknown code", "未知代码"),
    "unknown-id": ("Unknown id", "未知编号"),
    "unknown-period": ("Unknown period", "未知报告期"),
    "day-ahead": ("Day in the future", "日期尚未到来"),
    "unknown-column": ("Unknown column", "未知列"),
    "unknown-person": ("Unknown person", "未知人员"),
    "unknown-calendar": ("Unknown calendar", "未知日历"),
    "unknown-time-zone": ("Unknown time zone", "未知时区"),
    "name-fits-two": ("A name fits two", "名称对应多个对象"),
    "name-changed": ("The name has changed", "名称已更改"),
    "bound-anew": ("Goes on under another id", "已由其他对象延续"),
    "unknown-system": ("Unknown system", "未知系统"),
    "names-nothing": ("Names nothing that is known", "所指对象不存在"),
    "claimed-twice": ("Claimed by two", "被重复认领"),
    "not-a-choice": ("Not one of the choices", "不在选项之内"),
    "not-a-code": ("Not a code", "不是有效代码"),
    "not-a-date": ("Not a date", "不是日期"),
    "not-a-number": ("Not a number", "不是数字"),
    "not-text": ("Not text", "不是文本"),
    "not-yes-or-no": ("Neither yes nor no", "不是“是”或“否”"),
    "date-to-sharpen": ("Date to be sharpened", "日期待细化"),
    "date-undecided": ("Date to be decided", "日期待定"),
    "dates-reversed": ("Dates the wrong way round", "日期先后颠倒"),
    "calendar-row": ("Calendar row", "日历行有误"),
    # what no mapping covers
    "unmapped-kind": ("Unmapped kind", "种类未映射"),
    "unmapped-status": ("Unmapped status", "状态未映射"),
    "unmapped-resolution": ("Unmapped resolution", "解决结果未映射"),
    # decisions
    "decision-codes": ("Decision without valid codes", "决策缺少有效代码"),
    "decision-idle": ("Decision without effect", "决策未产生效果"),
    "decision-date": ("Decision without its date", "决策缺少日期"),
    "decision-day": ("Decision's day", "决策日有误"),
    "decision-type": ("Decision's type", "决策类型有误"),
    "decision-successor": ("Decision's successor", "决策的后继有误"),
    "decision-changed": ("Decision was changed", "决策被改动"),
    "already-baselined": ("Baselined already", "已有基线"),
    "nothing-to-correct": ("Nothing to correct", "无可更正"),
    "override-colour": ("Override's colour", "指定颜色有误"),
    "override-reason": ("Override without a reason", "指定颜色缺少原因"),
    "override-too-long": ("Override too long", "指定颜色期限过长"),
    "state-without-decision": ("State without a decision", "状态无决策依据"),
    "wish-waiting": ("Wish for a new baseline waits", "基线变更申请待决"),
    # milestones and projects
    "actual-ahead": ("Actual in the future", "实际日期在未来"),
    "actual-but-open": ("Actual given, source still open", "已填实际日期，来源仍未完成"),
    "unknown-done-when": ("Unknown 'done when'", "完成标准无法识别"),
    "done-open-children": ("Done with open children", "已完成但仍有未完成子项"),
    "dates-disagree": ("Sources disagree on the date", "各来源日期不一致"),
    "forecast-against-evidence": ("Forecast against the evidence", "预测与事实不符"),
    "target-past": ("Target in the past", "目标日期已过"),
    "no-date": ("No date", "无日期"),
    "no-owner": ("No owner", "无负责人"),
    "date-withdrawn": ("Date withdrawn", "日期已撤回"),
    "not-committed": ("Not committed", "尚未立项"),
    "no-learning-date": ("No learning date", "无学习日期"),
    "too-many-committee": ("Too many committee milestones", "委员会级里程碑过多"),
    "risk-milestone": ("Risk without a milestone", "风险未指向里程碑"),
    "dependency-cycle": ("Dependencies in a circle", "循环依赖"),
    "colour-rule": ("Colour rule", "颜色规则有误"),
}

"""The words of the tabs on slips: the milestone trend and the ledger."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

TABS: dict[str, tuple[Pair, Pair]] = {
    "slip_trend": (
        ("Slip trend", "延期趋势"),
        (
            "Milestone trend analysis: what date was expected on each report day, as it stood then.",
            "里程碑趋势分析：每个报告日当时预计的日期，事后不变。",
        ),
    ),
    "contradictions": (
        ("Contradictions", "矛盾"),
        (
            "Where tools, or a person and the evidence, disagree: what each says, what counts meanwhile, and why.",
            "各工具之间、或人工预测与依据之间的矛盾：各方说法、目前以何为准及原因。",
        ),
    ),
    "charts": (
        ("Charts", "图表"),
        (
            "The slip trend as lines, slip by cause, and burn-ups, dashed in the weeks ahead: what is safe, likely and possible "
            "if the teams go on as they did. The figures stand in folded columns.",
            "延期趋势折线、按原因的延期及燃起图；虚线为未来各周按团队现有速度稳妥、可能和乐观情况下的交付量。数据位于折叠列中。",
        ),
    ),
    "slip_ledger": (
        ("Slip ledger", "延期台账"),
        (
            "Every move of a date, the newest first: from, to, by how many working days, and why.",
            "日期的每次变动（最新在前）：原日期、新日期、变动工作日数及原因。",
        ),
    ),
}

COLUMNS: dict[str, tuple[Pair, Pair]] = {
    "chart": (("Charts", "图表"), ("Drawn from the folded columns on the right.", "根据右侧折叠列绘制。")),
    "chart_title": (("Chart", "图表名称"), ("The chart to which the figures below belong.", "以下数据所属的图表。")),
    "label": (("Label", "标签"), ("What the figures stand for.", "数据对应的标签。")),
    **{
        f"date_{place}": (
            (f"Line {place}", f"折线{place}"),
            ("Expected dates; the milestone stands above them.", "预计日期；上方为里程碑代码。"),
        )
        for place in range(1, 13)
    },
    **{
        f"count_{place}": (
            (f"Figure {place}", f"数值{place}"),
            ("What they count stands above them.", "上方为其含义。"),
        )
        for place in range(1, 6)
    },
    "contradictions.kind": (("Contradiction", "矛盾"), ("What is contradicted.", "矛盾的类型。")),
    "sides": (("What each says", "各方说法"), ("Each side with what it says.", "各方及其说法。")),
    "counts": (("Counts meanwhile", "目前采用"), ("The side that counts until they agree.", "一致之前采用的说法。")),
    "rule": (("Why", "原因"), ("Why that side counts.", "采用该说法的原因。")),
    "slip_trend.expected": (
        ("Expected", "预计"),
        ("Expected at the last report, or the actual day.", "最近一次报告时的预计日期，或实际日期。"),
    ),
    "slip_trend.net": (
        ("Net slip (wd)", "净延期（工作日）"),
        (
            "By how many working days the expected date is behind the baseline beside it; + is late. Empty while there is no "
            "baseline or no date is expected.",
            "预计日期相对旁边基线的延期工作日数；+为延期。没有基线或没有预计日期时为空。",
        ),
    ),
    "slip_trend.arrow": (
        ("Last move", "最近变动"),
        (
            "Since the last report that had a date: ↗ later, ↘ earlier, → unchanged; in working days.",
            "较上次有日期的报告：↗推迟，↘提前，→不变；单位为工作日。",
        ),
    ),
    "slip_ledger.moved": (
        ("Date", "日期类型"),
        (
            "Which date moved. The expected date has a row on report days only, if it moved enough since its last row.",
            "变动的是哪个日期。预计日期仅在报告日、且较上一行变动足够大时才记一行。",
        ),
    ),
    "slip_ledger.old": (("From", "原日期"), ("Before the move; empty: none.", "变动前；空白表示没有。")),
    "slip_ledger.new": (("To", "新日期"), ("After the move; empty: none.", "变动后；空白表示没有。")),
    "slip_ledger.wd": (
        ("Move (wd)", "变动（工作日）"),
        (
            "Working days from one to the other by the calendar of then; + is later. Of a pause: how long it took.",
            "按当时日历计算的工作日数；+为推迟。暂停则为其时长。",
        ),
    ),
    "slip_ledger.cause_said": (
        ("Cause, people say", "人工确认的原因"),
        (
            "From Slip causes, by the id; the computed one stays beside it.",
            "来自“延期原因确认”，按编号对应；计算结果保留。",
        ),
    ),
    "slip_ledger.answer_to": (("✎", "✎"), ("Leads to the tab Slip causes.", "跳转到“延期原因确认”。")),
    "slip_ledger.id": (
        ("Id", "编号"),
        ("Code, date and when the move was seen (UTC).", "代码、日期类型与发现时间（UTC）。"),
    ),
    "slip_ledger.cause": (
        ("Why", "原因"),
        (
            "Causes of an expected date in a fixed order: each is by how many working days it moved the date once the "
            "new inputs stood in the place of the old ones. They add up to the move.",
            "预计日期的各项原因，顺序固定：以新输入依次替换旧输入时日期变动的工作日数，合计等于总变动。",
        ),
    ),
    "slip_ledger.evidence": (
        ("Evidence", "依据"),
        ("The items or milestones that tell the causes.", "说明原因的工作项或里程碑。"),
    ),
    "slip_ledger.seen": (("Seen", "发现时间"), ("The sync that saw it.", "发现该变动的同步时间。")),
    "slip_ledger.changed": (
        ("Changed", "变更时间"),
        (
            "When it was changed, where the source tells; else between which syncs.",
            "来源系统给出的变更时间；否则为其前后两次同步之间。",
        ),
    ),
    "slip_ledger.by": (("By", "变更人"), ("Who changed it, where the source tells.", "变更人（来源系统提供时）。")),
    "slip_ledger.decision": (("Decision", "决策"), ("The decision that made the move.", "作出该变动的决策编号。")),
    "initial": (
        ("Scope at first", "初始范围"),
        (
            "Items of the current baseline: what was there when it was frozen; without one, at the first binding.",
            "当前基线冻结时已有的工作项；无基线时为首次绑定时的工作项。",
        ),
    ),
    "carried_over": (
        ("Carried over", "结转"),
        ("Items still open when the milestone ended.", "里程碑结束时仍未完成的工作项。"),
    ),
}

RULES: dict[str, tuple[Pair, Pair]] = {
    "ledger_move": (
        ("Slip ledger", "延期台账"),
        (
            "an expected date gets a row on a report day if it moved {ledger_move} wd since its last row; causes in this "
            "order: calendar, scope added/removed, re-estimate, predecessor, throughput, blocked, waiting for handover or "
            "review, re-planned by a person, method changed; below {ledger_cause} wd: unexplained",
            "预计日期较上一行变动满 {ledger_move} 个工作日时，在报告日记一行；原因按此顺序计算："
            "日历、范围增减、重新估期、前置里程碑、完成速度、受阻、等待交接或评审、人工改期、计算方法变更；"
            "不足 {ledger_cause} 个工作日的计为未解释",
        ),
    ),
}

TEXTS: dict[str, Pair] = {
    "report_day": (
        "The expected date as it stood on this report day; it never changes.",
        "该报告日当时的预计日期，事后不变。",
    ),
    "moved_between": ("between {after} and {seen} (at least 1 move)", "{after} 至 {seen} 之间（至少 1 次变动）"),
    "moved_by": ("by {seen} (at least 1 move)", "{seen} 之前（至少 1 次变动）"),
    "paused_for": ("paused {wd} wd[ ({decision})]", "暂停 {wd} 个工作日[（{decision}）]"),
    "planning": ("(planning: nothing was promised yet)", "（计划期：当时尚无承诺）"),
    "taken_back": ("(taken back {day})", "（{day}撤回）"),
    "nothing_counts": ("none: one of them is to be corrected", "无：需更正其中一方"),
    "charts_figures": (
        "Figures of the charts: folded columns on the right.",
        "图表数据见右侧折叠列。",
    ),
    "chart_trend": ("Slip trend: expected dates by report day", "延期趋势：各报告日的预计日期"),
    "chart_causes": ("Slip by cause, last {days} days (wd)", "近 {days} 天按原因的延期（工作日）"),
    "chart_burn_up": ("Burn-up {code}", "燃起图 {code}"),
    "wd": ("wd", "工作日"),
    "scope": ("Scope", "范围"),
    "delivered": ("Delivered", "已交付"),
    "fan_low": ("safe (85 %)", "稳妥（85%）"),
    "fan_likely": ("likely (50 %)", "可能（50%）"),
    "fan_high": ("possible (15 %)", "乐观（15%）"),
    "inputs_gone": ("the row of {code} is not there any more; it said", "{code} 的行已不在，原内容为"),
    "changed_by": ("changed {changed}[ by {by}]", "变更于 {changed}[（{by}）]"),
    "view_expected": ("Expected dates", "预计日期"),
}

TERMS: dict[str, dict[str, Pair]] = {
    "moved": {
        "target": ("target", "目标"),
        "baseline": ("baseline", "基线"),
        "actual": ("actual", "实际"),
        "forecast": ("forecast", "预测"),
        "expected": ("expected", "预计"),
        "paused": ("pause", "暂停"),
    },
    "contradiction": {
        "dates": ("several dates for one milestone", "同一里程碑有多个日期"),
        "forecast": ("forecast against evidence", "预测与依据不符"),
        "in_review": ("merged, but the item is in review", "已合并，但事项仍在评审"),
        "unmerged": ("delivered, but a merge request is open", "已交付，但合并请求仍未合并"),
        "milestones": ("filed under different milestones", "归入不同的里程碑"),
        "owner": ("owner unknown in the other tool", "负责人在另一工具中未知"),
        "reported": ("reported colour against the rules", "上报状态与规则不符"),
        "priority": ("who goes first on a shared team", "共享团队先做谁"),
    },
    "counting": {
        "leading": ("its binding leads", "其绑定为主绑定"),
        "sheet": ("the plan sheet counts where no binding leads", "无主绑定时以计划表为准"),
        "latest": ("it is the latest", "取最晚的日期"),
        "evidence": ("the colour is judged on the evidence", "颜色以依据判定"),
        "rules": ("a reported colour moves nothing", "上报状态不影响判定"),
        "split": (
            "the team goes on as it did until somebody says who goes first",
            "在确定先后之前，按团队近期的分配推算",
        ),
    },
    "side": {
        "reported": ("reported", "上报"),
        "computed": ("by the rules", "按规则"),
        "split": ("pace by the split of the last weeks", "按近期分配的速率"),
        "priority": ("pace by strict priority", "按严格优先级的速率"),
        "sheet": ("plan sheet", "计划表"),
        "version": ("version", "版本"),
        "epic": ("epic", "史诗"),
        "milestone": ("milestone", "里程碑"),
        "child": ("open child", "未完成子项"),
        "forecast": ("forecast", "预测"),
        "p50": ("calibrated P50", "校准后的 P50"),
        "predecessor": ("predecessor", "前置"),
        "overdue": ("overdue evidence", "已过期的依据"),
        "withdrawn": ("withdrawn target", "已撤回的目标"),
        "successor": ("successor", "后继"),
        "frozen": ("frozen", "已冻结"),
        "item": ("item", "事项"),
        "merge_request": ("merge request", "合并请求"),
        "account": ("account", "账号"),
        "system": ("not found in", "未见于"),
    },
    "request_state": {
        "merged": ("merged", "已合并"),
        "opened": ("open", "未合并"),
        "draft": ("open as a draft", "草稿，未合并"),
        "closed": ("closed", "已关闭"),
    },
    "history": {
        "plan": ("planned", "计划"),
        "target": ("target", "目标"),
        "forecast": ("forecast", "预测"),
        "actual": ("actual", "实际"),
        "wish": ("wish", "申请"),
        "start": ("start", "开始"),
        "closed": ("closed", "关闭"),
        "title": ("title", "标题"),
        "gone": ("gone", "不可见"),
        "baseline": ("baseline", "基线"),
        "expected": ("expected", "预计"),
        "colour": ("colour", "颜色"),
        "ledger": ("slip", "延期"),
        "planning": ("planning, no slip yet", "计划期，不计延期"),
    },
    "cause": {
        "calendar": ("calendar", "日历"),
        "scope": ("scope added/removed", "范围增减"),
        "re_estimate": ("re-estimate", "重新估期"),
        "predecessor": ("predecessor", "前置里程碑"),
        "throughput": ("throughput", "完成速度"),
        "overdue": ("overdue, rolled on day by day", "到期未完成，逐日顺延"),
        "blocked": ("blocked", "受阻"),
        "waiting": ("waiting for handover or review", "等待交接或评审"),
        "re_planned": ("re-planned by a person", "人工改期"),
        "method": ("method changed", "计算方法变更"),
        "unexplained": ("unexplained", "未解释"),
        "confirmed": ("as computed", "与计算一致"),
        "supplier": ("supplier or partner", "供应商或合作方"),
        "quality": ("defects or rework", "缺陷或返工"),
        "other": ("other", "其他"),
    },
}

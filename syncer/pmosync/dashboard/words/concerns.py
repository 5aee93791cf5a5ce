"""The words of the tab Attention."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

TABS: dict[str, tuple[Pair, Pair]] = {
    "attention": (
        ("Attention", "待关注"),
        (
            "What needs somebody, the dearest first: working days by which a final milestone is late if nothing changes, "
            "times 3 for P0, 2 for P1, 1 for others. What went away stays to the end of its week.",
            "需要有人处理的事项，代价最大者在前："
            "若不采取行动，最终里程碑延期的工作日数乘以优先级系数（P0 为 3，P1 为 2，其余为 1）。"
            "已消除的事项保留至当周结束。",
        ),
    ),
}

COLUMNS: dict[str, tuple[Pair, Pair]] = {
    "attention.place": (("No.", "序号"), ("Its place in the list today.", "当日排序。")),
    "attention.rule": (("Concern", "事项"), ("What it is about.", "事项类别。")),
    "attention.says": (
        ("What holds", "情况"),
        ("Its reason today; empty once it went away.", "当日的原因；消除后为空。"),
    ),
    "attention.acts": (
        ("Who acts", "由谁处理"),
        ("A person, else the role whose turn it is.", "责任人；未知时为角色。"),
    ),
    "attention.push": (
        ("Final milestone late, wd", "最终里程碑延期（工作日）"),
        (
            "Working days behind its promise at which the final milestone ends at the earliest if nothing changes; "
            "0 where it makes none late: then the milestone's own slip ranks it.",
            "若不采取行动，最终里程碑至少比承诺晚的工作日数；没有最终里程碑因此延期时为 0，此时按自身延期排序。",
        ),
    ),
    "attention.final": (("Final milestone", "最终里程碑"), ("The one that is made late.", "受影响的最终里程碑。")),
    "attention.cost": (("Weight", "权重"), ("Working days times the priority's factor.", "工作日数乘以优先级系数。")),
    "attention.since": (("Since", "起始"), ("When a sync first told it.", "首次被同步发现的时间。")),
    "attention.state": (
        ("State", "状态"),
        (
            "Open, gone since then, or decided: until that day a decision says that the colour is a better one.",
            "未解决、已消除的日期，或已有决策：至该日止由决策改善其颜色。",
        ),
    ),
    "answer": (("Answer", "回复"), ("From Attention answers, by the id.", "来自“关注事项回复”，按编号对应。")),
    "attention.id": (
        ("Id", "编号"),
        ("What it is called while it lasts: rule and code.", "存续期间的编号：规则与代码。"),
    ),
}

TERMS: dict[str, dict[str, Pair]] = {
    "concern": {
        "late": ("late or likely late", "延期或可能延期"),
        "pace": ("pace alone says later", "仅按速度推算将延期"),
        "risk": ("blocking risk", "阻碍性风险"),
        "review": ("review of a pause overdue", "暂停复审逾期"),
        "learning": ("learning date passed", "验证日期已过"),
        "past": ("a date lies in the past", "日期已过"),
        "owner": ("no owner", "无负责人"),
        "quiet": ("nothing moves", "长期无进展"),
        "moves": ("target keeps moving", "目标日期反复后移"),
        "scope": ("scope was cut", "范围被削减"),
        "close": ("done but not closed", "已完成未关闭"),
        "forecast": ("forecast against evidence", "预测与依据不符"),
        "promise": ("no promise to judge by", "缺少可判定的承诺"),
        "update": ("missing update", "缺少更新"),
        "wish": ("re-baseline wished for", "申请重设基线"),
    },
    "acts": {
        "owner": ("the milestone's owner", "里程碑负责人"),
        "manager": ("the project manager", "项目经理"),
        "office": ("the PMO office", "PMO 办公室"),
    },
}

TEXTS: dict[str, Pair] = {
    "concern_open": ("open", "未解决"),
    "concern_done": ("done, says the answer", "已回复处理完毕"),
    "concern_decided": ("decided until {day}", "已有决策，至 {day}"),
    "concern_rests": ("rests until {day}", "暂缓至 {day}"),
    "concern_over": ("gone since {day}", "{day} 起已消除"),
    "view_open": ("open", "未解决"),
    "view_office": ("the PMO office's turn", "待 PMO 办公室处理"),
}

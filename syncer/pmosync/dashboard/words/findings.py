"""Findings in Chinese: what is wrong and what mends it, by rule (``rule.which`` where one rule speaks of several things).

The English is the finding's own. ``{}`` fields are its values; a part in square brackets goes when one of them is empty.
"""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, str]] = {
    "too-many-committee": (
        "{code} 有 {count} 个未完成的委员会级里程碑，超过 {limit} 个",
        "将次要的里程碑改为跟踪级",
    ),
    "duplicate-name": ("{code} 有 {times} 个未完成的里程碑同名：{codes}", "改名或合并"),
    "unmapped-status": (
        "{count} 个未完成工作项的状态为“{status}”，映射中没有该状态：{items}",
        "将“{status}”加入 {connection} 的映射",
    ),
    "restricted": ("{count} 个受限工作项仅计数、不显示", ""),
    "dependency-cycle": ("以下里程碑互相等待：{codes}", "从循环中去掉一个前置里程碑"),
    "no-owner": ("{code} 没有唯一责任人", "填写负责人"),
    "no-date": ("{code} 既无基线也无目标日期", "填写目标日期"),
    "target-past": ("{code} 的目标日期 {day} 已过", "填写新的目标日期，或确认已完成"),
    "done-open-children": ("{code} 已完成，但 {total} 个工作项中仍有 {open} 个未完成", "关闭或移出这些工作项"),
    "actual-ahead": ("{code} 的实际完成日 {day} 尚未到来", "改填为预测日期"),
    "actual-but-open.released": (
        "{code} 已填实际完成日 {day}，但来源系统中尚未发布",
        "在来源系统中发布，或将完成条件设为“已确认”",
    ),
    "actual-but-open.closed": (
        "{code} 已填实际完成日 {day}，但来源系统中尚未关闭",
        "在来源系统中关闭，或将完成条件设为“已确认”",
    ),
    "name-fits-two": ("“{name}”对应 {count} 个对象：{choices}", "改填唯一的编号"),
    "unknown-code.depends on": ("{code} 的前置里程碑 {other} 不是已有代码", "更正代码，或在相应的表中添加"),
    "unknown-code.belongs to": ("{code} 所属的 {other} 不是已有代码", "更正代码，或在相应的表中添加"),
    "unknown-code.threatens": ("风险 {code} 涉及的 {other} 不是已有代码", "更正代码，或在相应的表中添加"),
    "decision-codes": ("决策 {number}（{type}）写的是 {codes}：对其不起作用", "写明所涉及的里程碑"),
    "decision-idle": ("决策 {number}（{type}）涉及的 {code} 已是 {state}：不起作用", "更正其类型、日期或代码"),
    "date-to-sharpen": ("{code} 的日期 ~{day} 仍是粗略日期，距今不足 {weeks} 周", "填写确切日期"),
    "date-withdrawn": ("{code} 的目标日期 {target} 已于 {taken} 撤回", "填写新的目标日期"),
    "unknown-done-when": (
        "{code} 的完成条件“{word}”无法识别：以人工填写的实际完成日为准",
        "填写 released、closed、confirmed 或一个阶段（{stages}），或将其加入 policy.stages",
    ),
    "risk-milestone": (
        "风险 {id} 的里程碑一栏写的是 {code}，它不是里程碑：不会使任何里程碑变红",
        "写明受威胁的里程碑；项目另有专栏",
    ),
    "no-learning-date": ("{code} 是试验性项目却没有学习日期，无从得知何时作出决定", "填写作出决定的日期"),
    "none-named": (
        "{code} 的来源系统中有 {count} 个里程碑，均未被指定：不据此判定该项目",
        "将所承诺的列为里程碑，或设置 policy.team_promote，或以 policy.team_listed 全部列出",
    ),
    "not-committed": ("{code} 没有立项日期，基线不会冻结", "填写立项日期"),
    "state-without-decision": ("{code} 的状态填写为“{state}”：状态只能由决策确定", "作出决策"),
    "override-colour": ("指定颜色的决策 {number} 所写的颜色无法识别（“{colour}”）", "填写 R、A 或 G"),
    "override-too-long": ("指定颜色的决策 {number} 超过 {days} 天：到 {days} 天即失效", "到期前重新决策"),
    "wish-waiting": (
        "{code} 申请将[ {instead} 的]基线改为 {day}[：{reason}]",
        "在“决策”表中决定变更基线，或清除该申请",
    ),
    "forecast-against-evidence": (
        "{code} 的预测日期为 {forecast}，但事实依据（{source}[ {name}]）为 {day}",
        "更正预测，或更新来源系统",
    ),
    "dates-disagree.leading": (
        "{code} 有 {count} 个日期（{dates}）：以 {day} 为准，因其绑定为主导",
        "统一各日期，或将其中一个绑定标为主导",
    ),
    "dates-disagree.sheet": (
        "{code} 有 {count} 个日期（{dates}）：以 {day} 为准，没有主导绑定时以计划表为准",
        "统一各日期，或将其中一个绑定标为主导",
    ),
    "dates-disagree.latest": (
        "{code} 有 {count} 个日期（{dates}）：以 {day} 为准，取其中最晚者",
        "统一各日期，或将其中一个绑定标为主导",
    ),
    "names-nothing": ("{code}：{system} 中没有名为“{name}”的 {form}", "按系统所示填写其名称、编号或 ID"),
    "name-changed": (
        "{code}：{system} 中已没有名为“{name}”的 {form}；仍绑定到“{still}”",
        "改填“{still}”，或填写所指对象的名称",
    ),
    "unknown-system": ("{code}：没有名为“{system}”的连接", "从以下选择：{choices}"),
}

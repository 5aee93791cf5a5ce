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
    "name-fits-two.migrated": (
        "“{name}”对应 {count} 个对象：{choices}",
        "该站点似已迁移：pmosync rebind --from {system} --to {system} --dry-run",
    ),
    "unknown-code.depends on": ("{code} 的前置里程碑 {other} 不是已有代码", "更正代码，或在相应的表中添加"),
    "unknown-code.belongs to": ("{code} 所属的 {other} 不是已有代码", "更正代码，或在相应的表中添加"),
    "unknown-code.alone": ("{other} 不是已有代码", "更正代码，或在相应的表中添加"),
    "unknown-code.threatens": ("风险 {code} 涉及的 {other} 不是已有代码", "更正代码，或在相应的表中添加"),
    "unknown-code.is about": ("{code} 所涉及的 {other} 不是已有代码", "更正代码，或在相应的表中添加"),
    "unknown-id.attention": ("“{id}”不是“待关注”中任何一行的编号：所填内容不起作用", "从“待关注”复制编号"),
    "unknown-id.ledger": ("“{id}”不是“延期台账”中任何一行的编号：所填内容不起作用", "从“延期台账”复制编号"),
    "unknown-period": (
        "{code} 的报告定稿所填的报告期“{period}”不是该项目的报告期：定稿不予显示，也没有哪一期因此计为已发送",
        "按“状态报告”中的写法填写，例如 {example}",
    ),
    "day-ahead.sent": (
        "{code} 的报告（{period}）的发送日期 {day} 尚未到来：不计为已发送",
        "填写实际发送的日期，发送之前请留空",
    ),
    "day-ahead.confirmed": ("{code} 的确认日期 {day} 尚未到来：不计为已确认", "填写实际查看的日期"),
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
    "override-reason": ("指定颜色的决策 {number} 未写原因：无从判断何时不再适用", "填写原因"),
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
    "names-nothing": ("{code}：{system} 中没有名为“{name}”的{form}", "按系统所示填写其名称、编号或 ID"),
    "name-changed": (
        "{code}：{system} 中已没有名为“{name}”的{form}；仍绑定到“{still}”",
        "改填“{still}”，或填写所指对象的名称",
    ),
    "bound-anew.system": (
        "{code}：{system} 的{form}“{name}”现由 {connection} 的“{other}”（ID {id}）延续，该行按此读取",
        "系统改填 {connection}，对象改填“{other}”",
    ),
    "bound-anew.name": (
        "{code}：{system} 的{form}“{name}”现由“{other}”（ID {id}）延续，该行按此读取",
        "改填“{other}”或其 ID {id}",
    ),
    "unknown-system": ("{code}：没有名为“{system}”的连接", "从以下选择：{choices}"),
    # records and rows that cannot be read as they stand; "standing" tells what counts meanwhile
    "unreadable-record.row": ("该行没有单元格", "在工作表或配置文件中查看该行"),
    "unreadable-record.source": (
        "无法读取该记录（{why}）：已搁置，沿用其上次的有效状态",
        "在来源系统中查看该记录",
    ),
    "unreadable-record.field": (
        "记录的字段 {field} 内容不符：已搁置，沿用其上次的有效状态",
        "在来源系统中查看该记录，或更正映射中的路径",
    ),
    "unknown-column": ("“{name}”不是“{tab}”的列", "改用以下列名之一：{columns}"),
    "not-text": ("“{name}”不是纯文本：{standing}[ {usual}]", "填写纯文本"),
    "not-a-code": ("“{name}”不是有效代码：{standing}[ {usual}]", "填写一个不含空格的短代码，如 PAY-M07"),
    "not-a-choice": ("“{name}”不在该列的选项之内：{standing}[ {usual}]", "填写以下之一：{choices}"),
    "not-yes-or-no": ("“{name}”不是“是”或“否”：{standing}[ {usual}]", "填写“是”或“否”"),
    "not-a-number": ("“{name}”不是数字：{standing}[ {usual}]", "填写数字，如 1200、1,200.50 或 120万"),
    "not-a-number.whole": ("“{name}”不是整数：{standing}[ {usual}]", "填写整数"),
    "not-a-number.range": (
        "“{name}”不是 {least} 至 {most} 之间的整数：{standing}[ {usual}]",
        "填写 {least} 至 {most} 之间的整数",
    ),
    "not-a-date": (
        "“{name}”不是日期：{standing}[ {usual}]",
        "填写日期，如 2026-12-05、2026/12/5、12月5日，或粗略日期 2026-12、12月底、2026Q4、2026H2",
    ),
    "not-a-date.years": ("“{name}”的年份超出范围：{standing}[ {usual}]", "填写 2000 至 2099 年之间的日期"),
    "not-a-date.no-such-day": ("“{name}”在日历中不存在：{standing}[ {usual}]", "填写日历中存在的日期"),
    "not-a-date.month": ("“{name}”的月份不存在：{standing}[ {usual}]", "填写 1 至 12 月"),
    "not-a-date.year-missing": ("“{name}”缺少年份：{standing}[ {usual}]", "填写带年份的日期"),
    "date-undecided": ("“{name}”表示日期未定：{standing}[ {usual}]", "未定之前请留空，确定后填写日期"),
    "name-fits-two.person": ("“{name}”对应 {count} 个人：{standing}[ {usual}]", "填写所指人员的编号：{choices}"),
    "unknown-person": ("人员表中没有“{name}”", "填写“人员”表中的姓名或编号，或在该表中添加此人"),
    "dates-reversed": ("结束日期早于开始日期：{standing}[ {usual}]", "填写 {day} 或之后的日期"),
    "no-code": ("“{column}”一格为空：该行不计入", "填写该格，或清空该行"),
    "incomplete-row": ("“{column}”一格为空：该行不计入", "填写该格，或清空该行"),
    "duplicate-code": ("“{name}”出现在多行中[（第 {rows} 行）]：{twins}", "只保留其中一行"),
    "duplicate-code.first": (
        "代码“{code}”同时出现在 {other}：沿用本行先前的内容，只剩一行之前任何修改均不生效",
        "为其中一行改用其他代码，或删除其中一行",
    ),
    "duplicate-code.later": (
        "代码“{code}”同时出现在 {other}：沿用该行先前的内容，本行不生效",
        "为其中一行改用其他代码，或删除其中一行",
    ),
    "duplicate-code.neither": (
        "代码“{code}”同时出现在 {other}：只剩一行之前均不生效",
        "为其中一行改用其他代码，或删除其中一行",
    ),
    "duplicate-code.elsewhere": ("代码“{code}”同时出现在 {other}", "为其中一行改用其他代码"),
    "column-missing": (
        "缺少“{column}”列：沿用该列最后填写的值",
        "恢复该列或其表头；要撤回某个值，请清空其单元格",
    ),
    "table-unread.absent": (
        "`tabs`（{key}）所写的“{name}”既不是工作表标题，也不是命名区域：未予读取，沿用此前读到的内容；恢复之前，其他工作表中删除的行也不计",
        "在表格中恢复该名称，或在配置文件中更正",
    ),
    "table-unread.empty": (
        "`tabs`（{key}）所写的命名区域“{name}”已没有单元格：未予读取，沿用此前读到的内容；恢复之前，其他工作表中删除的行也不计",
        "为该命名区域重新指定单元格，或在配置文件中更正名称",
    ),
    "table-unread.none": (
        "找不到任何一张填写表：未予读取，沿用此前读到的内容；恢复之前，其他工作表中删除的行也不计",
        "恢复工作表标题，或从配置文件中删除该连接",
    ),
    "table-unread.header": (
        "缺少区分各行的列 {columns}（前 {within} 行中没有其表头）："
        "各行均未读取，沿用此前读到的内容；恢复之前，其他工作表中删除的行也不计",
        "恢复其表头：{headers}",
    ),
    "declared-in-settings": (
        "[{code} ]已在配置文件[（{home}）]中声明：该行不起作用",
        "在该处修改，或从配置文件中删除后保留此行",
    ),
    # rows that are not there any more
    "code-cleared": ("该行的代码被清除，原为 {code}；其内容仍然有效", "重新填写 {code}"),
    "row-deleted": ("{code} 的行被删除（{day}）：连同原内容恢复一次", "如需归档，请再次删除"),
    "row-archived": ("{code} 的行两次被删除（{day}）：已归档，保留其历史", "如需重新启用，请再次填写该代码"),
    "row-recoded": (
        "{code} 的行自 {day} 起代码为 {successor}：{code} 已移出计划",
        "若属误改，请重新填写 {code}",
    ),
    "row-recoded.elsewhere": (
        "{code} 的行自 {day} 起代码为 {successor}：{code} 以 {other} 为准",
        "如应以本行为准，请删除另一行",
    ),
    "row-left.elsewhere": ("{code} 的行已不存在（{day}）：{code} 以 {other} 为准", "如应以本行为准，请删除另一行"),
    "row-left": ("{code} 的行已不存在（{day}）：已移出计划", "若属误删，请重新填写"),
    # what no mapping covers
    "unmapped-kind": ("映射中没有种类“{kind}”的记录：未予计入", "在映射中添加该种类，或从连接中去掉"),
    "unmapped-status.word": (
        "状态“{word}”未映射：其工作项既不计为已开始，也不计为已完成[（{items} 个工作项）]",
        "在该连接的 mapping 之下，将“{word}”加入 tables.statuses",
    ),
    "unmapped-resolution.word": (
        "解决结果“{word}”未映射：在此之前，其已完成的工作项按未交付计[（{items} 个工作项）]",
        "在该连接的 mapping 之下，将“{word}”加入 tables.resolutions",
    ),
    # identity
    "claimed-twice": (
        "“{title}”所在的容器同时被 {codes} 认领",
        "将其中一个项目的绑定标为主导，或将该里程碑绑定到其代码",
    ),
    "names-nothing.label": ("{code}：标签本身没有日期，“{name}”无法绑定", "绑定版本、史诗或里程碑"),
    "unknown-code.new": ("没有代码为“{code}”的{thing}", "更正代码，或在相应的表中添加"),
    # decisions
    "unknown-code.decision": ("决策[ {number} ]写的 {code} 不是已有代码", "更正代码"),
    "unknown-code.successor": (
        "决策[ {number} ]的后继 {code} 不是已有里程碑：不起作用",
        "更正代码，或在相应的表中添加该里程碑",
    ),
    "decision-type": ("决策[ {number} ]的类型无法识别：不起作用", "从列表中选择类型"),
    "decision-day": ("决策[ {number} ]没有日期：尚未生效", "填写作出决策的日期"),
    "decision-codes.none": ("决策[ {number} ]没有写代码：不起作用", "填写所涉及的代码"),
    "decision-successor": ("决策[ {number}]（{type}）没有写明后继", "填写后继的代码"),
    "decision-date": ("涉及 {code} 的决策 {number} 没有写新日期", "填写新日期"),
    "decision-changed": (
        "涉及 {code} 的决策 {number} 原定 {day}，现改写为 {instead}：以当时所定为准",
        "以“更正”类型另作决策",
    ),
    "already-baselined": (
        "涉及 {code} 的决策 {number} 要设定基线，但自 {day} 的基线已存在",
        "改为变更基线；若当初冻结有误，则以“更正”类型决策",
    ),
    "nothing-to-correct": ("涉及 {code} 的决策 {number} 所要更正的基线并不存在", "先设定基线"),
    # calendars and rules
    "unknown-calendar": (
        "没有名为“{name}”的日历：改按默认日历[ {usual} ]计算",
        "填写国家代码（如 CN 或 DE），或配置文件、“日历”表中的地点",
    ),
    "unknown-time-zone": ("没有名为“{name}”的时区：改按 {usual} 计算", "填写 IANA 时区名，如 Asia/Shanghai"),
    "calendar-row.kind": ("“{kind}”不是日历行的种类", "填写 holiday（假日）、workday（工作日）或 freeze（封网）"),
    "calendar-row.first": ("日历行缺少开始日期", "填写开始日期"),
    "calendar-row.reversed": ("该行的结束日期 {instead} 早于开始日期 {day}", "对调两个日期"),
    "calendar-row.long": ("超过一年的日历行不计入", "按年拆分"),
    "calendar-row.aimless": (
        "该行适用于 {names}，但没有这样的项目、团队或日历：在该处不起作用",
        "填写项目代码、团队或日历（CN、DE、地点），多个用逗号分隔；留空则适用于全部",
    ),
    "colour-rule": ("颜色表第 {count} 行与其字段不符：未予采用", "更正该规则"),
}

HELD: dict[str, str] = {
    "": "{of} [的“{tab}”]中有 {count} 个{kind}不再列出",
    "losing": "{of} 中有 {count} 个{kind}不再列出：{codes}[ 及另外 {more} 个里程碑]的未完成工作缺失过多",
    "new-ids": "{of} 中有 {count} 个{kind}不再列出，其中 {rekeyed} 个的编号出现在新的 ID 之下：是否已迁移？",
    "elsewhere": "{of} 的 {count} 个{kind}不再绑定，其中 {rekeyed} 个的编号出现在 {there} 中：是否已迁移？",
}
"""Holds on what is not listed any more in Chinese, by why they are held. The English is the hold's own reason."""

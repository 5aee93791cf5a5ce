"""Fields and rules of the chain of evidence, as ``explain`` prints them."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

FIELDS: dict[str, Pair] = {
    "target": ("target", "目标日期"),
    "rollup": ("roll-up", "子项汇总"),
    "forecast": ("person's forecast", "人工预测"),
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
    "expected.latest": ("the latest of target, roll-up and predecessors", "取目标、子项汇总与前置里程碑中最晚者"),
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
    "slip.undefined": ("undefined: no baseline or no date", "无法计算：缺少基线或日期"),
    "slip.end − baseline": ("end − current baseline on the project's calendar", "结束日减当前基线，按项目日历"),
}

"""Fields and rules of the chain of evidence, as ``explain`` prints them."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

FIELDS: dict[str, Pair] = {
    "target": ("target", "目标日期"),
    "rollup": ("roll-up", "子项汇总"),
    "forecast": ("person's forecast", "人工预测"),
    "predecessors": ("predecessors", "前置里程碑"),
    "expected": ("expected date", "预计完成"),
    "baseline": ("baseline", "基线"),
    "slip": ("slip", "延期"),
    "actual": ("actual date", "实际完成"),
    "state": ("state", "状态"),
    "owner": ("owner", "负责人"),
    "rag": ("RAG", "红黄绿"),
    "confidence": ("data confidence", "数据可信度"),
}
STEPS: dict[str, Pair] = {}

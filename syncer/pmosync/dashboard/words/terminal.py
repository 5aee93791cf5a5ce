"""What a run says on a terminal, in both languages: the summary, and the lines of the demo."""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair, pick

LINES: dict[str, Pair] = {
    "projects": ("projects {counts}", "项目 {counts}"),
    "milestones": ("milestones {counts}", "里程碑 {counts}"),
    "and_small": ("{shown}, and {small}", "{shown}，另有{small}"),
    "small_one": ("{count} small one", "{count} 个小里程碑"),
    "small": ("{count} small ones", "{count} 个小里程碑"),
    "unknown": ("no milestone is known yet", "尚无已知的里程碑"),
    "unlisted_one": (
        "no milestone is listed; {small} is counted: name it in Milestone inputs, or see "
        "`pmosync export --kind verdict`",
        "未列出里程碑，仅计入{small}：请在“里程碑填报”中写明，或见 `pmosync export --kind verdict`",
    ),
    "unlisted": (
        "no milestone is listed; {small} are counted: name them in Milestone inputs, or see "
        "`pmosync export --kind verdict`",
        "未列出里程碑，仅计入{small}：请在“里程碑填报”中写明，或见 `pmosync export --kind verdict`",
    ),
    "findings_one": (
        "{count} finding{hidden} on the data: see the tab Data quality",
        "数据问题 {count} 条{hidden}：见“数据质量”",
    ),
    "findings": (
        "{count} findings{hidden} on the data: see the tab Data quality",
        "数据问题 {count} 条{hidden}：见“数据质量”",
    ),
    "hidden": (" (and {count} restricted)", "（另有 {count} 条受限）"),
    "worst_one": ("The worst milestone on {day}:", "{day} 状况最差的里程碑："),
    "worst": ("The {count} worst milestones on {day}:", "{day} 状况最差的 {count} 个里程碑："),
    "no_date": ("no date", "无日期"),
    "no_baseline": ("no baseline", "无基线"),
    "week": (
        "week {number}  {day}  {changed} rows new  {requests} requests  {cells} cells written",
        "第 {number} 周  {day}  新增 {changed} 行  请求 {requests} 次  写入 {cells} 格",
    ),
    "workbook": ("The workbook: {path}", "工作簿：{path}"),
    "page": ("The same to be read in a browser: {path}", "浏览器版：{path}"),
    "next": ("Try next:", "接下来可以试试："),
    "explain": ("the evidence behind every cell of it", "它每个单元格背后的依据"),
    "export": ("every milestone, team level too", "所有里程碑，含团队级"),
    "other": ("the same in Chinese", "同一演示的英文版"),
}


def line(key: str, language: str, **values: object) -> str:
    """A line in the language, its values put in as they are."""
    return pick(LINES[key], language).format_map(values)


def counted(key: str, count: int, language: str, **values: object) -> str:
    """A line that counts a thing: of one it has words of its own."""
    return line(f"{key}_one" if count == 1 else key, language, count=f"{count:,}", **values)

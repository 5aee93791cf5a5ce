"""The report's own words, in the languages that workbooks come in. Everything else it shows is in the tables."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "skip": "Skip to the page",
    "pages": "Pages",
    "as_of": "Data as of",
    "print": "Print this page",
    "filter": "Filter rows",
    "views": "Show only",
    "folded": "More columns",
    "found": "{shown} of {all} rows",
    "nothing": "Nothing to show.",
    "figures": "The figures behind the charts",
    "sort": "sort",
    "yes": "yes",
    "no": "no",
    "colon": ": ",
    "list": ", ",
    "stop": ". ",
    "operators": "for operators",
    "made": "Written by pmosync. What is typed here is not kept: the workbook is the place for that.",
}
CHINESE: Mapping[str, str] = {
    "skip": "跳到正文",
    "pages": "页面",
    "as_of": "数据截至",
    "print": "打印本页",
    "filter": "筛选行",
    "views": "只看",
    "folded": "更多列",
    "found": "{shown} / {all} 行",
    "nothing": "没有内容。",
    "figures": "图表背后的数据",
    "sort": "排序",
    "yes": "是",
    "no": "否",
    "colon": "：",
    "list": "、",
    "stop": "。",
    "operators": "供运维",
    "made": "由 pmosync 生成，仅供阅读；要填写内容，请到工作簿里填。",
}
LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh-CN": CHINESE}


def words_of(language: str) -> Mapping[str, str]:
    """The words of a language; English where it has none of its own."""
    return LANGUAGES.get(language, ENGLISH)

"""The words of the backtest: forecasters, columns and sentences."""

from __future__ import annotations

from collections.abc import Mapping

from pmosync.dashboard.words.language import Pair, pick

NAMES: dict[str, Pair] = {
    "planned": ("as planned", "按计划"),
    "reference": ("reference class", "参照类"),
    "line": ("straight line", "直线外推"),
    "pace": ("pace", "速率"),
    "blend": ("blend", "综合"),
    "published": ("published", "已发布"),
}

COLUMNS: tuple[Pair, ...] = (
    ("forecasts", "预测数"),
    ("P50 kept", "P50兑现"),
    ("P85 kept", "P85兑现"),
    ("loss P50", "P50损失"),
    ("loss P85", "P85损失"),
    ("width", "宽度"),
    ("off, wd", "偏差(wd)"),
    ("Brier", "Brier"),
)

SENTENCES: dict[str, Pair] = {
    "record": (
        "Backtest of {day}: {closed} closed milestones, seen {forecasts} times, at 25, 50 and 75 % of their planned way.",
        "{day} 回测：{closed} 个已结束的里程碑，在计划进程的 25%、50%、75% 处共回看 {forecasts} 次。",
    ),
    "judged": (
        "Judged are forecasts made after {since}, each by what was known on its day; learned from what had ended by then.",
        "评判 {since} 之后作出的预测：每次只用当日已知的信息，并从当时已结束的里程碑中学习。",
    ),
    "once": (
        "Judged are forecasts made after {since}, each by what was known on its day; "
        "learned once, from what had ended by {since}.",
        "评判 {since} 之后作出的预测：每次只用当日已知的信息；仅学习一次，依据 {since} 前已结束的里程碑。",
    ),
    "silent": (
        "{count} more are left out: on these not every forecaster has a say.",
        "另有 {count} 次未计入：并非每种预测方法都能给出结果。",
    ),
    "best": (
        "Best by now: {name}. Of its {count} forecasts P50 was kept by {p50} %, P85 by {p85} %.",
        "当前最佳：{name}。在其 {count} 次预测中，P50 兑现 {p50}%，P85 兑现 {p85}%。",
    ),
    "untrusted": (
        "That is too little to be published: it takes {fair} %, {safe} % and {least} forecasts.",
        "尚不足以发布：要求分别为 {fair}%、{safe}%，且不少于 {least} 次预测。",
    ),
    "publishes": ("Publishes now: {name}.", "当前发布：{name}。"),
    "nobody": (
        "Publishes now: nobody. A run puts the best one in force when it learns, every four weeks; About says what the last "
        "one found.",
        "当前无人发布。最佳方法须待运行学习时方可生效，每四周一次；上次学习的结果见“关于”页。",
    ),
    "told_by": (
        "What is called published was told by the winner of the last learning before it: {names}.",
        "“已发布”各行取其前一次学习的优胜者：{names}。",
    ),
    "share": ("{share} % of the way", "进程 {share}%"),
    "project": ("project {code}", "项目 {code}"),
    "units": (
        "Loss is pinball loss; it and the width from P50 to P85 are calendar days, wd are working days.",
        "损失为分位数(pinball)损失；损失与 P50 到 P85 的宽度以日历日计，偏差以工作日(wd)计。",
    ),
    "uncalibrated": (
        "not calibrated yet: {closed} of {least} comparable milestones have closed by {day}",
        "尚未校准：截至 {day}，可比的已结束里程碑为 {closed} 个，需要 {least} 个",
    ),
    "raw": ("{name}, raw", "{name}，原始"),
    "corrected": ("{name}, corrected", "{name}，校正后"),
    "published": ("{name}", "{name}"),
}


def name(forecaster: str, language: str) -> str:
    """What a forecaster is called."""
    return pick(NAMES[forecaster], language)


def counted(told: Mapping[str, int], language: str) -> str:
    """Forecasters with how many forecasts each of them told."""
    return pick((", ", "、"), language).join(f"{name(each, language)} {count}" for each, count in told.items())


def forecast(forecaster: str, corrected: bool, language: str) -> str:
    """What a line is called: a forecaster, raw or corrected; what was published is always corrected."""
    form = "published" if forecaster == "published" else "corrected" if corrected else "raw"
    return sentence(form, language, name=name(forecaster, language))


def columns(language: str) -> tuple[str, ...]:
    """The heads of the columns of figures."""
    return tuple(pick(column, language) for column in COLUMNS)


def sentence(key: str, language: str, **values: str | int) -> str:
    """A sentence with its values."""
    return pick(SENTENCES[key], language).format(**values)

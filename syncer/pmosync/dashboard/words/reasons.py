"""Each reason as a sentence. A part in square brackets is left out when one of its values is empty.

``{origin}`` is source and name together ("open child PAY-41"), with what made of its date another day; ``{when}`` is the date
that counts, and the forecast that does not; ``{against}`` the first target where there is no baseline; ``{who}`` is code and
name of a milestone, project or program, ``{own}`` what the site says itself.
"""

from __future__ import annotations

from pmosync.dashboard.words.language import Pair

SENTENCES: dict[str, Pair] = {
    # red
    "missed": (
        "missed: {promise} {baseline}[, {late_wd} wd ago, not done]",
        "逾期未完成：{promise} {baseline}[，已过 {late_wd} 个工作日]",
    ),
    "expected_late_red": (
        "{when}: {slip}[ {against}][; from {origin}][ (Red above {tolerance})]",
        "{when}：{slip}[，{against}][；依据{origin}][（超过{tolerance}为红）]",
    ),
    "unlikely_red": ("{percent} % likely to be done by {by}", "{by} 前完成的可能性为 {percent}%"),
    "short_red": (
        "{likely} of the {committed} committed items likely by the date",
        "承诺的 {committed} 项中预计按期交付 {likely} 项",
    ),
    "blocking_risk": ("blocked by risk {risk}[, exposure {exposure}]", "受风险 {risk} 阻碍[，风险值 {exposure}]"),
    "review_overdue": (
        "paused[ by {decision}], review {review} passed undecided",
        "已暂停[（{decision}）]，复审日 {review} 已过仍未决定",
    ),
    "learning_undecided": ("learning date {learning_date} passed undecided", "验证日期 {learning_date} 已过仍未定论"),
    # amber
    "expected_late_amber": (
        "{when}: {slip}[ {against}][; from {origin}][ (Amber above {tolerance})]",
        "{when}：{slip}[，{against}][；依据{origin}][（超过{tolerance}为黄）]",
    ),
    "unlikely_amber": ("{percent} % likely to be done by {by}", "{by} 前完成的可能性为 {percent}%"),
    "short_amber": (
        "{likely} of the {committed} committed items likely by the date",
        "承诺的 {committed} 项中预计按期交付 {likely} 项",
    ),
    "pace_late": (
        "pace alone says {pace}[ ({first} if {leader} goes first)][, more than {tolerance} late]"
        "[; scope taken to grow by {growth} %]",
        "仅按速率推算为 {pace}[（先做 {leader} 时为 {first}）][，延期超过{tolerance}][；按范围增长 {growth}% 计]",
    ),
    "target_past": ("target {target} lies in the past", "目标日期 {target} 已过"),
    "forecast_past": ("forecast {forecast} lies in the past", "预测日期 {forecast} 已过"),
    "no_owner": ("no accountable owner[, due {due}]", "无唯一责任人[，{due} 到期]"),
    "quiet": ("nothing moved for {wd} wd[, since {since}]", "已有 {wd} 个工作日无进展[（自 {since}）]"),
    "retargets": ("target moved later {moves} times", "目标日期已后移 {moves} 次"),
    "scope_cut": (
        "met by cutting scope: {removed} of {scope} removed",
        "靠削减范围达成：{scope} 项中移除 {removed} 项",
    ),
    "own_words": ("{own}", "{own}"),
    # green, and what stands beside a colour
    "on_time": ("{when}: {slip}[ {against}][; from {origin}]", "{when}：{slip}[，{against}][；依据{origin}]"),
    "low_confidence": ("data confidence {confidence}[, below {floor}]", "数据可信度 {confidence}[，低于 {floor}]"),
    "all_work_done": (
        "all known work done ({items} items), not yet done",
        "已知工作项全部完成（{items} 项），尚未确认完成",
    ),
    "forecast_against_evidence": (
        "forecast {forecast} not believed: judged on the evidence, {evidence}[, from {origin}]",
        "预测 {forecast} 未采信：按事实依据 {evidence} 判定[（{origin}）]",
    ),
    "reopened": ("re-opened; first done {first}", "已重新打开；首次完成于 {first}"),
    "calendar_restated": (
        "calendar changed: now {slip}; colour judged at {judged}",
        "日历调整后为 {slip}；颜色按 {judged} 判定",
    ),
    "freeze_moved": ("moved[ from {moved_from}] by freeze {windows}", "因封网（{windows}）[由 {moved_from} ]顺延"),
    "held_back": (
        "{computed} today, shown when held on {needed} days (now {held})",
        "今日计算为{computed}，连续 {needed} 日成立后显示（现 {held} 日）",
    ),
    "preview": ("turns {computed} on the next working day", "下一工作日将转为{computed}"),
    "wish_waiting": ("{wish} is wished for[: {words}]", "希望改为 {wish}[：{words}]"),
    "overridden": ("set to {letter} by {decision}[ until {until}]", "由 {decision} 指定为{letter}[，至 {until}]"),
    # grey
    "no_baseline": ("No baseline[; first target seen {target}]", "无基线[；首次见到的目标 {target}]"),
    "no_date": ("No date: neither baseline nor target", "无日期：既无基线也无目标日期"),
    "no_promise": (
        "expected {expected}; nothing was promised (no target, no baseline)",
        "预计 {expected}；未作承诺（既无目标日期也无基线）",
    ),
    "stale": ("{source} not read[ since {good}][, {wd} wd]", "{source} 未能读取[，自 {good} 起][，已 {wd} 个工作日]"),
    "last_colour": (
        "{source} not read[ since {good}]; colour of {day}",
        "{source} 未能读取[，自 {good} 起]；沿用 {day} 的颜色",
    ),
    "source_behind": ("{source} is behind[: last read {good}]", "{source} 数据滞后[：最近读取 {good}]"),
    "exempt": ("exempt by {decision}[ until {until}]", "经 {decision} 豁免[，至 {until}]"),
    "missing_update": ("no update[ since {since}][, {wd} wd]", "缺少更新[，自 {since} 起][，已 {wd} 个工作日]"),
    # states
    "done_on_time": ("done {actual}: {slip}", "{actual} 完成：{slip}"),
    "done_late": ("done {actual}: {slip}", "{actual} 完成：{slip}"),
    "done_no_baseline": ("done {actual}, no baseline", "{actual} 完成，无基线"),
    "history_unknown": ("history unknown: found already done[ {actual}]", "历史未知：首次发现时已完成[（{actual}）]"),
    "paused": (
        "paused[ by {decision}][ since {since}][, review {review}]",
        "已暂停[（{decision}）][，自 {since} 起][，复审 {review}]",
    ),
    "cancelled": ("cancelled[ by {decision}][ on {since}]", "已取消[（{decision}）][，{since}]"),
    "proposed": ("proposed, not yet committed", "拟议中，尚未承诺"),
    "replaced": ("replaced[ by {by}][ ({decision})]", "已被[ {by} ]替代[（{decision}）]"),
    "partial": (
        "first delivery done[; the rest runs on as {successor}][ ({decision})]",
        "首次交付已完成[；其余由 {successor} 延续][（{decision}）]",
    ),
    # roll-up
    "milestone_red": ("Red: {who}", "红：{who}"),
    "milestone_red_tracked": (
        "Red: {who}, tracked, so Amber at most",
        "红：{who}（跟踪级，最多为黄）",
    ),
    "override_covers": (
        "{code} {mark}[ by {decision}] covers {covers}[, {wd} wd]",
        "{code} {mark}[（{decision}）]覆盖 {covers}[，{wd} 个工作日]",
    ),
    "milestone_turning": (
        "[{final} milestone ]{who} turns {computed}[ on {day}] if it stays so",
        "[{final}里程碑 ]{who} 若持续[至 {day}] 将转为{computed}",
    ),
    "milestone_amber": ("Amber: {who}", "黄：{who}"),
    "milestone_grey": ("Grey: {who}", "灰：{who}"),
    "milestone_missing": ("missing update: {who}", "缺少更新：{who}"),
    "milestones_green": ("milestones Green: {count}", "{count} 个里程碑为绿"),
    "milestones_done": ("all {count} milestones done", "{count} 个里程碑全部完成"),
    "milestones_none": ("no milestone to judge by", "无可供判定的里程碑"),
    "project_decided": ("decided[: {result}]", "已有结论[：{result}]"),
    "learning_ahead": ("learning date {learning_date}", "验证日期 {learning_date}"),
    "project_red": ("key project Red: {who}", "重点项目为红：{who}"),
    "project_amber": ("project Amber: {who}", "项目为黄：{who}"),
    "project_grey": ("project Grey: {who}", "项目为灰：{who}"),
    "projects_green": ("projects Green: {count}", "{count} 个项目为绿"),
    "projects_beside": (
        "too few others to turn it:[ {red} Red][ {amber} Amber]",
        "另有未达升级条件：[{red} 红][ {amber} 黄]",
    ),
    "projects_done": ("all {count} projects done", "{count} 个项目全部完成"),
    "projects_none": ("no project to judge by", "无可供判定的项目"),
    "part_time_red": ("{red} of {total} part-time projects Red", "{total} 个兼职项目中 {red} 个为红"),
    "part_time_few": (
        "{red} of {total} part-time projects Red, too few to turn it Red: {who}",
        "{total} 个兼职项目中 {red} 个为红，未达转红条件：{who}",
    ),
    "program_red": ("program Red: {who}", "项目群为红：{who}"),
    "program_grey": ("program Grey: {who}", "项目群为灰：{who}"),
    "key_share_red": ("{red} of {total} key projects Red", "{total} 个重点项目中 {red} 个为红"),
    "final_missed": ("final milestone missed: {who}[, {project}]", "最终里程碑逾期未完成：{who}[（{project}）]"),
    "restricted": ("{count} restricted", "{count} 项受限"),
}

"""Headers of the published tabs and the notes that explain them: ``tab.column`` where a tab means its own, else ``column``."""

from __future__ import annotations

from pmosync.dashboard.words import committee, concerns, slips, status, today
from pmosync.dashboard.words.language import Pair, other, pick

COLUMNS: dict[str, tuple[Pair, Pair]] = {
    # ------------------------------------------------------------ shared
    "code": (
        ("Code", "代码"),
        (
            "Our own short code, never reused. It leads to the source.",
            "本工具的短代码，永不复用；点击可跳转到来源系统。",
        ),
    ),
    "name": (
        ("Name", "名称"),
        ("As it is called in its home: the sheet or the source.", "以归属处（表格或来源系统）的名称为准。"),
    ),
    "project": (("Project", "项目"), ("Code of the project.", "所属项目代码。")),
    "program": (("Program", "项目群"), ("Code of the program.", "所属项目群代码。")),
    "level": (
        ("Level", "层级"),
        (
            "committee: steered by the committee; tracked: steered by the PMO.",
            "委员会级：由项目委员会管控；跟踪级：由PMO跟踪。",
        ),
    ),
    "state": (
        ("State", "状态"),
        ("Set by rows of Decisions; active and done follow from facts.", "由“决策”表确定；进行中与已完成由事实得出。"),
    ),
    "owner": (("Owner", "负责人"), ("The one person accountable.", "唯一责任人。")),
    "rag": (
        ("RAG", "红黄绿"),
        (
            "R red, A amber, G green, (G) green on thin data, ? no judgement possible, "
            "B done, ‖ paused, P proposed, M missing update, "
            "× cancelled, → replaced. A ! marks a colour set by a decision.",
            "R红 A黄 G绿 (G)数据不足的绿 ?无法判断 B已完成 ‖暂停 "
            "P拟议 M缺少更新 ×取消 →已被替代；带!表示由决策指定的颜色。",
        ),
    ),
    "why": (
        ("Why", "原因"),
        ("The rule behind the colour, gravest first.", "颜色所依据的规则，最严重的在前。"),
    ),
    "days_in_colour": (
        ("Days in colour", "当前颜色持续"),
        (
            "Working days in this colour: the day on which it changed is the first, so it shows 1. They count on where "
            "the reason changes: pmosync history tells since when it is which.",
            "处于当前颜色的工作日数；变化当天计为第 1 天；原因变化不重新计数，各原因的起始日见 pmosync history。",
        ),
    ),
    "trend": (
        ("Trend", "趋势"),
        (
            "The colour at the last committee cut → this one; before the first cut, the one before it. ↓ worse, ↑ better. "
            "R→G!: a decision covers Red.",
            "上次例会时的颜色 → 当前颜色；首次例会之前为上一颜色。↓变差，↑变好。R→G!：由决策覆盖的红。",
        ),
    ),
    "override": (
        ("Override", "指定颜色"),
        ("Colour set by a decision, until its date; it expires by itself.", "由决策指定的颜色及截止日，到期自动失效。"),
    ),
    "confidence": (
        ("Data confidence", "数据可信度"),
        (
            "0 to 100: fresh data, owners and dates of open items, mapped statuses, "
            "movement, a person's word on the row or project. Below 60 green turns pale.",
            "0–100：数据新鲜度、未完成项的负责人与日期、状态映射、进展、人工填报或确认；低于60时绿色变浅。",
        ),
    ),
    "edit": (("✎", "✎"), ("Leads to the input tab of this row.", "跳转到本行对应的填写表。")),
    "source": (("Source", "来源"), ("The object in its own system.", "来源系统中的对象。")),
    # ------------------------------------------------------------ milestones
    "baseline": (
        ("Baseline", "基线"),
        (
            "The current baseline: the promise that colours are judged by. Moved only by a row of Decisions.",
            "当前基线，即判定颜色所依据的承诺日期；只能由“决策”表中的记录变更。",
        ),
    ),
    "version": (
        ("Baseline version", "基线版本"),
        ("1 is the original; each re-baseline adds one.", "1为原始基线，每次基线变更加1。"),
    ),
    "original": (
        ("Original baseline", "原始基线"),
        ("The first promise. It never moves.", "最初的承诺日期，永不改变。"),
    ),
    "expected": (
        ("Expected or actual", "预计/实际完成"),
        (
            "The latest of target, roll-up, P50 and predecessors; a person's "
            "forecast in force replaces it; once done, the actual day. Slip is measured to this date.",
            "取目标日期、子项汇总、P50 与前置里程碑中最晚者；有效的人工预测优先；完成后为实际日期。延期按此日期计算。",
        ),
    ),
    "p50": (
        ("P50", "P50"),
        (
            "Done by this day with 50 %, by the site's own record of closed milestones. Empty: not calibrated yet.",
            "按本站已结束里程碑的记录校准，50% 可能在此日前完成。空白：尚未校准。",
        ),
    ),
    "p85": (
        ("P85", "P85"),
        (
            "The date to promise: done by this day with 85 %. Empty: not calibrated yet, or too small to tell.",
            "可承诺的日期：85% 可能在此日前完成。空白：尚未校准，或规模过小。",
        ),
    ),
    "forecaster": (
        ("Forecast by", "预测方法"),
        (
            "Whose forecast P50 and P85 are, and how often its dates were kept on this site's closed milestones. Not "
            "calibrated yet: the record is too short, or does not keep what it says, so nothing is forecast by it; About "
            "says what is missing.",
            "P50 与 P85 所用的预测方法，以及其日期在本站已结束里程碑上的兑现率。"
            "尚未校准：记录过短或兑现率不符，故不据此预测；所缺见“关于”页。",
        ),
    ),
    "pace": (
        ("Pace says", "速率推算"),
        (
            "The day by which it is done with 50 % if its teams go on as in their last 12 weeks, a shared team with the "
            "split of these weeks. What strict priority says instead, where it is far from that, stands on Contradictions; "
            "Amber only where both are late. Evidence, no promise.",
            "若各团队保持最近 12 周的速率，50% 可能在此日前完成；共享团队按这些周的实际分配。"
            "按严格优先级推算的日期若与之相差过大，列于“矛盾”；两者均延期才为黄。仅为依据，不作承诺。",
        ),
    ),
    "expected_from": (("Expected from", "预计依据"), ("What the expected date comes from.", "预计完成日期的来源。")),
    "actual": (("Actual", "实际完成"), ("When it was done.", "实际完成日期。")),
    "actual_from": (
        ("Actual from", "实际依据"),
        ("What tells that it is done. ~ marks a date estimated from the items.", "完成的依据；~表示由工作项推算。"),
    ),
    "slip": (
        ("Slip, wd", "延期（工作日）"),
        (
            "Working days of the project's calendar from the current baseline "
            "to the expected or actual date; + is late. Empty: undefined.",
            "从当前基线到预计或实际完成日的工作日数（按项目日历），+为延期；空白表示无法计算。",
        ),
    ),
    "slip_words": (
        ("Slip in words", "延期说明"),
        ("The same in words, or why there is no slip.", "延期的文字说明，或无法计算的原因。"),
    ),
    "slip_days": (("Slip, days", "延期（自然日）"), ("The same slip in calendar days.", "同一延期，以自然日计。")),
    "slip_original": (
        ("vs original, wd", "对原始基线（工作日）"),
        ("Working days since the first promise.", "相对最初承诺的工作日数。"),
    ),
    "type": (("Type", "类型"), ("Kind of milestone as typed or found.", "填写或识别出的里程碑类型。")),
    "promise": (
        ("Promise", "承诺方式"),
        ("scope: all of it, when? date: that day, how much?", "范围：全部完成要到何时；日期：到期能完成多少。"),
    ),
    "owner_from": (("Owner from", "负责人来源"), ("Where the owner was found.", "负责人信息的来源。")),
    "target": (
        ("Target", "目标日期"),
        (
            "The date typed in the source or sheet; ~ marks a month, quarter or half-year.",
            "来源系统或表格中填写的日期；~表示按月、季度或半年填写。",
        ),
    ),
    "target_from": (
        ("Target from", "目标来源"),
        (
            "Where the target was typed. ~ marks a month, quarter or half-year, to be sharpened.",
            "目标日期填写于何处；~表示按月、季度或半年填写，有待细化。",
        ),
    ),
    "rollup": (
        ("Roll-up", "子项汇总"),
        (
            "Latest date of the open children, and how many of them are dated. Used only if enough are.",
            "未完成子项中最晚的日期及其中有日期的数量；比例足够时才采用。",
        ),
    ),
    "forecast": (
        ("Person's forecast", "人工预测"),
        (
            "The forecast typed in the row. A sheet does not tell who typed it, only which sync saw it first.",
            "填报行中的预测日期；表格不记录由谁填写，只知道首次见到它的同步。",
        ),
    ),
    "forecast_state": (
        ("Forecast is", "预测状态"),
        (
            "In force, unconfirmed since a day, or judged on the evidence instead.",
            "有效、自某日起未确认，或已改按事实判断。",
        ),
    ),
    "replans": (
        ("Re-baselined", "基线变更次数"),
        ("How often the baseline was moved by a decision.", "经决策变更基线的次数。"),
    ),
    "retargets": (
        ("Target moved later", "目标后移次数"),
        (
            "Later moves of the target since the current baseline. Moves before our first sync are not known: sources keep no "
            "history of these dates.",
            "当前基线以来目标日期后移的次数。首次同步之前的后移无从得知：来源系统不保留这些日期的历史。",
        ),
    ),
    "first_slip": (
        ("First slip seen", "首次发现延期"),
        ("The first day on which this milestone was seen to slip.", "首次发现该里程碑将延期的日期。"),
    ),
    "early_warning": (
        ("Early warning, days", "提前预警（自然日）"),
        (
            "Calendar days from the first slip seen to the baseline; negative if it was seen only afterwards.",
            "从首次发现延期到基线日期的自然日数；基线日期之后才发现则为负数。",
        ),
    ),
    "done": (
        ("Delivered", "已交付"),
        (
            "Delivered items of those in scope. Won't fix and the like are no progress.",
            "范围内已交付的工作项；不予修复等不计为进展。",
        ),
    ),
    "scope": (
        ("Scope", "范围"),
        ("Items delivered or open, each counted once.", "已交付与未完成的工作项，每项只计一次。"),
    ),
    "added": (
        ("Scope added", "范围增加"),
        (
            "Items that joined since the current baseline was frozen. What was there by then is the initial scope; "
            "empty where that was fewer than 5 items, for the work was broken down only afterwards.",
            "当前基线冻结之后新增的工作项；冻结时已有的为初始范围。冻结时不足5项（此后才分解）则为空。",
        ),
    ),
    "removed": (
        ("Scope removed", "范围移除"),
        ("Items moved out, or closed without delivery.", "移出或未交付即关闭的工作项。"),
    ),
    "backfilled": (
        ("Back-filled", "事后补录"),
        ("Items added after they were delivered.", "交付之后才补录的工作项。"),
    ),
    "work_after": (
        ("Work after release, days", "发布后仍有工作（天）"),
        (
            "Days from the release date to the last child done, where work went on after it; else empty.",
            "发布日之后仍有子项完成时，从发布日到最后一个子项完成的天数；否则为空。",
        ),
    ),
    "after_close": (
        ("Delivered after release", "发布后交付"),
        ("Items delivered after the release.", "发布之后才交付的工作项。"),
    ),
    "unmapped": (("Unmapped", "状态未映射"), ("Items whose status nobody mapped yet.", "状态尚未映射的工作项。")),
    "items_restricted": (
        ("Restricted items", "受限工作项"),
        ("Open items that this workbook's audience may not see.", "本表读者无权查看的未完成工作项。"),
    ),
    "items_hidden": (
        ("Items not visible", "不可见工作项"),
        ("Items that their source no longer shows; they stay in scope.", "来源系统已不再显示的工作项，仍计入范围。"),
    ),
    "depends_on": (("Depends on", "前置里程碑"), ("Milestones that must be done before.", "必须先完成的里程碑。")),
    "freeze": (
        ("Freeze window", "封网期"),
        (
            "The launch would fall into this window and moves to the next allowed day.",
            "上线日落入该封网期，顺延至下一允许日。",
        ),
    ),
    "input_row": (
        ("Input row", "填写行"),
        ("Row of this code in Milestone inputs.", "该代码在“里程碑填报”表中的行号。"),
    ),
    "typed_target": (
        ("Target as typed", "填写的目标"),
        ("Mirrored from Milestone inputs as it stands now.", "实时镜像自“里程碑填报”表。"),
    ),
    "typed_forecast": (
        ("Forecast as typed", "填写的预测"),
        ("Mirrored from Milestone inputs as it stands now.", "实时镜像自“里程碑填报”表。"),
    ),
    "typed_actual": (
        ("Actual as typed", "填写的实际"),
        ("Mirrored from Milestone inputs as it stands now.", "实时镜像自“里程碑填报”表。"),
    ),
    "typed_wish": (
        ("Wish: new date", "申请的新日期"),
        (
            "A wish for a new baseline, mirrored as it stands now. It counts only by a row of Decisions.",
            "申请的新基线日期（实时镜像），须经“决策”表才生效。",
        ),
    ),
    "typed_wish_reason": (
        ("Wish: reason", "申请理由"),
        ("Mirrored from Milestone inputs as it stands now.", "实时镜像自“里程碑填报”表。"),
    ),
    "typed_note": (
        ("Note", "备注"),
        ("Mirrored from Milestone inputs as it stands now.", "实时镜像自“里程碑填报”表。"),
    ),
    "inputs_state": (
        ("Inputs", "填写情况"),
        (
            "✓ what is typed counts; ⏳ typed since the last sync, counted at "
            "the next one; ⚠ cannot be read, the value before stays in force.",
            "✓ 已计入；⏳ 上次同步后填写，下次同步计入；⚠ 无法识别，沿用之前的有效值。",
        ),
    ),
    # ------------------------------------------------------------ portfolio
    "portfolio.level": (("Level", "层级"), ("portfolio, program or project.", "项目组合、项目群或项目。")),
    "portfolio.owner": (
        ("Owner", "负责人"),
        ("Manager of the project, program or portfolio.", "项目、项目群或项目组合的负责人。"),
    ),
    "portfolio.counts": (
        ("Counts", "数量"),
        ("Projects below by shown letter.", "下属项目按颜色计数。"),
    ),
    "portfolio.state": (("State", "状态"), ("State of the project.", "项目状态。")),
    "objective": (("Objective", "目标"), ("What it is for.", "要达成的目标。")),
    "control": (
        ("Control", "管控方式"),
        ("key: tight tolerances; part-time: wider ones.", "重点：严格容差；兼职：宽松容差。"),
    ),
    "kind": (
        ("Kind", "种类"),
        (
            "delivery, bet, experiment or SOP. Bets are judged by their learning date.",
            "交付、押注、实验或SOP；押注以验证日期判定。",
        ),
    ),
    "computed": (
        ("RAG computed", "计算颜色"),
        (
            "What today's facts alone say, before steadiness and decisions.",
            "仅按今日事实得出的颜色，未作稳定处理，未计决策。",
        ),
    ),
    "next": (
        ("Next milestone", "下一里程碑"),
        (
            "The open committee or tracked milestone that is due first.",
            "最先到期的未完成的委员会级或跟踪级里程碑。",
        ),
    ),
    "next_baseline": (("Next: baseline", "下一里程碑基线"), ("Its current baseline.", "其当前基线。")),
    "next_expected": (("Next: expected", "下一里程碑预计"), ("Its expected date.", "其预计完成日期。")),
    "next_slip": (
        ("Next: slip, wd", "下一里程碑延期（工作日）"),
        ("Slip of the next milestone against its current baseline.", "下一里程碑相对当前基线的延期。"),
    ),
    "next_p85": (
        ("Next: promise (P85)", "下一里程碑可承诺日期（P85）"),
        (
            "The date to promise: done by this day with 85 %. Empty: not calibrated yet, or too small to tell.",
            "可承诺的日期：85% 可能在此日前完成。空白：尚未校准，或规模过小。",
        ),
    ),
    "next_slip_original": (
        ("Next: vs original, wd", "下一里程碑对原始基线（工作日）"),
        ("Slip of the next milestone since its first promise.", "下一里程碑相对最初承诺的延期。"),
    ),
    "final_p85": (
        ("Final: promise (P85)", "最终可承诺日期（P85）"),
        (
            "The date to promise: done by this day with 85 %. Empty: not calibrated yet, or too small to tell.",
            "可承诺的日期：85% 可能在此日前完成。空白：尚未校准，或规模过小。",
        ),
    ),
    "final": (("Final milestone", "最终里程碑"), ("The project's last milestone.", "项目的最终里程碑。")),
    "final_baseline": (("Final: baseline", "最终基线"), ("Its current baseline.", "其当前基线。")),
    "final_expected": (("Final: expected", "最终预计"), ("Its expected or actual date.", "其预计或实际完成日期。")),
    "final_slip": (
        ("Final: slip, wd", "最终延期（工作日）"),
        ("Slip of the final milestone against its current baseline.", "最终里程碑相对当前基线的延期。"),
    ),
    "final_slip_original": (
        ("Final: vs original, wd", "最终对原始基线（工作日）"),
        ("Slip of the final milestone against the first promise.", "最终里程碑相对最初承诺的延期。"),
    ),
    "late": (
        ("Late", "延期数"),
        (
            "Milestones that are missed, or expected later than their tolerance allows: Red or Amber, of those listed.",
            "已逾期未完成，或预计延期超过容差（红或黄）的里程碑数。",
        ),
    ),
    "at_risk": (
        ("At risk", "有风险数"),
        (
            "Milestones that are Red or Amber for another reason than being late, of those listed.",
            "因延期以外的原因为红或黄的里程碑数。",
        ),
    ),
    "total": (("Milestones", "里程碑数"), ("Committee and tracked milestones.", "委员会级与跟踪级里程碑数。")),
    "small": (
        ("Small ones", "团队级数"),
        ("Team-level milestones: counted, not listed.", "团队级里程碑，只计数不列出。"),
    ),
    "restricted": (
        ("Restricted", "受限数"),
        ("Milestones that this workbook's audience may not see.", "本表读者无权查看的里程碑数。"),
    ),
    "spend": (("Spend", "已支出"), ("As typed by the PMO.", "由 PMO 填写。")),
    "budget": (("Budget", "预算"), ("As typed by the PMO.", "由 PMO 填写。")),
    "at_completion": (
        ("At completion", "完工估算"),
        ("Expected cost at completion, as typed.", "填写的完工成本估算。"),
    ),
    "as_of": (("Cost as of", "费用截至"), ("The day for which the figures hold.", "费用数据截至日期。")),
    "benefit_target": (("Benefit target", "收益目标"), ("Target of the benefit measure.", "收益指标的目标值。")),
    "benefit_actual": (("Benefit actual", "收益实际"), ("Latest measured value.", "最近一次实测值。")),
    "benefit": (("Benefit", "收益"), ("Measure and unit, or the project's own words.", "收益指标与单位，或项目自述。")),
    "red_risks": (("Red risks", "红色风险"), ("Open risks in the top class.", "最高等级的未关闭风险。")),
    "links": (("Links", "链接"), ("As typed by the PMO.", "由 PMO 填写。")),
    # ------------------------------------------------------------ work
    "work.key": (("Item", "工作项"), ("Key in its own system; leads there.", "来源系统中的编号，点击可跳转。")),
    "title": (("Title", "标题"), ("As written in the source.", "来源系统中的标题。")),
    "milestones": (("Milestones", "里程碑"), ("Milestones that this item serves.", "该工作项所属的里程碑。")),
    "work.type": (("Type", "类型"), ("As in the source.", "来源系统中的类型。")),
    "status": (("Status", "来源状态"), ("The raw status, as the source tells it.", "来源系统中的原始状态。")),
    "category": (("Mapped to", "映射为"), ("What the mapping makes of it; never guessed.", "映射结果，绝不猜测。")),
    "work.owner": (("Owner", "负责人"), ("Assignee in the source.", "来源系统中的经办人。")),
    "due": (("Due", "截止日期"), ("Due date in the source.", "来源系统中的截止日期。")),
    "due_in": (
        ("Due in, wd", "距截止（工作日）"),
        ("Working days until due; negative is overdue.", "距截止的工作日数，负数为逾期。"),
    ),
    "problem": (("Problem", "问题"), ("The gravest reason why this item is listed.", "列出该工作项的首要原因。")),
    "also": (("Also", "其他问题"), ("Further reasons.", "其他原因。")),
    "updated": (("Last change", "最近更新"), ("Last change in the source.", "来源系统中的最近更新。")),
    "connection": (("System", "系统"), ("The connection it was read from.", "读取所用的连接。")),
    # ------------------------------------------------------------ data quality
    "check": (("Check", "检查项"), ("The rule that failed.", "未通过的检查规则。")),
    "count": (("Of", "同类数"), ("How many findings this check has in all.", "该检查项的发现总数。")),
    "place": (
        ("Where", "位置"),
        (
            "Cell address, line of the settings file, or key; where the inputs here are a copy: tab, code and column.",
            "单元格地址、配置文件行号或编号；填报内容为副本时，为表名、代码与列名。",
        ),
    ),
    "message": (("What", "发现"), ("What is wrong, in the source's own words.", "问题描述。")),
    "remedy": (("Remedy", "处理办法"), ("What mends it.", "如何修正。")),
    "data_quality.code": (("Code", "代码"), ("The project or milestone concerned.", "涉及的项目或里程碑。")),
    "data_quality.owner": (("Who", "由谁处理"), ("Who can mend it.", "由谁修正。")),
    "data_quality.since": (
        ("Since", "始于"),
        ("The day of the first sync that told it, without a gap.", "首次报告之日（此后一直存在）。"),
    ),
    # ------------------------------------------------------------ runs
    "run": (("Run", "运行"), ("Number of the sync.", "同步编号。")),
    "started": (("Started", "开始"), ("In the workbook's time zone.", "以工作簿时区显示。")),
    "seconds": (("Seconds", "耗时（秒）"), ("From start to end.", "从开始到结束。")),
    "runs.kind": (("Kind", "种类"), ("sync, or rebind.", "同步或改绑。")),
    "outcome": (
        ("Outcome", "结果"),
        (
            "done, partial (a source is missing or held), failed, unpublished, dry.",
            "完成、部分（有来源缺失或被暂缓）、失败、未发布、试运行。",
        ),
    ),
    "pulled": (("Read", "读取"), ("Records read.", "读取的记录数。")),
    "changed": (("Changed", "变更"), ("Records that were new or different.", "新增或有变化的记录数。")),
    "requests": (("Requests", "请求数"), ("Requests sent to the sources.", "向来源系统发送的请求数。")),
    "megabytes": (("MB", "MB"), ("Received, decoded.", "接收的数据量。")),
    "cells": (("Cells", "单元格"), ("Cells written.", "写入的单元格数。")),
    "by_source": (("By source", "按来源"), ("Each source: read / changed.", "各来源：读取/变更。")),
    "errors": (("Errors", "错误"), ("What ended a unit early.", "使某部分提前结束的错误。")),
    "words": (("Words", "说明"), ("What the run says of itself.", "本次运行的说明。")),
    # ------------------------------------------------------------ about
    "section": (("Section", "部分"), ("What the line is about.", "所属部分。")),
    "about.item": (("Item", "项目"), ("What it concerns.", "涉及内容。")),
    "about.text": (("What holds", "内容"), ("In force now.", "当前有效的内容。")),
    "about.detail": (("Detail", "详情"), ("Reason, remedy or editors.", "原因、处理办法或填写人。")),
    "portfolio.reported": (
        ("Reported", "上报"),
        (
            "The colour as its manager sees it, where that is another one; it moves nothing.",
            "项目经理上报的状态（仅在与判定不同时显示）；不影响判定。",
        ),
    ),
    "help": (("Help wanted", "需要的支持"), ("Asked for in My projects.", "在“我的项目”中提出。")),
    "portfolio.note": (
        ("Note", "备注"),
        ("One line for the committee, from My projects.", "给委员会的一句话，来自“我的项目”。"),
    ),
    "portfolio.confirmed": (
        ("Confirmed", "确认日期"),
        ("The day on which its manager last found right what is said of it.", "项目经理最近一次确认内容无误的日期。"),
    ),
    "portfolio.note_state": (
        ("My projects", "“我的项目”"),
        (
            "What counts of its row in My projects; ⚠ a cell cannot be read, the value before stays in force.",
            "其在“我的项目”中生效的内容；⚠ 无法识别，沿用之前的有效值。",
        ),
    ),
    **slips.COLUMNS,
    **concerns.COLUMNS,
    **status.COLUMNS,
    **today.COLUMNS,
    **committee.COLUMNS,
}


def _entry(tab: str, column: str) -> tuple[Pair, Pair]:
    return COLUMNS.get(f"{tab}.{column}") or COLUMNS[column]


def label(tab: str, column: str, language: str) -> str:
    """The header of a published column; KeyError if nobody worded it."""
    return pick(_entry(tab, column)[0], language)


def alias(tab: str, column: str, language: str) -> str:
    """The same header in the other language."""
    return other(_entry(tab, column)[0], language)


def note(tab: str, column: str, language: str) -> str:
    """What the header's note says."""
    return pick(_entry(tab, column)[1], language)

"""What the demo's organisation set out to do: two portfolios, five programs, twenty projects."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct


class ProgramPlan(Struct, frozen=True):
    """A portfolio (``parent`` empty) or a program; money in CNY, ``benefit`` holds start, target and actual."""

    code: str
    name: str
    parent: str
    manager: str
    budget: float
    spend: float
    goal: str
    measure: str = ""
    benefit: tuple[float, ...] = ()


class ProjectPlan(Struct, frozen=True):
    """A project: where its issues live (``system``), its repository, who runs it, and what it is for.

    ``budget`` in CNY, ``spent`` the share of it spent so far, ``department`` a place in the cast's departments.
    """

    code: str
    name: str
    program: str
    system: str
    repository: str
    manager: str
    department: int
    control: str
    kind: str
    priority: str
    budget: float
    spent: float
    objective: str


# code | name | parent | manager | budget and spend in millions | goal | benefit: measure, start, target, actual
PROGRAM_LINES = """
GROW | 增长与体验 | - | ye.qing | 86 | 41.3 | Grow paying users without growing complaints
BASE | 平台与效率 | - | grace.liu | 64 | 30.9 | Halve the cost of running a service
TRADE | 支付与交易 | GROW | shen.yutong | 31 | 16.2 | 一键支付成功率 | payment success rate | 96.2 | 98.5 | 97.4
LOGIS | 智慧物流 | GROW | pan.lei | 30 | 14.9 | 次日达占比 | next-day share | 71 | 85 | 76
CARE | Customer Care | GROW | ye.qing | 25 | 10.2 | First answer within the hour | first-hour share | 58 | 80 | 69
CLOUD | 云原生底座 | BASE | grace.liu | 36 | 18.4 | 服务上云率 | services moved | 44 | 90 | 63
INSIGHT | Data & AI | BASE | pan.lei | 28 | 12.5 | Decisions from one data set | reports on the lake | 30 | 75 | 52
"""

# code | name | program | system | repository | PM | department | control | kind | priority | millions | spent | objective
PROJECT_LINES = """
PAY|收银台重构|TRADE|jira|trade/cashier|wang.wei|0|key|delivery|P0|11.8|0.62|One checkout everywhere
RISK|Risk engine 2.0|TRADE|jira|trade/risk-engine|li.na|0|key|delivery|P0|9.4|0.55|Stop fraud before the order is placed
COUP|优惠券中心|TRADE|gitlab|trade/coupon|zhang.min|0|part_time|delivery|P1|3.1|0.71|所有业务共用一套券
SUBS|Subscription billing|TRADE|jira|trade/billing|liu.yang|0|key|delivery|P1|6.7|0.44|Recurring revenue without manual invoices
WMS|仓储管理系统升级|LOGIS|jira|logistics/wms|yang.fan|1|key|delivery|P0|14.2|0.58|11 个仓统一系统，拣货效率提升 20%
ROUTE|Route planning|LOGIS|gitlab|logistics/route|zhao.lei|1|key|delivery|P1|4.9|0.39|8 % fewer kilometres per parcel
LAST|最后一公里|LOGIS|jira|logistics/last-mile|huang.li|1|key|delivery|P1|7.6|0.33|预约时段送达率 95%
FLEET|车队调度|LOGIS|jira|logistics/fleet|zhou.qiang|1|part_time|delivery|P2|2.2|0.27|自有车辆利用率 80%
IM|在线客服 IM|CARE|jira|care/im|sun.yue|2|key|delivery|P1|8.8|0.52|One conversation over all channels
RETN|Returns without talking|CARE|jira|care/returns|ma.chao|2|key|delivery|P1|5.3|0.6|Nine of ten returns by self-service
MEMB|会员体系|CARE|gitlab|care/membership|zhu.lin|2|key|delivery|P1|6.1|0.41|付费会员 200 万
KBOT|知识库机器人|CARE|jira|care/kbot|hu.jun|2|part_time|bet|P2|1.6|0.83|A robot answers the simple third
K8S|容器平台迁移|CLOUD|jira|cloud/k8s|he.yong|3|key|delivery|P0|13.5|0.57|全部线上服务容器化
MESH|Service mesh|CLOUD|gitlab|cloud/mesh|gao.feng|3|key|delivery|P1|5.8|0.49|Every call encrypted and measured
OBSV|可观测性平台|CLOUD|jira|cloud/observability|lin.tao|3|key|delivery|P1|7.2|0.53|故障五分钟内定位
VAULT|Secrets vault|CLOUD|jira|cloud/vault|luo.qian|3|part_time|delivery|P1|2.7|0.36|No secret in any repository
LAKE|数据湖一期|INSIGHT|jira|data/lake|zheng.kai|4|key|delivery|P0|10.9|0.74|报表口径统一到一份数据
RECO|Recommendation v3|INSIGHT|jira|data/recommend|xie.ting|4|key|delivery|P1|6.4|0.48|12 % more clicks from the home page
ABX|A/B 实验平台|INSIGHT|gitlab|data/abx|han.bing|4|part_time|experiment|P2|2.4|0.31|每个功能都有实验结论
MLOPS|模型运维|INSIGHT|jira|data/mlops|tang.yu|4|key|delivery|P1|5.6|0.56|模型从训练到上线一天内
"""


def _cells(lines: str) -> Iterator[list[str]]:
    for line in lines.strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


def _program(cells: list[str]) -> ProgramPlan:
    code, name, parent, manager, budget, spend, goal, *benefit = cells
    return ProgramPlan(
        code,
        name,
        parent.strip("-"),
        manager,
        float(budget) * 1e6,
        float(spend) * 1e6,
        goal,
        benefit[0] if benefit else "",
        tuple(float(number) for number in benefit[1:]),
    )


def _project(cells: list[str]) -> ProjectPlan:
    code, name, program, system, repository, manager, department, control, kind, priority, millions, spent, goal = cells
    home = (code, name, program, system, repository, manager)
    return ProjectPlan(*home, int(department), control, kind, priority, float(millions) * 1e6, float(spent), goal)


PROGRAMS = tuple(_program(cells) for cells in _cells(PROGRAM_LINES))
PROJECTS = tuple(_project(cells) for cells in _cells(PROJECT_LINES))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", " ").split("|"))


VERBS = (
    "支持",
    "重构",
    "Add",
    "Fix",
    "Speed up",
    "接入",
    "Document",
    "迁移",
    "Test",
    "Monitor",
    "优化",
    "Clean up",
    "校验",
)
COMMON = _words("""
retry queue | login page | rate limiter | audit log | error messages | 导出功能 | 权限模型 | 缓存策略 | 灰度开关 | 定时任务
""")
THINGS = {
    "TRADE": _words("""
对账报表 | checkout form | 订单查询接口 | refund callback | 支付回调 | card token | 风控规则 | fee table | 发票抬头
"""),
    "LOGIS": _words("""
库存同步 | wave picking | 运单轨迹 | address parser | 电子面单 | driver app | 仓位标签 | 签收照片 | route cache
"""),
    "CARE": _words("""
会话转接 | onboarding | 工单分类 | canned answers | 满意度问卷 | return label | 知识条目 | member badge | push message
"""),
    "CLOUD": _words("""
告警规则 | API gateway | 镜像扫描 | helm chart | 日志采集 | node pool | 限流熔断 | certificate renewal | 备份恢复
"""),
    "INSIGHT": _words("""
数据校验 | search index | 特征回填 | feature job | 指标口径 | dashboard filter | 模型评估 | lineage graph | 埋点方案
"""),
}

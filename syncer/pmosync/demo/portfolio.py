"""What the demo's organisation set out to do: two portfolios, five programs, twenty projects and the fates of their
milestones.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Fate(StrEnum):
    """What becomes of a milestone, told by its items and by the people around it."""

    STEADY = "steady"
    EARLY = "early"
    CREEPING = "creeping"
    STUCK = "stuck"
    REPLANNED = "replanned"
    REBASED = "rebased"
    UNDATED = "undated"
    CANCELLED = "cancelled"
    SPLIT = "split"
    REOPENED = "reopened"
    DISPUTED = "disputed"
    RENAMED = "renamed"


class ProgramPlan(Struct, frozen=True):
    """A portfolio (``parent`` empty) or a program."""

    code: str
    name: str
    parent: str
    manager: str
    goal: str
    measure: str = ""
    start: float = 0.0
    target: float = 0.0
    actual: float = 0.0
    budget: float = 0.0
    spend: float = 0.0


class ProjectPlan(Struct, frozen=True):
    """A project: where its issues live (``system``), its repository, who runs it, and the fates of its milestones in
    order of date.
    """

    code: str
    name: str
    program: str
    system: str
    repository: str
    manager: str
    department: int
    fates: tuple[Fate, ...]
    control: str = "key"
    kind: str = "delivery"
    priority: str = "P1"
    paused: bool = False
    bet: bool = False


S, E, C, K = Fate.STEADY, Fate.EARLY, Fate.CREEPING, Fate.STUCK
P, B, U, X = Fate.REPLANNED, Fate.REBASED, Fate.UNDATED, Fate.CANCELLED
T, R, D, N = Fate.SPLIT, Fate.REOPENED, Fate.DISPUTED, Fate.RENAMED

PROGRAMS = (
    ProgramPlan(
        "GROW",
        "增长与体验",
        "",
        "ye.qing",
        "Grow paying users without growing complaints",
        budget=86_000_000,
        spend=41_300_000,
    ),
    ProgramPlan(
        "BASE",
        "平台与效率",
        "",
        "grace.liu",
        "Halve the cost of running a service",
        budget=64_000_000,
        spend=30_900_000,
    ),
    ProgramPlan(
        "TRADE",
        "支付与交易",
        "GROW",
        "shen.yutong",
        "一键支付成功率",
        "payment success rate %",
        96.2,
        98.5,
        97.4,
        31e6,
        16.2e6,
    ),
    ProgramPlan("LOGIS", "智慧物流", "GROW", "pan.lei", "次日达占比", "next-day share %", 71, 85, 76, 30e6, 14.9e6),
    ProgramPlan(
        "CARE",
        "Customer Care",
        "GROW",
        "ye.qing",
        "First answer within the hour",
        "first-hour share %",
        58,
        80,
        69,
        25e6,
        10.2e6,
    ),
    ProgramPlan("CLOUD", "云原生底座", "BASE", "grace.liu", "服务上云率", "services moved %", 44, 90, 63, 36e6, 18.4e6),
    ProgramPlan(
        "INSIGHT",
        "Data & AI",
        "BASE",
        "pan.lei",
        "Decisions from one data set",
        "reports on the lake %",
        30,
        75,
        52,
        28e6,
        12.5e6,
    ),
)

PROJECTS = (
    ProjectPlan(
        "PAY", "收银台重构", "TRADE", "jira", "trade/cashier", "wang.wei", 0, (S, S, C, P, S, S, S), priority="P0"
    ),
    ProjectPlan(
        "RISK", "Risk engine 2.0", "TRADE", "jira", "trade/risk-engine", "li.na", 0, (S, E, K, B, S, S), priority="P0"
    ),
    ProjectPlan(
        "COUP", "优惠券中心", "TRADE", "gitlab", "trade/coupon", "zhang.min", 0, (S, S, C, S, S, U), control="part_time"
    ),
    ProjectPlan("SUBS", "Subscription billing", "TRADE", "jira", "trade/billing", "liu.yang", 0, (E, S, S, T, S, S)),
    ProjectPlan(
        "WMS", "仓储管理系统升级", "LOGIS", "jira", "logistics/wms", "yang.fan", 1, (S, C, C, P, S, S, S), priority="P0"
    ),
    ProjectPlan("ROUTE", "Route planning", "LOGIS", "gitlab", "logistics/route", "zhao.lei", 1, (S, S, E, S, S, S)),
    ProjectPlan(
        "LAST", "最后一公里", "LOGIS", "jira", "logistics/last-mile", "huang.li", 1, (S, S, S, S, K, S), paused=True
    ),
    ProjectPlan(
        "FLEET", "车队调度", "LOGIS", "jira", "logistics/fleet", "zhou.qiang", 1, (S, X, S, C, S), control="part_time"
    ),
    ProjectPlan("IM", "在线客服 IM", "CARE", "jira", "care/im", "sun.yue", 2, (S, R, S, S, C, S, S)),
    ProjectPlan("RETN", "Returns without talking", "CARE", "jira", "care/returns", "ma.chao", 2, (S, S, P, C, S, S)),
    ProjectPlan("MEMB", "会员体系", "CARE", "gitlab", "care/membership", "zhu.lin", 2, (S, D, S, S, S, S)),
    ProjectPlan(
        "KBOT",
        "知识库机器人",
        "CARE",
        "jira",
        "care/kbot",
        "hu.jun",
        2,
        (S, S, U, S, S),
        kind="bet",
        control="part_time",
        bet=True,
    ),
    ProjectPlan(
        "K8S", "容器平台迁移", "CLOUD", "jira", "cloud/k8s", "he.yong", 3, (S, C, P, P, S, S, S), priority="P0"
    ),
    ProjectPlan("MESH", "Service mesh", "CLOUD", "gitlab", "cloud/mesh", "gao.feng", 3, (S, E, S, C, S, S)),
    ProjectPlan("OBSV", "可观测性平台", "CLOUD", "jira", "cloud/observability", "lin.tao", 3, (S, S, N, S, B, S, S)),
    ProjectPlan(
        "VAULT", "Secrets vault", "CLOUD", "jira", "cloud/vault", "luo.qian", 3, (S, S, K, S, S, S), control="part_time"
    ),
    ProjectPlan(
        "LAKE", "数据湖一期", "INSIGHT", "jira", "data/lake", "zheng.kai", 4, (S, C, S, S, S, S, S), priority="P0"
    ),
    ProjectPlan("RECO", "Recommendation v3", "INSIGHT", "jira", "data/recommend", "xie.ting", 4, (S, E, S, P, S, S, S)),
    ProjectPlan(
        "ABX",
        "A/B 实验平台",
        "INSIGHT",
        "gitlab",
        "data/abx",
        "han.bing",
        4,
        (S, S, C, S, U, S),
        kind="experiment",
        control="part_time",
    ),
    ProjectPlan("MLOPS", "模型运维", "INSIGHT", "jira", "data/mlops", "tang.yu", 4, (S, S, S, K, S, S, S)),
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", " ").split("|") if word.strip())


TITLES = _words(
    """
需求评审 Requirements frozen | Architecture gate | Alpha 内测 | Beta 公测 | 灰度发布 Canary |
全量上线 Launch | Retrospective & handover
"""
)

VERBS = ("支持", "重构", "Add", "Fix", "Speed up", "接入", "Document", "迁移", "Test", "Monitor")
THINGS = _words(
    """
订单查询接口 | retry queue | 对账报表 | login page | 库存同步 | rate limiter | 导出功能 | mobile layout | 权限模型 |
audit log | 缓存策略 | error messages | 灰度开关 | search index | 告警规则 | checkout form | 数据校验 | API gateway |
定时任务 | onboarding
"""
)

"""The milestones of every project: one line each, in order of date.

A line reads ``week fate level title``: the week (counted from the first sync) on whose Thursday it is due; the fate's
letter with the weeks by which it moves; ``c`` committee or ``t`` tracked.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct


class Fate(StrEnum):
    """What becomes of a milestone, told by its items and by the people around it."""

    STEADY = "S"
    EARLY = "E"
    CREEPING = "C"
    STUCK = "K"
    REPLANNED = "P"
    REBASED = "B"
    UNDATED = "U"
    CANCELLED = "X"
    SPLIT = "T"
    REOPENED = "R"
    DISPUTED = "D"
    RENAMED = "N"
    TRAILING = "L"
    QUIET = "Q"
    CUT = "Z"
    FORECAST = "F"
    HOPED = "H"
    FROZEN = "G"


class Line(Struct, frozen=True):
    """One milestone as it was first planned: due in ``week``, moved by ``weeks`` in the end."""

    week: int
    fate: Fate
    weeks: int
    level: str
    title: str


PROMISES = """
PAY
-5 S t 交易链路梳理 Payment flow mapped
-1 S t 新收银台交互定稿 Checkout UI signed off
 2 S t 微信与支付宝通道 WeChat & Alipay channels
 5 C3 t 银行卡快捷支付 Card quick-pay
 9 S c 灰度 5% Canary at 5 %
13 P2 c 全量上线 Full launch
18 S c 双旦大促保障 Year-end sale readiness
RISK
-4 S t 规则盘点 Rule inventory
-1 E1 t Feature store MVP
 4 K t 供应商评分接入 Vendor score integration
 8 B2 t Real-time scoring under 50 ms
13 L1 c Shadow run in production 影子运行
17 S c Cut-over to engine 2.0
COUP
-5 S t 券模板迁移 Voucher templates moved
 0 S t 领券限流 Claim throttling
 4 C1 t 跨店满减 Cross-shop discounts
10 S t 双11 会场券 Double 11 vouchers
14 L2 c 券核销对账 Settlement reports
16 U t 会员专享券 Members-only vouchers
SUBS
-4 E1 t Pricing catalogue
 1 S t Invoice engine 账单引擎
 6 S t Dunning & retries 催缴
13 T t Proration 按比例计费
14 S c Legacy plans migrated 老套餐迁移
17 S c General availability
WMS
-5 S t 库位主数据清洗 Location master data
-1 C1 t PDA 拣货改造 Hand-held picking
 3 S t 波次引擎 Wave engine
 7 P1 t 华东仓试点 East-China pilot
10 S c 双11 容量压测 Double 11 load test
15 S c 全国推广 National roll-out
18 S c 旧系统下线 Old system retired
ROUTE
-4 S t Map data licensed
 1 S t Distance matrix service
 5 E2 t Solver beta
 8 S t 司机端提示 Driver hints
14 S c 双城试点 Two-city pilot
17 S c Launch in 12 cities
LAST
-5 S t 驿站接口 Pick-up point API
 0 S t 电子签收 Paperless receipt
 3 S t 智能柜对接 Smart lockers
 9 B4 t 预约配送 Delivery by appointment
15 S c 上海全城 All of Shanghai
19 S c 六城推广 Six cities
FLEET
-4 S t 车辆档案 Vehicle register
 2 S t 油耗看板 Fuel board
 6 X t 自动排班 Automatic rosters
14 S t 电子围栏 Geofencing
18 S c 年检提醒 Inspection reminders
IM
-5 S t 消息网关 Message gateway
 1 R2 t 会话路由 Conversation routing
 5 S t 坐席工作台 Agent desk
10 R9 t 离线消息 Offline messages
15 Q c 智能质检 Automatic quality check
18 S c 国际站上线 Overseas launch
RETN
-3 S t Return reasons, new tree 退货原因树
 2 P2 t Photo upload 上传凭证
 6 C2 t Refund before receipt 极速退款
10 S t Courier pick-up 上门取件
12 G c Self-service returns launch 自助退货上线
17 S c Cross-border returns 跨境退货
MEMB
-4 S t 等级规则 Tier rules
 1 S t 积分账本 Points ledger
 7 C1 t 生日礼 Birthday gifts
14 D c 付费会员 Paid membership
18 S c 会员开放平台 Partner programme
KBOT
-3 S t 问答语料 Question corpus
 1 S t Intent model v1
 5 U t 多轮对话 Follow-up questions
10 S t 夜间值守 Night shift alone
16 S c 全量接管 First line for all
K8S
-5 S t 集群基线 Cluster baseline
 0 C1 t 镜像仓库 Image registry
 3 P1 t 无状态服务 Stateless services
 7 P2 t 消息与缓存 Queues & caches
10 S c 双11 弹性演练 Elasticity drill
14 S c 核心交易域迁移 Core trading domain moved
19 S c 旧机房退租 Old data centre given up
MESH
-4 S t Sidecar image
 1 E1 t mTLS everywhere
 5 S t 流量镜像 Traffic mirroring
 9 P1 t 熔断策略 Circuit breaking
14 S c 40% of services on the mesh
18 S c 全部服务接入 All services on the mesh
OBSV
-5 S t 日志规范 Log format
-1 S t Tracing SDK 链路追踪
 4 N t 统一告警 One alerting rule set
 7 S t 指标平台 Metrics platform
10 B3 t 值班排班 On-call rota
14 S c 成本看板 Cost board
17 S c 黄金指标全覆盖 Golden signals everywhere
VAULT
-3 S t Threat model
 1 S t KMS integration 密钥服务对接
 5 K t HSM procurement 加密机采购
 9 S t Dynamic database credentials
13 P2 c Automatic rotation 自动轮换
18 S c Plain-text secrets gone
LAKE
-5 S t 元数据目录 Metadata catalogue
-1 C1 t 实时入湖 Streaming ingestion
 3 S t 权限模型 Access model
 6 S t 数据质量规则 Quality rules
10 C4 c 一期交付 Phase one delivered
14 S c 报表迁移 Reports moved to the lake
19 S c 旧数仓下线 Old warehouse retired
RECO
-4 S t Offline evaluation set
 0 E1 t Candidate generation 召回
 5 S t 精排模型 Ranking model
 9 P1 t A/B infrastructure
13 F2 c 首页全量 Home page at 100 %
17 S c Cold start 冷启动
ABX
-3 S t 分流服务 Traffic splitter
 1 S t 指标字典 Metric dictionary
 4 C1 t Sequential testing 序贯检验
 9 S t 实验复盘模板 Review template
15 Q c 自助实验 Experiments by self-service
17 U t Switchback tests
MLOPS
-4 S t 特征平台 Feature platform
 0 S t Model registry 模型仓库
 4 S t 训练流水线 Training pipeline
 8 K t GPU 调度 GPU scheduling
13 Z c 在线推理 Online inference
16 H1 c Drift alarms 漂移告警
18 S c 模型治理 Model governance
"""


def _promises() -> dict[str, tuple[Line, ...]]:
    found: dict[str, tuple[Line, ...]] = {}
    code = ""
    for text in PROMISES.strip().splitlines():
        parts = text.split(maxsplit=3)
        if len(parts) == 1:
            code = parts[0]
            continue
        week, fate, level, title = parts
        line = Line(int(week), Fate(fate[0]), int(fate[1:] or 0), level, title)
        found[code] = (*found.get(code, ()), line)
    return found


LINES: Mapping[str, tuple[Line, ...]] = MappingProxyType(_promises())

DEPENDS: Mapping[str, str] = MappingProxyType(
    {
        "PAY-M07": "PAY-M06",
        "K8S-M06": "VAULT-M05",
        "K8S-M07": "K8S-M06",
        "LAKE-M06": "LAKE-M05",
        "LAKE-M07": "LAKE-M06",
        "WMS-M07": "WMS-M06",
    }
)
"""Which milestone waits for which."""

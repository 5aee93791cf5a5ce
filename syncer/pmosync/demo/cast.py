"""The people of the demo: 44 in 8 departments, Chinese and English names, two of them called 王伟."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

DEPARTMENTS = (
    "支付研发部",
    "供应链技术部",
    "客户体验部",
    "基础架构部",
    "数据智能部",
    "Quality Engineering",
    "Product Design",
    "PMO",
)

# name|account|department, four a line
NAMES = """
王伟|wang.wei|0; 王伟|wang.wei2|3; 李娜|li.na|0; 张敏|zhang.min|0
刘洋|liu.yang|0; 陈静|chen.jing|0; 杨帆|yang.fan|1; 赵磊|zhao.lei|1
黄丽|huang.li|1; 周强|zhou.qiang|1; 吴霞|wu.xia|1; 徐浩|xu.hao|1
孙悦|sun.yue|2; 马超|ma.chao|2; 朱琳|zhu.lin|2; 胡军|hu.jun|2
郭晶|guo.jing|2; 何勇|he.yong|3; 高峰|gao.feng|3; 林涛|lin.tao|3
罗茜|luo.qian|3; 梁栋|liang.dong|3; 宋佳|song.jia|3; 郑凯|zheng.kai|4
谢婷|xie.ting|4; 韩冰|han.bing|4; 唐宇|tang.yu|4; 冯雪|feng.xue|4
于飞|yu.fei|4; 董洁|dong.jie|4; Maria Keller|maria.keller|5; Tom Becker|tom.becker|5
Aisha Khan|aisha.khan|5; Jonas Lind|jonas.lind|5; Priya Nair|priya.nair|5; Sofia Rossi|sofia.rossi|6
Daniel Okafor|daniel.okafor|6; Emma Dubois|emma.dubois|6; Lucas Moreau|lucas.moreau|6; Hannah Weiss|hannah.weiss|6
沈雨桐|shen.yutong|7; 叶青|ye.qing|7; 潘磊|pan.lei|7; Grace Liu|grace.liu|7
"""


class Member(Struct, frozen=True):
    """One person: ``key`` is the account name in every system and the start of the e-mail address."""

    key: str
    name: str
    department: str

    @property
    def email(self) -> str:
        """The address that joins the systems' accounts."""
        return f"{self.key}@example.com"


def _members() -> Iterator[Member]:
    for entry in NAMES.replace("\n", ";").split(";"):
        if entry.strip():
            name, key, department = entry.strip().split("|")
            yield Member(key, name, DEPARTMENTS[int(department)])


CAST = tuple(_members())
BY_DEPARTMENT = {name: tuple(member for member in CAST if member.department == name) for name in DEPARTMENTS}

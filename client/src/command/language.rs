//! Speak Chinese, English or both.

use clap::ValueEnum;
use tongda_ledger::refusal::Bilingual;

/// The language of what is printed for people.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// 中文
    Zh,
    /// English
    En,
    /// 中文 · English
    Both,
}

impl Language {
    /// What the environment asks for: Chinese or English as `LC_ALL`, `LC_MESSAGES` or `LANG` begins, else both.
    pub(crate) fn of_environment() -> Self {
        let mut named = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|name| std::env::var(name).ok());
        Self::of_locale(&named.find(|value| !value.is_empty()).unwrap_or_default())
    }

    fn of_locale(locale: &str) -> Self {
        if locale.starts_with("zh") {
            Self::Zh
        } else if locale.starts_with("en") {
            Self::En
        } else {
            Self::Both
        }
    }

    /// A short text: side by side when both are asked for.
    pub(crate) fn say(self, zh: &str, en: &str) -> String {
        match self {
            Self::Zh => zh.to_owned(),
            Self::En => en.to_owned(),
            Self::Both => format!("{zh} · {en}"),
        }
    }

    /// A longer text: one line for each language.
    pub(crate) fn lines(self, text: Bilingual) -> Vec<&'static str> {
        match self {
            Self::Zh => vec![text.zh],
            Self::En => vec![text.en],
            Self::Both => vec![text.zh, text.en],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_chooses_the_language_and_no_locale_asks_for_both() {
        for (locale, language) in [
            ("zh_CN.UTF-8", Language::Zh),
            ("en_GB.UTF-8", Language::En),
            ("C.UTF-8", Language::Both),
            ("", Language::Both),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
        assert_eq!(Language::Both.say("完成", "done"), "完成 · done");
    }
}

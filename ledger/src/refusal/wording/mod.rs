//! Word the refusals: article, message and cure of every code, in Chinese and English.

mod consent;
mod credit;
mod dispute;
mod envelope;
mod finance;
mod funding;
mod governance;
mod implementation;
mod licence;
mod matching;
mod member;
mod open_licence;
mod owner;
mod patent;
mod pledge;
mod pool;
mod product;
mod statistics;
mod transfer;

use super::Code;

/// A text in both languages.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Bilingual {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// What a code means.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The code.
    pub code: Code,
    /// The article, regulation or rule of the network that it rests on.
    pub article: Bilingual,
    /// What is wrong.
    pub message: Bilingual,
    /// What would cure it.
    pub cure: Bilingual,
}

/// Declares the wording of codes: article, message and cure, each as `"中文" / "English"`.
macro_rules! wording {
    ($($code:ident {
        article: $article_zh:literal / $article_en:literal,
        message: $message_zh:literal / $message_en:literal,
        cure: $cure_zh:literal / $cure_en:literal $(,)?
    })*) => {
        pub(super) const ENTRIES: &[$crate::refusal::Wording] = &[$($crate::refusal::Wording {
            code: $crate::refusal::Code::$code,
            article: $crate::refusal::Bilingual { zh: $article_zh, en: $article_en },
            message: $crate::refusal::Bilingual { zh: $message_zh, en: $message_en },
            cure: $crate::refusal::Bilingual { zh: $cure_zh, en: $cure_en },
        }),*];
    };
}
use wording;

const FAMILIES: &[&[Wording]] = &[
    envelope::ENTRIES,
    member::ENTRIES,
    owner::ENTRIES,
    patent::ENTRIES,
    open_licence::ENTRIES,
    licence::ENTRIES,
    transfer::ENTRIES,
    pledge::ENTRIES,
    consent::ENTRIES,
    finance::ENTRIES,
    product::ENTRIES,
    funding::ENTRIES,
    governance::ENTRIES,
    statistics::ENTRIES,
    implementation::ENTRIES,
    matching::ENTRIES,
    pool::ENTRIES,
    dispute::ENTRIES,
    credit::ENTRIES,
];

pub(super) fn wording_of(code: Code) -> &'static Wording {
    let found = FAMILIES.iter().copied().flatten().find(|wording| wording.code == code);
    found.expect("every code has its wording: a test sees to it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_wording_in_two_languages() {
        for code in Code::ALL {
            let worded = FAMILIES.iter().copied().flatten().filter(|wording| wording.code == *code);
            let worded: Vec<_> = worded.collect();
            assert_eq!(worded.len(), 1, "{code}");
            for text in [worded[0].article, worded[0].message, worded[0].cure] {
                assert!(!text.zh.is_ascii() && text.en.is_ascii() && text.en.len() > 3, "{code}: {text:?}");
            }
        }
    }
}

//! Set lines of Chinese and Latin text: which font has a character, how wide a line is, where it breaks.

use krilla::geom::Point;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};
use std::ops::Range;

/// Both fonts are Apache-2.0; see `client/assets/README.md`.
static HAN: &[u8] = include_bytes!("../../assets/DroidSansFallbackFull.ttf");
static LATIN: &[u8] = include_bytes!("../../assets/OpenSans-Regular.ttf");
static LATIN_BOLD: &[u8] = include_bytes!("../../assets/OpenSans-Semibold.ttf");

/// Stands for a character that no font here has, as in a Chinese typesetter's proof.
const MISSING: char = '〓';

/// One font with what is asked of it.
struct Face {
    font: Font,
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f32,
}

impl Face {
    fn new(bytes: &'static [u8]) -> Self {
        let reference = FontRef::new(bytes).expect("the font was looked at when it was chosen");
        Self {
            font: Font::new(bytes.into(), 0).expect("the font was looked at when it was chosen"),
            characters: reference.charmap(),
            metrics: reference.glyph_metrics(Size::unscaled(), LocationRef::default()),
            units: f32::from(reference.metrics(Size::unscaled(), LocationRef::default()).units_per_em),
        }
    }

    fn has(&self, character: char) -> bool {
        self.characters.map(character).is_some_and(|glyph| glyph.to_u32() != 0)
    }

    /// The advance in parts of the font size.
    fn glyph(&self, character: char, text_range: Range<usize>) -> KrillaGlyph {
        let glyph = self.characters.map(character).unwrap_or_default();
        let advance = self.metrics.advance_width(glyph).unwrap_or_default() / self.units;
        KrillaGlyph::new(GlyphId::new(glyph.to_u32()), advance, 0.0, 0.0, 0.0, text_range, None)
    }
}

/// The fonts of the page.
pub(super) struct Faces {
    han: Face,
    latin: Face,
    bold: Face,
}

/// A stretch of a line in one font.
struct Run<'a> {
    face: &'a Face,
    text: String,
    glyphs: Vec<KrillaGlyph>,
    /// In parts of the font size.
    width: f32,
}

impl Faces {
    pub(super) fn new() -> Self {
        Self { han: Face::new(HAN), latin: Face::new(LATIN), bold: Face::new(LATIN_BOLD) }
    }

    /// The face of a character, and the character that is drawn for it.
    fn face(&self, character: char, bold: bool) -> (&Face, char) {
        let latin = if bold { &self.bold } else { &self.latin };
        if latin.has(character) {
            (latin, character)
        } else if self.han.has(character) {
            (&self.han, character)
        } else {
            (&self.han, MISSING)
        }
    }

    fn runs(&self, line: &str, bold: bool) -> Vec<Run<'_>> {
        let mut runs: Vec<Run<'_>> = Vec::new();
        for character in line.chars() {
            let (face, drawn) = self.face(character, bold);
            if runs.last().is_none_or(|run| !std::ptr::eq(run.face, face)) {
                runs.push(Run { face, text: String::new(), glyphs: Vec::new(), width: 0.0 });
            }
            let run = runs.last_mut().expect("one was pushed");
            let start = run.text.len();
            run.text.push(character);
            let glyph = face.glyph(drawn, start..run.text.len());
            run.width += glyph.x_advance;
            run.glyphs.push(glyph);
        }
        runs
    }

    /// The width of a line at this size.
    pub(super) fn width(&self, line: &str, size: f32, bold: bool) -> f32 {
        self.runs(line, bold).iter().map(|run| run.width * size).sum()
    }

    /// The lines that a text takes in this width: broken between Chinese characters, and at spaces.
    pub(super) fn wrap(&self, text: &str, size: f32, bold: bool, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in words(text) {
            let line = lines.last_mut().expect("there is a line");
            if !line.is_empty()
                && self.width(line, size, bold) + self.width(word.trim_end(), size, bold) > width
            {
                lines.push(String::new());
            }
            let line = lines.last_mut().expect("there is a line");
            if self.width(word.trim_end(), size, bold) <= width {
                line.push_str(word);
                continue;
            }
            // A word longer than a line, like a hash, breaks where the line ends.
            for character in word.chars() {
                let line = lines.last_mut().expect("there is a line");
                if self.width(&format!("{line}{character}"), size, bold) > width {
                    lines.push(String::new());
                }
                lines.last_mut().expect("there is a line").push(character);
            }
        }
        lines.iter().map(|line| line.trim_end().to_owned()).collect()
    }

    /// The text, cut to one line of this width; what is cut is said by an ellipsis.
    pub(super) fn fit(&self, text: &str, size: f32, width: f32) -> String {
        if self.width(text, size, false) <= width {
            return text.to_owned();
        }
        let mut line: String = text.to_owned();
        while line.pop().is_some() && self.width(&format!("{line}…"), size, false) > width {}
        line + "…"
    }

    /// Draws a line with its left end on `(x, baseline)`; fill and, for bold Chinese, stroke are the surface's.
    pub(super) fn draw(
        &self,
        surface: &mut Surface<'_>,
        x: f32,
        baseline: f32,
        line: &str,
        size: f32,
        bold: bool,
    ) {
        let mut x = x;
        for run in self.runs(line, bold) {
            let start = Point::from_xy(x, baseline);
            surface.draw_glyphs(start, &run.glyphs, run.face.font.clone(), &run.text, size, false);
            x += run.width * size;
        }
    }
}

/// Words with the spaces behind them; a Chinese character is a word, together with closing punctuation behind it.
fn words(text: &str) -> Vec<&str> {
    let wide = |character: char| character >= '\u{2E80}';
    let closing = |character: char| "，。、；：？！）》」』”’〕】".contains(character);
    let opening = |character: char| "（《「『“‘〔【".contains(character);
    let mut starts = vec![0];
    let mut before: Option<char> = None;
    for (place, character) in text.char_indices() {
        let breaks = before.is_some_and(|before| {
            !closing(character)
                && !opening(before)
                && character != ' '
                && (before == ' ' || wide(before) || wide(character) || opening(character) || closing(before))
        });
        if breaks {
            starts.push(place);
        }
        before = Some(character);
    }
    starts.push(text.len());
    starts.windows(2).filter_map(|ends| text.get(ends[0]..ends[1])).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_breaks_between_characters_and_never_before_closing_marks() {
        assert_eq!(words("专利（许可）。Open licence"), ["专", "利", "（许", "可）。", "Open ", "licence"]);
    }

    #[test]
    fn lines_are_no_wider_than_asked() {
        let faces = Faces::new();
        let text = format!("一种测试方法及装置 A method and a device {} 结束", "f0".repeat(64));
        for width in [40.0, 90.0, 200.0] {
            let lines = faces.wrap(&text, 8.0, false, width);
            assert!(lines.iter().all(|line| faces.width(line, 8.0, false) <= width), "{lines:?}");
            let joined: String = lines.concat().chars().filter(|character| *character != ' ').collect();
            assert_eq!(joined, text.replace(' ', ""), "nothing is lost");
        }
        assert!(faces.width(&faces.fit(&text, 8.0, 90.0), 8.0, false) <= 90.0);
    }

    #[test]
    fn what_stands_on_the_page_has_glyphs_and_what_no_font_has_stands_as_a_mark() {
        let faces = Faces::new();
        for character in "ZL202310000001X.；（）《》开放许可质押网络—…·“”0123456789abcdef".chars()
        {
            let (face, drawn) = faces.face(character, false);
            assert!(face.has(drawn) && drawn == character, "{character}");
        }
        assert_eq!(faces.face('\u{2A6A5}', false).1, MISSING);
        assert!(faces.han.has(MISSING));
    }
}

//! Draw a certificate as an A4 page that prints anywhere: PDF/A-3u, its fonts inside, the same bytes each time.
//!
//! ```text
//! ┌──────────────────────────────┐
//! │ network        demonstration │
//! │            title             │
//! │ subject, as of, checkpoint   │
//! │ what holds │ what does not   │
//! │ ┌ details ─────────────────┐ │
//! │ ┌ code ┐  what it rests on,  │
//! │ └──────┘  how it is verified │
//! └──────────────────────────────┘   more than two codes stand on pages of their own, six each
//! ```

use super::code::{Code, NoCode, QUIET};
use super::face::Faces;
use super::page::{Both, Fact, Mark, Page, Row};
use super::read;
use krilla::Document;
use krilla::color::rgb;
use krilla::configure::{Configuration, Validator};
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::{SerializeSettings, error::KrillaError};
use tongda_ledger::identifier::{Date, Timestamp};

const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 42.0;
const INNER: f32 = WIDTH - 2.0 * MARGIN;

/// A side of the one code of the first page, with its quiet zone: 90 mm, a module of version 40 has 0.48 mm.
const CODE_SIDE: f32 = 255.1;
/// A side of a code that stands beside others: 80 mm, a module of version 40 has 0.43 mm.
const SMALL_SIDE: f32 = 226.8;
/// More codes than this stand on pages of their own.
const CODES_ON_FIRST: usize = 2;

/// Why a page cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// A text that no QR code holds.
    #[error(transparent)]
    Code(#[from] NoCode),
    /// What the PDF library says.
    #[error("the page cannot be written as PDF/A-3u: {0}")]
    Pdf(String),
}

impl From<KrillaError> for PrintError {
    fn from(error: KrillaError) -> Self {
        Self::Pdf(format!("{error:?}"))
    }
}

#[derive(Copy, Clone)]
struct Ink(u8, u8, u8);
const BLACK: Ink = Ink(0x1A, 0x1A, 0x1A);
const GREY: Ink = Ink(0x66, 0x66, 0x66);
const RED: Ink = Ink(0xB0, 0x1E, 0x23);
const GREEN: Ink = Ink(0x1B, 0x6E, 0x3C);
const RULE: Ink = Ink(0xBB, 0xBB, 0xBB);
const SHADE: Ink = Ink(0xF4, 0xF2, 0xED);

/// The bytes of the PDF: a function of the page alone.
///
/// # Errors
/// [`PrintError`].
pub fn print(page: &Page) -> Result<Vec<u8>, PrintError> {
    let codes = page.codes.iter().map(|text| Code::new(text)).collect::<Result<Vec<_>, _>>()?;
    let configuration = Configuration::new_with_validator(Validator::A3_U);
    let mut document =
        Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(metadata(page));
    for file in attachments(page) {
        document.embed_file(file).ok_or_else(|| PrintError::Pdf("a file is attached twice".into()))?;
    }
    let faces = Faces::new();
    let (first, rest) =
        if codes.len() <= CODES_ON_FIRST { (&codes[..], &[][..]) } else { (&[][..], &codes[..]) };
    on_page(&mut document, &faces, |sheet| sheet.first(page, first, codes.len()));
    for (number, six) in rest.chunks(6).enumerate() {
        on_page(&mut document, &faces, |sheet| sheet.of_codes(page, six, number * 6, codes.len()));
    }
    Ok(document.finish()?)
}

fn on_page(document: &mut Document, faces: &Faces, draw: impl FnOnce(&mut Sheet<'_, '_>)) {
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).expect("A4 has an area");
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    draw(&mut Sheet { surface: &mut surface, faces });
    surface.finish();
    page.finish();
}

fn metadata(page: &Page) -> Metadata {
    Metadata::new()
        .title(format!("{} · {} · {}", page.title.zh, page.title.en, page.subject))
        .language("zh-CN".into())
        .creator("tongda certificate".into())
        .creation_date(date_time(page.time))
}

fn date_time(moment: Timestamp) -> DateTime {
    let (year, month, day) = Date::from_timestamp(moment).year_month_day();
    let seconds = (moment.milliseconds() + Timestamp::BEIJING) / 1_000 % 86_400;
    let part = |value: u64| u8::try_from(value).unwrap_or_default();
    DateTime::new(u16::try_from(year).unwrap_or_default())
        .month(month)
        .day(day)
        .hour(part(seconds / 3_600))
        .minute(part(seconds / 60 % 60))
        .second(part(seconds % 60))
        .utc_offset_hour(8)
        .utc_offset_minute(0)
}

fn attachments(page: &Page) -> Vec<EmbeddedFile> {
    let file = |path: &str, kind: &str, description: &str, data: Vec<u8>| EmbeddedFile {
        path: path.into(),
        mime_type: MimeType::new(kind),
        description: Some(description.into()),
        association_kind: AssociationKind::Alternative,
        data: data.into(),
        modification_date: Some(date_time(page.time)),
        compress: Some(false),
        location: None,
    };
    let texts = read::attachment(&page.codes).into_bytes();
    let mut files = vec![file(read::TEXTS_FILE, "text/plain", "The texts of the page's QR codes", texts)];
    if let Some(json) = &page.json {
        let description = "The certificate's JSON form, which proves the details too";
        files.push(file(read::JSON_FILE, "application/json", description, json.clone().into_bytes()));
    }
    files
}

/// A page being drawn; `y` grows downwards.
struct Sheet<'a, 'b> {
    surface: &'a mut Surface<'b>,
    faces: &'a Faces,
}

impl Sheet<'_, '_> {
    fn ink(&mut self, ink: Ink) {
        let paint = rgb::Color::new(ink.0, ink.1, ink.2).into();
        self.surface.set_fill(Some(Fill { paint, ..Fill::default() }));
    }

    /// A line of text; bold Chinese is the regular face with a thin outline.
    fn text(&mut self, x: f32, baseline: f32, line: &str, size: f32, ink: Ink, bold: bool) {
        self.ink(ink);
        let stroke = Stroke {
            paint: rgb::Color::new(ink.0, ink.1, ink.2).into(),
            width: size * 0.025,
            opacity: NormalizedF32::ONE,
            ..Stroke::default()
        };
        let thickened = bold && line.chars().any(|character| character >= '\u{2E80}');
        self.surface.set_stroke(thickened.then_some(stroke));
        self.faces.draw(self.surface, x, baseline, line, size, bold);
        self.surface.set_stroke(None);
    }

    fn centred(&mut self, baseline: f32, line: &str, size: f32, ink: Ink, bold: bool) {
        let x = (WIDTH - self.faces.width(line, size, bold)) / 2.0;
        self.text(x, baseline, line, size, ink, bold);
    }

    /// Wrapped text; the baseline below its last line.
    fn paragraph(&mut self, x: f32, baseline: f32, width: f32, text: &str, size: f32, ink: Ink) -> f32 {
        let mut y = baseline;
        for line in self.faces.wrap(text, size, false, width) {
            self.text(x, y, &line, size, ink, false);
            y += size * 1.38;
        }
        y
    }

    fn filled(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.ink(ink);
        self.rectangle(x, y, width, height);
    }

    fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32) {
        let mut path = PathBuilder::new();
        path.push_rect(Rect::from_xywh(x, y, width, height).expect("it has a width and a height"));
        self.surface.draw_path(&path.finish().expect("a rectangle is a path"));
    }

    fn framed(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink, line: f32) {
        let paint = rgb::Color::new(ink.0, ink.1, ink.2).into();
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke { paint, width: line, ..Stroke::default() }));
        self.rectangle(x, y, width, height);
        self.surface.set_stroke(None);
    }

    fn first(&mut self, page: &Page, codes: &[Code], total: usize) {
        self.framed(24.0, 24.0, WIDTH - 48.0, HEIGHT - 48.0, RULE, 0.6);
        let mut y = self.head(page);
        y = self.subject(page, y);
        y = self.facts(&page.facts, y);
        y = self.table(&page.rows, y + 5.0);
        y = self.details(page, y + 7.0);
        self.proof(page, codes, total, y + 8.0);
        self.foot(page);
    }

    fn head(&mut self, page: &Page) -> f32 {
        self.text(MARGIN, 50.0, "通达", 11.0, RED, true);
        let after = MARGIN + self.faces.width("通达", 11.0, true) + 5.0;
        self.text(after, 50.0, &format!("Tongda · {}", page.network), 8.5, GREY, false);
        if page.demonstration {
            let label = "演示数据 · MADE FOR DEMONSTRATION";
            let width = self.faces.width(label, 8.0, true) + 14.0;
            self.framed(WIDTH - MARGIN - width, 38.5, width, 16.5, RED, 0.9);
            self.text(WIDTH - MARGIN - width + 7.0, 49.8, label, 8.0, RED, true);
        }
        self.centred(84.0, &page.title.zh, 20.0, BLACK, true);
        self.centred(99.0, &page.title.en, 9.5, GREY, false);
        self.filled(MARGIN, 107.0, INNER, 1.4, RED);
        self.filled(MARGIN, 109.6, INNER, 0.4, RED);
        124.0
    }

    fn subject(&mut self, page: &Page, top: f32) -> f32 {
        let mut y = top + 6.0;
        self.centred(y, &page.subject, 14.0, BLACK, true);
        y += 17.0;
        self.centred(y, &page.as_of.zh, 9.5, BLACK, true);
        y += 12.5;
        self.centred(y, &page.as_of.en, 8.0, GREY, false);
        y + 9.0
    }

    fn facts(&mut self, facts: &[Fact], top: f32) -> f32 {
        const LABEL: f32 = 116.0;
        let mut y = top + 6.0;
        for fact in facts {
            let label = format!("{} {}", fact.label.zh, fact.label.en);
            self.text(MARGIN, y, &label, 7.6, GREY, false);
            for line in self.faces.wrap(&fact.value, 7.6, false, INNER - LABEL) {
                self.text(MARGIN + LABEL, y, &line, 7.6, BLACK, false);
                y += 11.4;
            }
        }
        y - 5.0
    }

    /// The table in two columns, filled from the left.
    fn table(&mut self, rows: &[Row], top: f32) -> f32 {
        const LINE: f32 = 24.6;
        let half = rows.len().div_ceil(2);
        let column = INNER / 2.0;
        let height = LINE * half as f32;
        for (place, row) in rows.iter().enumerate() {
            let (side, line) = (place / half, place % half);
            let (x, y) = (MARGIN + column * side as f32, top + LINE * line as f32);
            if line % 2 == 0 {
                self.filled(x, y, column, LINE, SHADE);
            }
            self.mark(x + 7.0, y + 8.0, row.mark);
            self.text(x + 21.0, y + 10.8, &row.label.zh, 8.8, BLACK, true);
            self.text(x + 21.0, y + 20.2, &row.label.en, 6.8, GREY, false);
            let room = column - 106.0 - 5.0;
            let ink = if row.mark == Mark::Burden { RED } else { BLACK };
            let zh = self.faces.fit(&row.value.zh, 8.8, room);
            self.text(x + 106.0, y + 10.8, &zh, 8.8, ink, false);
            let en = self.faces.fit(&row.value.en, 6.8, room);
            self.text(x + 106.0, y + 20.2, &en, 6.8, GREY, false);
        }
        self.framed(MARGIN, top, INNER, height, RULE, 0.6);
        self.filled(MARGIN + column - 0.3, top, 0.6, height, RULE);
        top + height
    }

    /// A tick, an empty ring or a full disc, 8 points wide.
    fn mark(&mut self, x: f32, y: f32, mark: Mark) {
        let mut path = PathBuilder::new();
        let ink = match mark {
            Mark::Holds => {
                path.move_to(x + 0.5, y + 4.6);
                path.line_to(x + 3.1, y + 7.4);
                path.line_to(x + 7.8, y + 1.0);
                GREEN
            }
            Mark::HoldsNot => {
                circle(&mut path, x + 4.0, y + 4.2, 3.0);
                GREY
            }
            Mark::Burden => {
                circle(&mut path, x + 4.0, y + 4.2, 3.4);
                RED
            }
        };
        let paint = rgb::Color::new(ink.0, ink.1, ink.2);
        let width = if mark == Mark::HoldsNot { 0.8 } else { 1.6 };
        if mark == Mark::Burden {
            self.ink(ink);
        } else {
            self.surface.set_fill(None);
            self.surface.set_stroke(Some(Stroke { paint: paint.into(), width, ..Stroke::default() }));
        }
        self.surface.draw_path(&path.finish().expect("a mark is a path"));
        self.surface.set_stroke(None);
    }

    fn details(&mut self, page: &Page, top: f32) -> f32 {
        if page.details.is_empty() {
            return top;
        }
        let note = "以下内容由所附 JSON 形式证明，不在二维码之内 · Proven by the JSON form (attached to the PDF), not by the code";
        self.text(MARGIN + 6.0, top + 11.0, note, 6.8, GREY, false);
        let mut y = top + 24.0;
        for fact in &page.details {
            self.text(MARGIN + 6.0, y, &format!("{} {}", fact.label.zh, fact.label.en), 7.6, GREY, false);
            let mut lines = self.faces.wrap(&fact.value, 8.8, false, INNER - 112.0);
            if lines.len() > 2 {
                let rest = lines.split_off(1).concat();
                lines.push(self.faces.fit(&rest, 8.8, INNER - 112.0));
            }
            for line in lines {
                self.text(MARGIN + 106.0, y, &line, 8.8, BLACK, false);
                y += 12.2;
            }
        }
        self.framed(MARGIN, top, INNER, y - top - 4.0, RULE, 0.6);
        y - 4.0
    }

    /// The codes, and beside or below them what the proof rests on.
    fn proof(&mut self, page: &Page, codes: &[Code], total: usize, top: f32) {
        let room = HEIGHT - 56.0 - top;
        let gap = 12.0;
        let (rests, verify) = (("证明的依据", "What it rests on"), ("如何核验", "How to verify it"));
        match codes {
            [code] => {
                let side = CODE_SIDE.min(room);
                self.code(code, MARGIN - 6.0, top - 4.0, side);
                let (x, width) = (MARGIN + side + 2.0, INNER - side - 2.0);
                let y = self.section(x, top, width, rests, &page.trust);
                self.section(x, y, width, verify, &[how(total)]);
            }
            codes => {
                let side = if codes.is_empty() { 0.0 } else { SMALL_SIDE.min(room - 90.0) };
                for (place, code) in codes.iter().enumerate() {
                    self.code(code, MARGIN + (INNER - side) * place as f32, top - 4.0, side);
                }
                let (width, below) = ((INNER - gap) / 2.0, top + side - 4.0);
                self.section(MARGIN, below, width, rests, &page.trust);
                self.section(MARGIN + width + gap, below, width, verify, &[how(total)]);
            }
        }
    }

    /// A heading with texts below; the top of what comes next.
    fn section(&mut self, x: f32, top: f32, width: f32, heading: (&str, &str), texts: &[Both]) -> f32 {
        let mut y = top + 10.0;
        self.text(x, y, &format!("{} {}", heading.0, heading.1), 8.4, RED, true);
        y += 11.8;
        for text in texts {
            y = self.paragraph(x, y, width, &text.zh, 7.2, BLACK);
            y = self.paragraph(x, y - 0.6, width, &text.en, 6.5, GREY) + 2.2;
        }
        y
    }

    fn foot(&mut self, page: &Page) {
        let line = "效力仅止于所载检查点，此后的变动不在其中 · It holds as of the checkpoint named; nothing later is in it";
        self.filled(MARGIN, HEIGHT - 47.0, INNER, 0.4, RULE);
        self.text(MARGIN, HEIGHT - 37.0, line, 6.6, GREY, false);
        if page.demonstration {
            let label = "演示 demonstration";
            let x = WIDTH - MARGIN - self.faces.width(label, 6.6, false);
            self.text(x, HEIGHT - 37.0, label, 6.6, RED, false);
        }
    }

    /// A code with its quiet zone in this square.
    fn code(&mut self, code: &Code, x: f32, y: f32, side: f32) {
        let module = side / (code.width() + 2 * QUIET) as f32;
        let (x, y) = (x + module * QUIET as f32, y + module * QUIET as f32);
        let mut path = PathBuilder::new();
        for (row, column, length) in code.runs() {
            let (left, top) = (x + module * column as f32, y + module * row as f32);
            let run = Rect::from_xywh(left, top, module * length as f32, module);
            path.push_rect(run.expect("a run has a length"));
        }
        self.ink(Ink(0, 0, 0));
        self.surface.draw_path(&path.finish().expect("a code has dark modules"));
    }

    /// A page of six codes.
    fn of_codes(&mut self, page: &Page, codes: &[Code], before: usize, total: usize) {
        let heading = format!("{} {} · {}", page.title.zh, page.subject, page.as_of.en);
        let heading = self.faces.fit(&heading, 7.5, INNER);
        self.text(MARGIN, 40.0, &heading, 7.5, GREY, false);
        let side = SMALL_SIDE;
        for (place, code) in codes.iter().enumerate() {
            let x = MARGIN + (INNER - side) * (place % 2) as f32;
            let y = 52.0 + (side + 20.0) * (place / 2) as f32;
            self.text(x + 8.0, y + 6.0, &format!("{} / {total}", before + place + 1), 7.5, BLACK, true);
            self.code(code, x, y + 6.0, side);
        }
        self.foot(page);
    }
}

/// A circle of four curves.
fn circle(path: &mut PathBuilder, x: f32, y: f32, radius: f32) {
    let handle = radius * 0.5523;
    path.move_to(x + radius, y);
    path.cubic_to(x + radius, y + handle, x + handle, y + radius, x, y + radius);
    path.cubic_to(x - handle, y + radius, x - radius, y + handle, x - radius, y);
    path.cubic_to(x - radius, y - handle, x - handle, y - radius, x, y - radius);
    path.cubic_to(x + handle, y - radius, x + radius, y - handle, x + radius, y);
    path.close();
}

fn how(codes: usize) -> Both {
    let (zh, en) = match codes {
        1 => ("二维码含有全部证明。".to_owned(), "The code holds the whole proof.".to_owned()),
        n => (
            format!("{n} 个二维码合起来含有全部证明，扫描次序不限。"),
            format!("The {n} codes together hold the whole proof, scanned in any order."),
        ),
    };
    Both::new(
        format!(
            "{zh}扫描所得文字（或者本 PDF 文件）连同创世文件，离线核验：tongda verify 文件 --genesis genesis.toml；格式见文档，可用任何语言另行编写核验程序。"
        ),
        format!(
            "{en} Scan it (or take the PDF) and check it offline with the genesis file: tongda verify FILE --genesis genesis.toml. The format is published; anyone can write another verifier."
        ),
    )
}

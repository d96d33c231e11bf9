//! Show a report as a page.

use super::report::Report;

pub(super) fn render(report: &Report) -> String {
    format!("<pre>{}</pre>", report.json())
}

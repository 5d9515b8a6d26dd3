//! The report as Markdown.

use std::fmt::Write as _;

use super::Suite;
use super::goals::Goal;
use crate::report::text::{detail_rows, main_rows};

/// Goals, found figures, and every run.
pub(super) fn page(suite: &Suite) -> String {
    let mut page = format!("# mimc bench all\n\n{}.\n", suite.machine);
    if suite.quick {
        page.push_str("\nQuick: smaller and shorter than the goals are meant for.\n");
    }
    let _ = write!(page, "\n{}\n", goals(&suite.goals));
    for failed in &suite.failed {
        let _ = write!(page, "\nCame to no end: {failed}\n");
    }
    for run in &suite.runs {
        let _ = write!(
            page,
            "\n## `mimc bench --spawn {}`\n\n| | |\n| --- | --- |\n",
            run.line
        );
        let rows = main_rows(&run.report).into_iter().skip(1);
        for (name, value) in rows.chain(detail_rows(&run.report)) {
            let _ = writeln!(page, "| {name} | {} |", cell(&value));
        }
    }
    page
}

/// The table of goals.
pub(super) fn goals(goals: &[Goal]) -> String {
    let mut table = "| What | Goal | Found | Met |\n| --- | --- | --- | --- |\n".to_owned();
    for goal in goals {
        let met = match goal.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "–",
        };
        let _ = writeln!(
            table,
            "| {} | {} | {} | {met} |",
            goal.what, goal.wanted, goal.found
        );
    }
    table.truncate(table.trim_end().len());
    table
}

/// Text that does not end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

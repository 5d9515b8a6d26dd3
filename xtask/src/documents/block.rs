//! Code blocks that a comment above them marks as checked.

/// A script, and what has to come of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Where it begins, from 1.
    pub(super) line: usize,
    pub(super) language: String,
    pub(super) script: String,
    pub(super) expects: Expectation,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expectation {
    /// `<!-- checked -->`: it ends without an error.
    Success,
    /// `<!-- checked, prints: TEXT -->`: and it prints this.
    Prints(String),
    /// `<!-- checked, until: TEXT -->`: it runs beside the blocks below it and prints this at some
    /// time; then it is ended.
    Until(String),
}

impl Block {
    /// What stays in a reader's shell.
    pub(super) fn exports(&self) -> impl Iterator<Item = &str> {
        self.script
            .lines()
            .filter(|line| line.starts_with("export "))
    }
}

/// The marked blocks of a document.
pub(super) fn checked(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    let mut mark = None;
    while let Some((at, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            mark = expectation(line).or(mark.filter(|_| line.is_empty()));
            continue;
        };
        let body = lines.by_ref().map(|(_, line)| line);
        let body: Vec<&str> = body.take_while(|line| !line.starts_with("```")).collect();
        if let Some(expects) = mark.take() {
            blocks.push(Block {
                line: at + 1,
                language: language.to_owned(),
                script: body.join("\n"),
                expects,
            });
        }
    }
    blocks
}

fn expectation(line: &str) -> Option<Expectation> {
    let mark = line.strip_prefix("<!-- checked")?.strip_suffix("-->")?;
    let mark = mark.trim();
    if let Some(text) = mark.strip_prefix(", prints:") {
        return Some(Expectation::Prints(text.trim().to_owned()));
    }
    if let Some(text) = mark.strip_prefix(", until:") {
        return Some(Expectation::Until(text.trim().to_owned()));
    }
    mark.is_empty().then_some(Expectation::Success)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marked_blocks_are_run() {
        let text = "# A\n```sh\nrm -r x\n```\n<!-- checked -->\n```sh\na\nb\n```\n\
                    <!-- checked, prints: \"code\":200 -->\n\n```sh\nc\n```\n\
                    <!-- checked -->\nWords.\n```sh\nd\n```\n\
                    <!-- checked, until: hello -->\n```sh\ne\n```\n";
        let found: Vec<_> = checked(text)
            .into_iter()
            .map(|block| (block.line, block.script, block.expects))
            .collect();
        let expected = [
            (6, "a\nb".to_owned(), Expectation::Success),
            (
                12,
                "c".to_owned(),
                Expectation::Prints("\"code\":200".to_owned()),
            ),
            (21, "e".to_owned(), Expectation::Until("hello".to_owned())),
        ];
        assert_eq!(found, expected);
    }
}

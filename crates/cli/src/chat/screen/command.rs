//! What begins with a slash.

/// A wish in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    List,
    Open(String),
    History,
    Create { name: String, members: Vec<String> },
    Invite(Vec<String>),
    Members,
    Leave,
    Dismiss,
    Recall,
    Ping,
    Quit,
}

/// A line that somebody has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// To be sent.
    Text(String),
    Command(Command),
    /// A command, but not so; and why.
    Wrong(String),
}

/// All of them, as they are written.
const COMMANDS: [&str; 12] = [
    "/open", "/list", "/history", "/create", "/invite", "/members", "/leave", "/dismiss",
    "/recall", "/ping", "/quit", "/help",
];

/// Each thing that can be done, and what it does.
const HELP: &[(&str, &str)] = &[
    ("/open NAME", "go to an account or a topic"),
    ("/list", "all conversations"),
    ("/history", "earlier messages"),
    ("/create NAME ACCOUNT…", "make a topic"),
    ("/invite ACCOUNT…", "add to this topic"),
    ("/members", "who is in this topic"),
    ("/leave", "leave this topic"),
    ("/dismiss", "end this topic for all, as its owner"),
    ("/recall", "take back your last message"),
    ("/ping", "ask whether the other is there"),
    ("/quit", "leave, as Ctrl-C and Ctrl-D do"),
    ("//TEXT", "send /TEXT"),
    ("", ""),
    ("Enter", "send"),
    ("Alt-Enter", "begin a new line"),
    ("Tab", "go to what is unread; complete a command"),
    ("Ctrl-N, Ctrl-P", "next and previous conversation"),
    ("PgUp, PgDn", "earlier and later; Up and Down by lines"),
    ("Ctrl-Home, -End", "first and last message"),
    ("Ctrl-R", "reconnect now"),
    ("Esc", "close this; go to the last message"),
    ("", ""),
    ("…", "on its way"),
    ("✓", "the server has it"),
    ("✓✓", "it was read"),
];

/// Reads what was written; `None` when it is nothing.
pub(crate) fn read(line: &str) -> Option<Line> {
    let text = line.trim();
    if text.is_empty() {
        return None;
    }
    let Some(rest) = text.strip_prefix('/') else {
        return Some(Line::Text(line.trim_end().to_owned()));
    };
    if rest.starts_with('/') {
        return Some(Line::Text(rest.to_owned()));
    }
    Some(command(text).map_or_else(Line::Wrong, Line::Command))
}

/// What `/help` shows.
pub(crate) fn help() -> &'static [(&'static str, &'static str)] {
    HELP
}

/// The line with its last word completed, when it can be.
pub(crate) fn completed<'a>(
    line: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    if let Some(begun) = line.strip_prefix("/open ") {
        let name = common_beginning(names.into_iter().filter(|name| name.starts_with(begun)))?;
        return Some(format!("/open {name}"));
    }
    let words = COMMANDS.into_iter().filter(|word| word.starts_with(line));
    let words: Vec<&str> = words.collect();
    match words[..] {
        [only] => Some(format!("{only} ")),
        _ => common_beginning(words.into_iter()),
    }
}

fn command(text: &str) -> Result<Command, String> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    match word {
        "/help" => Ok(Command::Help),
        "/list" => Ok(Command::List),
        "/open" => named(rest).map(Command::Open),
        "/history" => Ok(Command::History),
        "/create" => {
            let (name, members) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let members = accounts(members);
            named(name).map(|name| Command::Create { name, members })
        }
        "/invite" => match accounts(rest) {
            nobody if nobody.is_empty() => Err("whom? /invite ACCOUNT…".to_owned()),
            accounts => Ok(Command::Invite(accounts)),
        },
        "/members" => Ok(Command::Members),
        "/leave" => Ok(Command::Leave),
        "/dismiss" => Ok(Command::Dismiss),
        "/recall" => Ok(Command::Recall),
        "/ping" => Ok(Command::Ping),
        "/quit" => Ok(Command::Quit),
        other => Err(format!(
            "there is no {other}; /help lists what there is, // sends a /"
        )),
    }
}

fn named(name: &str) -> Result<String, String> {
    if name.is_empty() {
        return Err("a name is missing; /help shows how".to_owned());
    }
    Ok(name.to_owned())
}

/// Names with blanks or commas between them, Chinese commas too.
fn accounts(text: &str) -> Vec<String> {
    let names = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、'));
    let names = names.filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

fn common_beginning<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let first = texts.next()?.to_owned();
    let common = |mut common: String, text: &str| {
        while !text.starts_with(&common) {
            common.pop();
        }
        common
    };
    Some(texts.fold(first, common))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(line: &str) -> bool {
        matches!(read(line), Some(Line::Wrong(_)))
    }

    #[test]
    fn what_does_not_begin_with_a_slash_is_text_as_it_was_written() {
        assert_eq!(read("  你好 / "), Some(Line::Text("  你好 /".to_owned())));
        assert_eq!(read("//etc"), Some(Line::Text("/etc".to_owned())));
        assert_eq!(read(" \n "), None);
    }

    #[test]
    fn names_stand_between_blanks_and_commas() {
        let create = Command::Create {
            name: "午饭".to_owned(),
            members: ["ben", "小明", "carl"].map(str::to_owned).to_vec(),
        };
        assert_eq!(
            read("/create 午饭 ben，小明, carl"),
            Some(Line::Command(create))
        );
        let open = Command::Open("two words".to_owned());
        assert_eq!(read("/open  two words "), Some(Line::Command(open)));
    }

    #[test]
    fn what_is_no_command_is_not_sent_by_mistake() {
        for line in ["/hlep", "/open", "/create", "/invite ,", "/"] {
            assert!(wrong(line), "{line}");
        }
    }

    #[test]
    fn the_help_knows_every_command_and_none_that_is_not_there() {
        let lines = HELP
            .iter()
            .filter(|(term, _)| term.starts_with('/') && !term.starts_with("//"));
        let mut helped = Vec::new();
        for (line, _) in lines {
            assert!(matches!(read(line), Some(Line::Command(_))), "{line}");
            helped.extend(line.split(' ').next());
        }
        helped.push("/help");
        assert_eq!(helped, COMMANDS);
    }

    #[test]
    fn tab_completes_as_far_as_it_is_certain() {
        let names = ["ben", "benjamin", "小明"];
        let cases = [
            ("/he", Some("/help ")),
            ("/h", Some("/h")),
            ("/l", Some("/l")),
            ("/open b", Some("/open ben")),
            ("/open 小", Some("/open 小明")),
            ("/open x", None),
            ("/x", None),
        ];
        for (line, expected) in cases {
            assert_eq!(completed(line, names).as_deref(), expected, "{line}");
        }
    }
}

//! `mimc account …`: the users of an app.

use serde_json::{Map, Value, json};

use crate::failure::say;
use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

const ACCOUNTS: &[(&str, &str)] = &[
    ("ACCOUNT", "/account"),
    ("UUID", "/uuid"),
    ("ONLINE", "/online"),
    ("BANNED", "/banned"),
];
const TOPICS: &[(&str, &str)] = &[
    ("TOPICID", "/topicId"),
    ("NAME", "/name"),
    ("OWNER", "/owner/account"),
    ("MEMBERS", "/members"),
];
const CONTACTS: &[(&str, &str)] = &[
    ("KIND", "/kind"),
    ("ACCOUNT", "/account"),
    ("TOPICID", "/topicId"),
    ("SEQUENCE", "/sequence"),
    ("AT", "/at"),
];
const BLOCKED: &[(&str, &str)] = &[("ACCOUNT", "/account"), ("UUID", "/uuid")];

/// An account is named by its app and the app's own name for it.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Account {
    /// List the accounts of an app by name
    List(List),
    /// Show an account and its devices, and what waits for them
    Show(Named),
    /// List the groups it is in
    Topics(Paged),
    /// List with whom it has talked in the last 30 days
    Contacts(Paged),
    /// List whom it has blocked
    Blacklist(Paged),
    /// Block somebody in its name: nothing that they send reaches it any more
    Block(Pair),
    /// Lift such a block
    Unblock(Pair),
    /// End its sessions; its devices may log in again
    Kick(Named),
    /// Ban it: its sessions end, it cannot log in or send
    Ban(Named),
    /// Lift the ban
    Unban(Named),
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[arg(value_name = "APPID")]
    app_id: String,

    /// Only those whose names begin with this
    #[arg(long, default_value = "")]
    prefix: String,

    /// Begin after this one: where the page before has ended
    #[arg(long, value_name = "ACCOUNT")]
    after: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    #[arg(value_name = "APPID")]
    app_id: String,

    account: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Paged {
    #[command(flatten)]
    named: Named,

    /// Begin after this one: where the page before has ended
    #[arg(long, value_name = "PLACE")]
    after: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Pair {
    #[command(flatten)]
    named: Named,

    /// Who is blocked
    other: String,
}

impl Account {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let admin = operator.admin()?;
        match self {
            Self::List(list) => {
                let after = list.after.as_deref();
                let page = admin.accounts(&list.app_id, &list.prefix, after).await?;
                print_page(output, &page, "accounts", ACCOUNTS)
            }
            Self::Show(Named { app_id, account }) => {
                let facts = admin.account(&app_id, &account).await?;
                output.result(&facts, shown::facts)
            }
            Self::Topics(Paged { named, after }) => {
                let Named { app_id, account } = named;
                let topics = admin.topics_of_account(&app_id, &account, after.as_deref());
                print_page(output, &topics.await?, "topics", TOPICS)
            }
            Self::Contacts(Paged { named, after }) => {
                let Named { app_id, account } = named;
                let contacts = admin.contacts_of_account(&app_id, &account, after.as_deref());
                print_page(output, &contacts.await?, "contacts", CONTACTS)
            }
            Self::Blacklist(Paged { named, after }) => {
                let Named { app_id, account } = named;
                let blocked = admin.blacklist(&app_id, &account, after.as_deref());
                print_page(output, &blocked.await?, "accounts", BLOCKED)
            }
            Self::Block(Pair { named, other }) => {
                let Named { app_id, account } = &named;
                admin.set_blocked(app_id, account, &other, true).await?;
                say(&format!("{account} has blocked {other}"));
                named.done_to(&other, output, true)
            }
            Self::Unblock(Pair { named, other }) => {
                let Named { app_id, account } = &named;
                admin.set_blocked(app_id, account, &other, false).await?;
                say(&format!("{account} has not blocked {other}"));
                named.done_to(&other, output, false)
            }
            Self::Kick(named) => {
                admin.kick(&named.app_id, &named.account).await?;
                named.done(output, "kicked", true)
            }
            Self::Ban(named) => {
                admin.ban(&named.app_id, &named.account).await?;
                named.done(output, "banned", true)
            }
            Self::Unban(named) => {
                admin.unban(&named.app_id, &named.account).await?;
                named.done(output, "banned", false)
            }
        }
    }
}

impl Named {
    fn done(self, output: &mut Output, state: &str, is_so: bool) -> anyhow::Result<()> {
        let not = if is_so { "" } else { "not " };
        say(&format!("{} is {not}{state}", self.account));
        let shown = json!({"appId": self.app_id, "account": self.account, state: is_so});
        output.result(&shown, |_| String::new())
    }

    fn done_to(&self, other: &str, output: &mut Output, is_blocked: bool) -> anyhow::Result<()> {
        let Self { app_id, account } = self;
        let shown =
            json!({"appId": app_id, "account": account, "other": other, "blocked": is_blocked});
        output.result(&shown, |_| String::new())
    }
}

fn print_page(
    output: &mut Output,
    page: &Map<String, Value>,
    rows: &str,
    columns: &[(&str, &str)],
) -> anyhow::Result<()> {
    output.result(page, |page| {
        shown::records(shown::rows(page, rows), columns)
    })?;
    shown::say_what_follows(page);
    Ok(())
}

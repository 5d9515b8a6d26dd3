//! The command line as a whole.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::operator::Operator;
use crate::output::Output;
use crate::{
    account, admin, app, backup, bench, callback, chat, config, console, doctor, explain_token,
    health, listen, ready, restore, send, serve, stats, token, topic, trace,
};

/// A self-hosted instant-message server, and the tools to run it.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not allowed.
#[derive(Debug, Parser)]
#[command(name = "mimc", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,

    #[command(flatten)]
    common: Common,
}

/// What every verb understands.
#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// The server to talk to
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "MIMC_SERVER",
        default_value = "http://127.0.0.1:8080"
    )]
    pub(crate) server: String,

    /// Believe a server whose certificate one of these authorities has signed (PEM), instead of the
    /// public ones
    #[arg(long, global = true, value_name = "FILE", env = "MIMC_CA")]
    pub(crate) ca: Option<PathBuf>,

    /// Directory of the server's data; its admin.token is the right to administer it [default:
    /// ./mimc-data]. Without this flag the token in `MIMC_ADMIN_TOKEN` comes first
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// How results are printed
    #[arg(short, long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs: ids as strings, keys as in the API
    Json,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the server
    Serve(serve::Serve),
    /// Create and manage apps
    #[command(subcommand)]
    App(app::App),
    /// Look at accounts, kick and ban them
    #[command(subcommand)]
    Account(account::Account),
    /// Look at topics, dismiss them
    #[command(subcommand)]
    Topic(topic::Topic),
    /// Look at callbacks, post them again
    #[command(subcommand)]
    Callback(callback::Callback),
    /// Say why a message did not arrive: its way, step by step
    Trace(trace::Trace),
    /// Say who else may administer the server
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Print a link that signs in to the console, once
    Console,
    /// Get a token for an account
    Token(token::Token),
    /// Say why a token opens nothing; it is read from stdin
    ExplainToken(explain_token::ExplainToken),
    /// Send one message as an account
    Send(send::Send),
    /// Print what an account is sent
    Listen(listen::Listen),
    /// Chat as an account, on the whole terminal or line by line
    Chat(chat::Chat),
    /// Show what the server is doing, how that went lately, and what is wrong
    Stats(stats::Stats),
    /// Show what the checks of the running server have found
    Health,
    /// Say whether the server takes new work, for health checks: exit code 0 or 1
    Ready,
    /// Measure a server under load
    Bench(::bench::Bench),
    /// Copy the data directory, whether the server runs or not
    Backup(backup::Backup),
    /// Put a copy in place as the data directory
    Restore(restore::Restore),
    /// Show, check and explain the server's configuration
    Config(config::Config),
    /// Look at this machine and the data directory, and say what to change
    Doctor(doctor::Doctor),
}

impl Arguments {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let mut output = Output::new(self.common.output);
        match self.verb {
            Verb::Serve(serve) => serve.run(&self.common),
            Verb::Backup(backup) => backup.run(&self.common, &mut output),
            Verb::Restore(restore) => restore.run(&self.common, &mut output),
            Verb::Config(config) => config.run(&self.common, &mut output),
            Verb::Doctor(doctor) => doctor.run(&self.common, &mut output),
            Verb::Bench(bench) => bench::run(&bench, &self.common, &mut output),
            verb => {
                let operator = Operator::new(&self.common)?;
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?
                    .block_on(verb.run(&operator, &mut output))
            }
        }
    }
}

impl Verb {
    async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        match self {
            // These find their server by themselves or need none, and were run before.
            Self::Serve(_)
            | Self::Backup(_)
            | Self::Restore(_)
            | Self::Config(_)
            | Self::Doctor(_)
            | Self::Bench(_) => Ok(()),
            Self::App(app) => app.run(operator, output).await,
            Self::Account(account) => account.run(operator, output).await,
            Self::Topic(topic) => topic.run(operator, output).await,
            Self::Callback(callback) => callback.run(operator, output).await,
            Self::Trace(trace) => trace.run(operator, output).await,
            Self::Admin(admin) => admin.run(operator, output).await,
            Self::Console => console::run(operator, output).await,
            Self::Token(token) => token.run(operator, output).await,
            Self::ExplainToken(explain) => explain.run(operator, output).await,
            Self::Send(send) => send.run(operator, output).await,
            Self::Listen(listen) => listen.run(operator, output).await,
            Self::Chat(chat) => chat.run(operator, output).await,
            Self::Stats(stats) => stats.run(operator, output).await,
            Self::Health => health::run(operator, output).await,
            Self::Ready => ready::run(operator, output).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn common_flags_stand_before_and_after_the_verb() {
        for line in [
            "mimc -o json --data-dir d app list",
            "mimc app list -o json --data-dir d",
        ] {
            let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(arguments.common.output, Format::Json);
            assert_eq!(arguments.common.data_dir, Some("d".into()));
        }
    }

    #[test]
    fn missing_and_unknown_words_are_wrong_usage() {
        for line in [
            "mimc app show",
            "mimc app no-such-verb",
            "mimc send 1 a b",
            "mimc send 1 a --topic 2",
            "mimc send 1 a b hello --topic 2",
            "mimc send 1 a --topic lunch hello",
            "mimc chat 1 a --to b --topic 1",
            "mimc app delete",
            "mimc topic show 1",
            "mimc callback replay 1",
            "mimc callback replay 1 2 --failed",
            "mimc trace 1",
            "mimc trace 1 p --language fr",
            "mimc admin token create",
            "mimc admin token create --role root",
        ] {
            let error = Arguments::try_parse_from(line.split(' ')).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }
}

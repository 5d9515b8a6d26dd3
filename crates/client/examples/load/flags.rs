//! What the command line asks for.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::Failure;

pub(crate) struct Flags {
    pub(crate) spawn: Option<PathBuf>,
    pub(crate) server: String,
    pub(crate) pid: Option<u32>,
    pub(crate) pairs: usize,
    pub(crate) window: usize,
    pub(crate) duration: Duration,
    pub(crate) payload_bytes: usize,
    pub(crate) idle: Option<usize>,
    pub(crate) is_json: bool,
}

impl Flags {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut flags = Self {
            spawn: None,
            server: "http://127.0.0.1:8080".to_owned(),
            pid: None,
            pairs: 50,
            window: 16,
            duration: Duration::from_secs(10),
            payload_bytes: 200,
            idle: None,
            is_json: false,
        };
        while let Some(flag) = words.next() {
            let mut value = || words.next().ok_or(format!("{flag} needs a value"));
            match flag.as_str() {
                "--spawn" => flags.spawn = Some(value()?.into()),
                "--server" => flags.server = value()?,
                "--pid" => flags.pid = Some(number(&value()?)?),
                "--pairs" => flags.pairs = number(&value()?)?,
                "--window" => flags.window = number(&value()?)?,
                "--seconds" => flags.duration = Duration::from_secs(number(&value()?)?),
                "--payload" => flags.payload_bytes = number(&value()?)?,
                "--idle" => flags.idle = Some(number(&value()?)?),
                "--json" => flags.is_json = true,
                _ => return Err(format!("{flag} is no flag; see the head of main.rs").into()),
            }
        }
        Ok(flags)
    }
}

fn number<T: FromStr>(text: &str) -> Result<T, Failure> {
    text.parse()
        .map_err(|_| format!("{text} is no number").into())
}

//! Errors become one line on stderr and an exit code that scripts can rely on.

use std::io::{self, Write};
use std::process::ExitCode;

use client::admin::AdminError;
use client::rest::RestError;
use client::{SendError, SendRefused};

const FAILED: u8 = 1;
const USAGE: u8 = 2;
const NOT_FOUND: u8 = 3;
const NOT_ALLOWED: u8 = 4;

/// The verb was understood and is not asked for in the right way.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// There is no right to do this.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotAllowed(pub(crate) String);

/// Says what went wrong. Who reads our output and has enough of it is no failure.
pub(crate) fn exit_code(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("mimc: {error:#}"));
            ExitCode::from(code(&error))
        }
    }
}

/// One line for people. A closed stderr is nobody to talk to.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn code(error: &anyhow::Error) -> u8 {
    error.chain().find_map(code_of).unwrap_or(FAILED)
}

fn code_of(error: &(dyn std::error::Error + 'static)) -> Option<u8> {
    if error.is::<Usage>() {
        return Some(USAGE);
    }
    if error.is::<NotAllowed>() {
        return Some(NOT_ALLOWED);
    }
    match error.downcast_ref() {
        Some(AdminError::NotFound(_)) => return Some(NOT_FOUND),
        Some(AdminError::NotAllowed(_) | AdminError::BadToken) => return Some(NOT_ALLOWED),
        _ => {}
    }
    let refusal = match error.downcast_ref() {
        Some(RestError::BadAddress { .. }) => return Some(USAGE),
        Some(RestError::Refused { code, .. }) => Some(*code),
        Some(_) => None,
        None => match error.downcast_ref() {
            Some(SendError::Refused(SendRefused { code, .. })) => Some(i64::from(*code)),
            _ => None,
        },
    };
    match refusal? {
        401 | 403 => Some(NOT_ALLOWED),
        404 => Some(NOT_FOUND),
        _ => None,
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error
        .chain()
        .find_map(|one| one.downcast_ref::<io::Error>());
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn facts_have_their_exit_codes_even_below_other_words() {
        let refused = |code| SendRefused {
            code,
            text: String::new(),
        };
        let bad_address = RestError::BadAddress {
            url: "x".into(),
            why: "y".into(),
        };
        let cases: [(anyhow::Error, u8); 8] = [
            (bad_address.into(), USAGE),
            (AdminError::NotFound("app".into()).into(), NOT_FOUND),
            (AdminError::NotAllowed("no".into()).into(), NOT_ALLOWED),
            (SendError::Refused(refused(403)).into(), NOT_ALLOWED),
            (SendError::Refused(refused(413)).into(), FAILED),
            (Usage("no".into()).into(), USAGE),
            (NotAllowed("no".into()).into(), NOT_ALLOWED),
            (anyhow::anyhow!("whatever"), FAILED),
        ];
        for (error, expected) in cases {
            let shown = error.to_string();
            assert_eq!(code(&error), expected, "{shown}");
            let wrapped = Err::<(), _>(error).context("while at it").unwrap_err();
            assert_eq!(code(&wrapped), expected, "{shown}, wrapped");
        }
    }

    #[test]
    fn a_reader_that_has_enough_is_no_failure() {
        let error = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(is_broken_pipe(&error.into()));
    }
}

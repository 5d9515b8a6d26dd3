//! The admin API: one file for each thing that operators deal with.
//!
//! Reading is for viewers, everything else for admins, as the gate has it.

mod access;
mod accounts;
mod apps;
mod callbacks;
mod server;
mod stats;
mod topics;
mod trace;

use http::Method;
use serde_json::Value;

use super::operation::{Access, Form, Operation};
use super::schema::{answer, id, text};
use crate::admin::access::Role;

pub(super) fn operations() -> Vec<Operation> {
    let mut operations = apps::operations();
    operations.extend(accounts::operations());
    operations.extend(topics::operations());
    operations.extend(callbacks::operations());
    operations.extend(trace::operations());
    operations.extend(server::operations());
    operations.extend(access::operations());
    operations
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let party = answer(vec![
        ("account", text("The account.", "alice")),
        ("uuid", id("Its uuid.", "5612345678901234")),
    ]);
    let mut schemas = vec![("AdminParty", party)];
    schemas.extend(apps::schemas());
    schemas.extend(accounts::schemas());
    schemas.extend(topics::schemas());
    schemas.extend(callbacks::schemas());
    schemas.extend(trace::schemas());
    schemas.extend(server::schemas());
    schemas.extend(access::schemas());
    schemas
}

/// Under which heading operations are found.
#[derive(Clone, Copy)]
struct Tag(&'static str);

impl Tag {
    /// One that takes nothing but its path and is answered with 200.
    fn operation(
        self,
        method: Method,
        path: &'static str,
        id: &'static str,
        summary: (&'static str, &'static str),
        description: &'static str,
        data: Value,
    ) -> Operation {
        let role = if method == Method::GET {
            Role::Viewer
        } else {
            Role::Admin
        };
        Operation {
            method,
            path,
            id,
            tag: self.0,
            summary: summary.0,
            summary_zh: summary.1,
            description,
            access: Access::Operator(role),
            query: vec![],
            body: None,
            example: None,
            data,
            form: plain(200, &[]),
        }
    }
}

/// The status of a success, and errors besides those that follow from what it takes.
fn plain(status: u16, errors: &[u16]) -> Form {
    let errors = errors.to_vec();
    Form::Plain { status, errors }
}

//! One route as it is described: what it takes, what it answers, why it refuses.

use http::Method;
use serde_json::{Map, Value, json};

use super::errors;
use super::schema::{Field, account, id_given, object, required, text};
use crate::admin::access::Role;

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The app's server, with credentials in the body.
    Credentials,
    /// An account, by its token or by the app's keys in headers.
    Caller,
    /// An operator with this role at least, by a token or by a session of the console.
    Operator(Role),
    /// An admin, by the token itself.
    AdminToken,
    /// A session of the console.
    Session,
    /// Whoever can show what is in the body.
    Everybody,
}

/// How it is answered.
pub(crate) enum Form {
    /// In the envelope, refusals too, over HTTP 200.
    Envelope {
        /// After success.
        message: &'static str,
        /// Codes and messages besides those that all have.
        refusals: Vec<(u16, &'static str)>,
    },
    /// As it is, under this status.
    Plain {
        status: u16,
        /// Statuses of errors besides those that follow from what it takes.
        errors: Vec<u16>,
    },
}

pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) id: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) summary_zh: &'static str,
    pub(crate) description: &'static str,
    pub(crate) access: Access,
    pub(crate) query: Vec<Field>,
    /// Besides credentials.
    pub(crate) body: Option<Vec<Field>>,
    /// A good body, where the required fields alone make none.
    pub(crate) example: Option<Value>,
    /// What is answered after success; in the envelope it is called `data`.
    pub(crate) data: Value,
    pub(crate) form: Form,
}

impl Form {
    /// The envelope without refusals of its own.
    pub(crate) fn envelope() -> Self {
        Self::refusing(Vec::new())
    }

    pub(crate) fn refusing(refusals: Vec<(u16, &'static str)>) -> Self {
        let message = "success";
        Self::Envelope { message, refusals }
    }
}

impl Operation {
    /// Whether it is one of the admin API.
    pub(crate) fn is_admin(&self) -> bool {
        self.path.starts_with("/admin/")
    }

    pub(crate) fn describe(self) -> Value {
        let mut described = json!({
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.summary,
            "x-summary-zh": self.summary_zh,
            "description": self.description,
            "parameters": self.parameters(),
            "security": self.security(),
            "responses": self.responses(),
        });
        if let Some(schema) = self.body_schema() {
            described["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": schema } },
            });
        }
        described
    }

    fn parameters(&self) -> Vec<Value> {
        let names = self.path.split('/').filter_map(|part| {
            let name = part.strip_prefix('{')?;
            name.strip_suffix('}')
        });
        let mut parameters: Vec<_> = names.map(|name| self.path_parameter(name)).collect();
        for field in &self.query {
            parameters.push(json!({
                "name": field.name,
                "in": "query",
                "required": field.is_required,
                "schema": field.schema,
            }));
        }
        if self.access == Access::Caller {
            parameters.push(json!({ "$ref": "#/components/parameters/appAccountEncode" }));
            if !self.path.contains("{appId}") {
                parameters.push(json!({ "$ref": "#/components/parameters/appId" }));
            }
        }
        parameters
    }

    fn path_parameter(&self, name: &str) -> Value {
        let id = |example: &str| json!({ "type": "string", "pattern": "^[1-9][0-9]{0,18}$", "examples": [example] });
        let name_of = |example: &str| {
            let mut schema = account("");
            schema["examples"] = json!([example]);
            schema
                .as_object_mut()
                .map(|schema| schema.remove("description"));
            schema
        };
        let (description, schema) = match name {
            "appId" if self.is_admin() => ("The app.", id("2882303761517123456")),
            "appId" => (
                "The app; that of the token or the keys.",
                id("2882303761517123456"),
            ),
            "topicId" => ("The topic.", id("21351198708203520")),
            "account" => ("The account.", name_of("alice")),
            "other" => ("The other account; it may be new.", name_of("bob")),
            _ => (
                "As a list or an answer calls it.",
                json!({ "type": "string", "minLength": 1 }),
            ),
        };
        json!({
            "name": name,
            "in": "path",
            "required": true,
            "description": description,
            "schema": schema,
        })
    }

    fn body_schema(&self) -> Option<Value> {
        let mut described = match self.access {
            Access::Credentials => object(credentials()),
            _ => object(Vec::new()),
        };
        for field in self.body.as_ref()? {
            described["properties"][field.name] = field.schema.clone();
            if let (true, Value::Array(names)) = (field.is_required, &mut described["required"]) {
                names.push(field.name.into());
            }
        }
        if self.is_admin() {
            described["additionalProperties"] = false.into();
        }
        if let Some(example) = &self.example {
            described["examples"] = json!([example]);
        }
        Some(described)
    }

    fn responses(&self) -> Value {
        match &self.form {
            Form::Envelope { message, refusals } => self.in_envelope(message, refusals),
            Form::Plain { status, errors } => self.plain(*status, errors),
        }
    }

    fn in_envelope(&self, message: &str, refusals: &[(u16, &str)]) -> Value {
        let mut examples = Map::new();
        for (code, message) in self.with_common(refusals) {
            let value = json!({ "code": code, "message": message, "data": null });
            let name =
                format!("{code} {message}").replace(|c: char| !c.is_ascii_alphanumeric(), "-");
            examples.insert(name, json!({ "value": value }));
        }
        let mut responses = json!({
            "200": {
                "description": "Success, or a refusal: `code` says which.",
                "content": { "application/json": {
                    "schema": envelope(message, &self.data),
                    "examples": examples,
                } },
            },
        });
        for (status, name) in super::REAL_STATUSES {
            responses[status] = json!({ "$ref": format!("#/components/responses/{name}") });
        }
        responses
    }

    /// Those of all routes, and its own.
    fn with_common<'a>(&self, own: &[(u16, &'a str)]) -> Vec<(u16, &'a str)> {
        let mut refusals = Vec::new();
        if self.body.is_some() || !self.query.is_empty() || self.path.contains("{topicId}") {
            refusals.push((400, "invalid parameter: FIELD: WHY"));
        }
        refusals.push((401, "authentication fail"));
        refusals.push((403, "forbidden"));
        refusals.extend(own);
        refusals
    }

    fn plain(&self, status: u16, errors: &[u16]) -> Value {
        let mut success = json!({ "description": "Success." });
        if !self.data.is_null() {
            success["content"] = json!({ "application/json": { "schema": self.data } });
        }
        let mut responses = Map::new();
        responses.insert(status.to_string(), success);
        for status in self.statuses(errors) {
            let name = errors::name(status);
            let reference = json!({ "$ref": format!("#/components/responses/{name}") });
            responses.insert(status.to_string(), reference);
        }
        responses.into()
    }

    /// What follows from what it takes, and its own.
    fn statuses(&self, own: &[u16]) -> Vec<u16> {
        let mut statuses = own.to_vec();
        statuses.extend([401, 405, 429, 500]);
        if !self.query.is_empty() {
            statuses.push(400);
        }
        if self.body.is_some() {
            statuses.extend([400, 408, 413, 503]);
        }
        if self.path.contains('{') {
            statuses.push(404);
        }
        if self.method != Method::GET {
            statuses.extend([403, 507]);
        }
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }

    /// Each is one way to say who asks.
    fn security(&self) -> Value {
        match self.access {
            Access::Credentials | Access::Everybody => json!([]),
            Access::Caller => json!([
                { "token": [] },
                { "appKey": [], "appSecret": [], "appAccount": [] },
            ]),
            Access::AdminToken => json!([{ "adminToken": [Role::Admin] }]),
            Access::Session => json!([{ "session": [] }]),
            Access::Operator(role) if self.method == Method::GET => json!([
                { "adminToken": [role] },
                { "session": [role] },
            ]),
            Access::Operator(role) => json!([
                { "adminToken": [role] },
                { "session": [role], "csrf": [] },
            ]),
        }
    }
}

/// Success with this data, or a refusal.
pub(crate) fn envelope(message: &str, data: &Value) -> Value {
    let success = json!({
        "type": "object",
        "required": ["code", "message", "data"],
        "additionalProperties": false,
        "properties": {
            "code": { "const": 200 },
            "message": { "const": message },
            "data": data,
        },
    });
    json!({ "oneOf": [success, { "$ref": "#/components/schemas/Refusal" }] })
}

fn credentials() -> Vec<Field> {
    vec![
        required("appId", id_given("The app.", "2882303761517123456")),
        required("appKey", text("Its key.", "5981712345678")),
        required("appSecret", text("Its secret.", "HZuuBgtOnoq62aIbDEr0Dw==")),
    ]
}

/// The account that stands in a query.
pub(crate) fn account_in_query(name: &'static str, description: &str) -> Field {
    required(name, account(description))
}

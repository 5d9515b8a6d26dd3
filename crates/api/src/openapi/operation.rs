//! One route as it is described: what it takes, what it answers, why it refuses.

use http::Method;
use serde_json::{Map, Value, json};

use super::schema::{Field, account, id_given, object, required, text};

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The app's server, with credentials in the body.
    Credentials,
    /// An account, by its token or by the app's keys in headers.
    Caller,
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
    /// What `data` is after success.
    pub(crate) data: Value,
    /// What `message` is after success.
    pub(crate) message: &'static str,
    /// Codes and messages besides those that all have.
    pub(crate) refusals: Vec<(u16, &'static str)>,
}

impl Operation {
    pub(crate) fn describe(self) -> Value {
        let mut described = json!({
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.summary,
            "x-summary-zh": self.summary_zh,
            "description": self.description,
            "parameters": self.parameters(),
            "security": security(self.access),
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
        let mut parameters = Vec::new();
        if self.path.contains("{appId}") {
            let description = "The app; that of the token or the keys.";
            parameters.push(path_parameter("appId", description, "2882303761517123456"));
        }
        if self.path.contains("{topicId}") {
            parameters.push(path_parameter("topicId", "The topic.", "21351198708203520"));
        }
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

    fn body_schema(&self) -> Option<Value> {
        let mut described = match self.access {
            Access::Credentials => object(credentials()),
            Access::Caller => object(Vec::new()),
        };
        for field in self.body.as_ref()? {
            described["properties"][field.name] = field.schema.clone();
            if let (true, Value::Array(names)) = (field.is_required, &mut described["required"]) {
                names.push(field.name.into());
            }
        }
        Some(described)
    }

    fn responses(&self) -> Value {
        let success = json!({
            "type": "object",
            "required": ["code", "message", "data"],
            "additionalProperties": false,
            "properties": {
                "code": { "const": 200 },
                "message": { "const": self.message },
                "data": self.data,
            },
        });
        let mut examples = Map::new();
        for (code, message) in self.all_refusals() {
            let value = json!({ "code": code, "message": message, "data": null });
            let name =
                format!("{code} {message}").replace(|c: char| !c.is_ascii_alphanumeric(), "-");
            examples.insert(name, json!({ "value": value }));
        }
        let mut responses = json!({
            "200": {
                "description": "Success, or a refusal: `code` says which.",
                "content": { "application/json": {
                    "schema": {
                        "oneOf": [success, { "$ref": "#/components/schemas/Refusal" }],
                    },
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
    fn all_refusals(&self) -> Vec<(u16, &'static str)> {
        let mut refusals = Vec::new();
        if self.body.is_some() || !self.query.is_empty() || self.path.contains("{topicId}") {
            refusals.push((400, "invalid parameter: FIELD: WHY"));
        }
        refusals.push((401, "authentication fail"));
        refusals.push((403, "forbidden"));
        refusals.extend(&self.refusals);
        refusals
    }
}

fn path_parameter(name: &str, description: &str, example: &str) -> Value {
    json!({
        "name": name,
        "in": "path",
        "required": true,
        "description": description,
        "schema": { "type": "string", "pattern": "^[1-9][0-9]{0,18}$", "examples": [example] },
    })
}

fn security(access: Access) -> Value {
    match access {
        Access::Credentials => json!([]),
        Access::Caller => json!([
            { "token": [] },
            { "appKey": [], "appSecret": [], "appAccount": [] },
        ]),
    }
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

//! What the server tells of itself.

use http::Method;
use serde_json::{Value, json};

use super::super::operation::Operation;
use super::super::schema::{
    answer, answer_with, array, flag, given, one_of, reference, text, time,
};
use super::{Tag, stats};

const TAG: Tag = Tag("Server");

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let source = answer_with(
        vec![(
            "kind",
            one_of("Which kind.", &["default", "file", "environment", "flag"]),
        )],
        vec![(
            "name",
            text("The file, variable or flag.", "MIMC_LOG__LEVEL"),
        )],
    );
    let setting = answer(vec![
        ("key", text("As in the file.", "log.level")),
        (
            "value",
            json!({ "description": "What is set; `null` for a secret.", "examples": ["info"] }),
        ),
        ("source", source),
        ("description", text("What it means.", "What is logged")),
        ("descriptionZh", text("The same in Chinese.", "日志级别")),
        ("isSecret", flag("Whether the value is never shown.")),
    ]);
    let finding = answer_with(
        vec![
            (
                "check",
                text("Which one; alarms have the same names.", "disk-space"),
            ),
            ("verdict", one_of("How it is.", &["ok", "warn", "bad"])),
            ("what", text("What is so.", "12.3 GB are free")),
            ("whatZh", text("The same in Chinese.", "剩余 12.3 GB")),
        ],
        vec![
            ("advice", text("What to do about it.", "Make room.")),
            ("adviceZh", text("The same in Chinese.", "请清理磁盘。")),
        ],
    );
    let mut schemas = vec![("Setting", setting), ("Finding", finding)];
    schemas.extend(stats::schemas());
    schemas
}

pub(super) fn operations() -> Vec<Operation> {
    let window = one_of(
        "How far back the series goes; 15m when it is missing.",
        &["15m", "3h", "24h"],
    );
    let health = answer(vec![
        ("checkedAt", time("When it was looked.")),
        ("findings", array(reference("Finding"))),
    ]);
    vec![
        Operation {
            query: vec![given("window", window)],
            ..operation(
                "/admin/v1/stats",
                "stats",
                ("How the server is doing", "服务器运行状况"),
                "Figures of now, how they went, and what somebody should look at.",
                reference("Stats"),
            )
        },
        operation(
            "/admin/v1/config",
            "config",
            ("The configuration", "服务器配置"),
            "Every key with its value and where it was set. Secrets have no value.",
            answer(vec![("keys", array(reference("Setting")))]),
        ),
        operation(
            "/admin/v1/health",
            "health",
            ("What the checks found", "自检结果"),
            "What `mimc doctor` looks at, of a server that runs.",
            health,
        ),
    ]
}

fn operation(
    path: &'static str,
    id: &'static str,
    summary: (&'static str, &'static str),
    description: &'static str,
    data: Value,
) -> Operation {
    TAG.operation(Method::GET, path, id, summary, description, data)
}

//! `mimc bench`: each scenario, small, by what it counts; what it says of a server that loses; and how
//! it ends. How fast anything is, is not asked here.

use std::path::Path;

use e2e::{Server, mimc, within};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

/// What every report has.
const NAMES: [&str; 18] = [
    "ack_ms",
    "bytes_written_per_message",
    "connections",
    "delivered_per_s",
    "delivery_ms",
    "details",
    "duplicated",
    "durable",
    "errors",
    "lost",
    "offered_per_s",
    "relay_cpu_us_per_message",
    "reordered",
    "rss_kb_per_connection",
    "scenario",
    "seconds",
    "server_cpu_us_per_message",
    "server_rss_mb",
];

#[derive(Debug)]
struct Run {
    code: Option<i32>,
    report: Value,
    stderr: String,
}

/// On a server that it starts.
async fn bench(arguments: &str) -> Run {
    let words: Vec<_> = arguments.split_whitespace().collect();
    let mut command = mimc(&["bench", "--spawn", "--warm-up", "0", "-o", "json"]);
    command.args(words);
    run(command).await
}

async fn run(mut command: Command) -> Run {
    let output = within("the end of a bench", command.output()).await;
    let output = output.expect("the binary can be started");
    Run {
        code: output.status.code(),
        report: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Run {
    /// The report of a run in which nothing went wrong.
    #[track_caller]
    fn clean(self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        let report = self.report.as_object().expect("a report is an object");
        let names: Vec<_> = report.keys().collect();
        assert_eq!(names, NAMES);
        assert_eq!(self.report["errors"], 0, "{self:?}");
        assert_eq!(self.report["durable"], true);
        self.report
    }

    /// And in which messages were judged.
    #[track_caller]
    fn kept(self) -> Value {
        let report = self.clean();
        for name in ["lost", "duplicated", "reordered"] {
            assert_eq!(report[name], 0, "{report}");
        }
        assert_eq!(report["details"]["other_violations"], 0, "{report}");
        report
    }
}

#[track_caller]
fn count(report: &Value, name: &str) -> u64 {
    let count = report["details"][name].as_u64();
    count.unwrap_or_else(|| panic!("no {name} in {report}"))
}

#[tokio::test]
async fn pairs_in_a_closed_loop_get_everything_that_is_acknowledged() {
    let report = bench("p2p --pairs 3 --window 4 --seconds 1").await.kept();
    let delivered = count(&report, "delivered");
    assert!(delivered > 10, "{report}");
    assert_eq!(count(&report, "acknowledged"), delivered);
    assert_eq!(
        (&report["connections"], &report["offered_per_s"]),
        (&json!(6), &Value::Null)
    );
    for measured in [
        "delivered_per_s",
        "server_cpu_us_per_message",
        "bytes_written_per_message",
        "server_rss_mb",
    ] {
        assert!(
            report[measured].as_f64() > Some(0.0),
            "{measured}: {report}"
        );
    }
    for unknown in ["relay_cpu_us_per_message", "rss_kb_per_connection"] {
        assert_eq!(report[unknown], Value::Null);
    }
    for latency in ["ack_ms", "delivery_ms"] {
        let of = |name: &str| report[latency][name].as_f64().unwrap();
        assert!(0.0 < of("p50") && of("p50") <= of("p99") && of("p99") <= of("p999"));
    }
}

#[tokio::test]
async fn an_open_loop_sends_what_was_offered_whatever_the_answers() {
    let report = bench("p2p --pairs 3 --rate 200 --seconds 1").await.kept();
    assert_eq!(report["offered_per_s"], 200.0);
    assert_eq!(
        (count(&report, "sent"), count(&report, "delivered")),
        (200, 200)
    );
}

#[tokio::test]
async fn a_server_that_runs_is_measured_by_what_it_says_and_left_as_it_was() {
    let server = Server::start().await;
    let before = server.admin().apps().await.unwrap().len();
    let mut command = server.verb(&["bench", "p2p", "--pairs", "2", "--rate", "100"]);
    command.args(["--seconds", "1", "--warm-up", "0", "-o", "json"]);
    let report = run(command).await.kept();
    assert_eq!(count(&report, "delivered"), 100);
    assert!(report["server_rss_mb"].as_f64() > Some(1.0), "{report}");
    assert_eq!(
        report["bytes_written_per_message"],
        Value::Null,
        "nobody knows"
    );
    assert_eq!(server.admin().apps().await.unwrap().len(), before);
}

#[tokio::test]
async fn everybody_in_a_group_but_the_sender_gets_a_message() {
    let report = bench("group --members 6 --senders 2 --rate 50 --seconds 1")
        .await
        .kept();
    assert_eq!(
        (count(&report, "sent"), count(&report, "delivered")),
        (50, 250)
    );
}

#[tokio::test]
async fn idle_connections_are_counted_and_answered_over_both_transports() {
    for transport in ["tcp", "websocket"] {
        let scenario =
            format!("idle --connections 20 --ping-every 1 --seconds 1 --transport {transport}");
        let report = bench(&scenario).await.clean();
        assert_eq!(
            (&report["connections"], count(&report, "pings")),
            (&json!(20), 20)
        );
        assert!(report["rss_kb_per_connection"].is_number(), "{report}");
        assert_eq!(report["lost"], Value::Null, "nothing was sent");
    }
}

#[tokio::test]
async fn everybody_is_back_after_a_kill() {
    let report = bench("storm --connections 40").await.clean();
    assert_eq!(report["details"]["by"], "kill");
    assert_eq!(count(&report, "never_back"), 0);
    assert!(
        report["details"]["logins_per_s"].as_f64() > Some(1.0),
        "{report}"
    );
}

#[tokio::test]
async fn history_fills_what_is_missing_and_knows_it_again() {
    let directory = TempDir::new().unwrap();
    let data_dir = directory.path().join("data");
    let scenario = format!(
        "history --messages 1200 --conversations 20 --page 10 --seconds 1 --restart --data-dir {}",
        data_dir.display()
    );
    let report = bench(&scenario).await.clean();
    assert_eq!(
        (count(&report, "messages"), count(&report, "filled")),
        (1_200, 1_200)
    );
    assert!(count(&report, "pages") > 0, "{report}");
    assert_eq!(count(&report, "pages_wrong"), 0);
    assert!(
        report["details"]["restart_after_kill_s"].is_number(),
        "{report}"
    );
    let again = bench(&scenario).await.clean();
    assert_eq!(
        (count(&again, "messages"), count(&again, "filled")),
        (1_200, 0)
    );
}

#[tokio::test]
async fn a_device_that_was_away_is_given_everything() {
    let report = bench("offline --messages 400").await.kept();
    assert_eq!(
        (count(&report, "acknowledged"), count(&report, "delivered")),
        (400, 400)
    );
    assert!(report["seconds"].as_f64() > Some(0.0), "{report}");
}

#[tokio::test]
async fn some_of_everything_at_once_keeps_its_promises() {
    let scenario = "mixed --pairs 3 --groups 1 --members 4 --wanderers 2 --rate 120 --seconds 1";
    let report = bench(scenario).await.kept();
    // Half of the senders are in pairs, one is in the group of four, two write to wanderers.
    assert_eq!(
        (count(&report, "sent"), count(&report, "delivered")),
        (120, 160)
    );
    assert!(count(&report, "wanderers_visits") >= 2, "{report}");
    assert!(count(&report, "pages") > 0, "{report}");
}

#[tokio::test]
async fn a_soak_runs_at_half_load_and_tells_how_memory_grows() {
    let scenario = "mixed --pairs 2 --groups 1 --members 3 --wanderers 1 --half-load --seconds 2";
    let report = bench(scenario).await.kept();
    assert!(report["offered_per_s"].as_f64() >= Some(1.0), "{report}");
    let growth = &report["details"]["rss_percent_per_10_min"];
    assert!(growth.is_number(), "{report}");
}

#[tokio::test]
async fn an_overloaded_server_answers_everything_and_loses_nothing_among_bad_clients() {
    let scenario = "overload --pairs 3 --half-open 2 --slow-readers 2 --slowloris 4 --idle 30 \
        --seconds 1";
    let report = bench(scenario).await.kept();
    assert_eq!(report["connections"], 6 + 8 + 34);
    assert_eq!(count(&report, "unanswered_on_open_connections"), 0);
    assert!(report["details"]["refused_by_code"].is_object(), "{report}");
    let figures = [
        "peak_per_s",
        "goodput_per_s",
        "goodput_to_peak",
        "rss_mb_at_peak",
        "rss_mb_before",
        "rss_mb_at_most",
        "rss_mb_after",
        "rss_growth",
    ];
    for figure in figures {
        let found = report["details"][figure].as_f64();
        assert!(found > Some(0.0), "{figure}: {report}");
    }
}

#[tokio::test]
async fn the_limit_compares_with_a_bare_relay_and_a_bare_disk() {
    let report = bench("limit --pairs 2 --rate 400 --seconds 1").await.kept();
    assert_eq!(report["scenario"], "limit");
    assert!(
        report["relay_cpu_us_per_message"].as_f64() >= Some(0.0),
        "{report}"
    );
    for name in [
        "relay_delivered_per_s",
        "append_per_s",
        "delivery_p50_to_flush",
    ] {
        assert!(
            report["details"][name].as_f64() > Some(0.0),
            "{name}: {report}"
        );
    }
}

#[tokio::test]
async fn a_page_with_plots_is_written_beside_the_report() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("page.html");
    let scenario = format!(
        "p2p --pairs 1 --rate 50 --seconds 1 --html {}",
        file.display()
    );
    bench(&scenario).await.kept();
    let page = std::fs::read_to_string(file).unwrap();
    assert!(
        page.starts_with("<!doctype html>") && page.contains("<svg"),
        "{page}"
    );
}

#[tokio::test]
async fn refused_messages_are_errors_by_their_code_and_nothing_else() {
    let directory = TempDir::new().unwrap();
    let config = directory.path().join("mimc.toml");
    std::fs::write(&config, "[limits]\nin_flight_kib = 1025\n").unwrap();
    let scenario = format!(
        "p2p --pairs 8 --window 8 --payload 60000 --seconds 1 --config {}",
        config.display()
    );
    let run = bench(&scenario).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let refused = run.report["details"]["refused_by_code"]["503"].as_u64();
    assert!(refused > Some(0), "{run:?}");
    assert_eq!(run.report["errors"].as_u64(), refused, "{run:?}");
    assert_eq!(run.report["lost"], 0, "{run:?}");
}

/// Frames that a lossy line loses: every so many.
const LOST_EVERY: usize = 15;

#[tokio::test]
async fn what_a_line_loses_is_reported_as_lost_and_fails_the_bench() {
    let server = Server::start().await;
    let lossy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gateway = lossy.local_addr().unwrap().to_string();
    let losing = tokio::spawn(lose(lossy, server.tcp().to_owned()));
    let mut command = server.verb(&["bench", "p2p", "--pairs", "2", "--rate", "200"]);
    command.args([
        "--seconds",
        "1",
        "--warm-up",
        "0",
        "--drain",
        "1",
        "-o",
        "json",
    ]);
    command.args(["--gateway", &gateway]);
    let run = run(command).await;
    losing.abort();
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.report["lost"].as_u64() > Some(0), "{run:?}");
    assert!(
        count(&run.report, "unanswered") > 0,
        "acknowledgements were lost as well: {run:?}"
    );
    assert!(run.stderr.contains("broke its promises"), "{run:?}");
    assert!(
        run.report["details"]["verdict"]
            .as_str()
            .unwrap()
            .contains("lost"),
        "{run:?}"
    );
}

/// Hands on what comes, but not every frame of what the server sends.
async fn lose(listener: TcpListener, server: String) {
    // Each connection begins elsewhere in its count: else the line might lose, of each message, the
    // acknowledgement and the delivery alike, and nobody could miss it.
    let mut passed = 0;
    while let Ok((stream, _)) = listener.accept().await {
        let (from_client, to_client) = stream.into_split();
        let stream = TcpStream::connect(&server)
            .await
            .expect("the server is there");
        let (from_server, to_server) = stream.into_split();
        tokio::spawn(hand_on(from_client, to_server, 0, usize::MAX));
        tokio::spawn(hand_on(from_server, to_client, passed, LOST_EVERY));
        passed += 3;
    }
}

/// `u16 magic | u16 version | u32 length of the body | body | u32 checksum`
async fn hand_on(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut frames: usize,
    lost_every: usize,
) -> std::io::Result<()> {
    loop {
        let mut frame = vec![0; 8];
        from.read_exact(&mut frame).await?;
        let length = u32::from_be_bytes([frame[4], frame[5], frame[6], frame[7]]);
        frame.resize(8 + length as usize + 4, 0);
        from.read_exact(&mut frame[8..]).await?;
        frames += 1;
        if !frames.is_multiple_of(lost_every) {
            to.write_all(&frame).await?;
        }
    }
}

#[tokio::test]
async fn a_server_elsewhere_is_not_loaded_unless_that_is_said() {
    let mut command = mimc(&["bench", "p2p", "--server", "http://192.0.2.1:8080"]);
    command.env("MIMC_ADMIN_TOKEN", "whatever");
    let run = run(command).await;
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("--allow-remote"), "{run:?}");
}

#[tokio::test]
async fn a_bench_that_is_told_to_end_takes_its_server_and_its_directory_along() {
    let work = TempDir::new().unwrap();
    let mut command = mimc(&["bench", "p2p", "--spawn", "--seconds", "600", "--work-dir"]);
    let command = command
        .arg(work.path())
        .stderr(std::process::Stdio::piped());
    let mut bench = command.spawn().unwrap();
    let mut told = BufReader::new(bench.stderr.take().unwrap()).lines();
    within("a line of progress", told.next_line())
        .await
        .unwrap();
    assert!(!is_empty(work.path()), "the server's directory is there");
    let pid = bench.id().unwrap().to_string();
    let signalled = Command::new("kill").args(["-TERM", &pid]).status().await;
    assert!(signalled.unwrap().success());
    let ended = within("the end after SIGTERM", bench.wait()).await.unwrap();
    assert_eq!(ended.code(), Some(1));
    assert!(is_empty(work.path()));
}

fn is_empty(directory: &Path) -> bool {
    let mut files = directory.read_dir().expect("the directory is there");
    files.next().is_none()
}

#!/usr/bin/env python3
"""Writes openmimc.json, the dashboard of `GET /metrics`. Import it into Grafana and choose the data source.

    deploy/grafana/generate.py          writes it
    deploy/grafana/generate.py --check  fails when it is not what this makes
"""

import json
import pathlib
import sys

FILE = pathlib.Path(__file__).with_name("openmimc.json")
SOURCE = {"type": "prometheus", "uid": "${source}"}
INSTANCE = '{instance=~"$instance"}'

# Title, unit, what one sees, and (legend, expression) pairs; `%` stands for the chosen instances.
ROWS = {
    "Now": [
        ("Sessions", "short", "Devices that are logged in", [("sessions", "sum(mimc_sessions%)")]),
        ("Messages per second", "ops", "Made durable", [("stored", "sum(rate(mimc_messages_stored_total%[$__rate_interval]))")]),
        ("Commits, 99%", "s", "What a sender waits for, at least",
         [("99%", "histogram_quantile(0.99, sum by (le) (rate(mimc_commit_duration_seconds_bucket%[$__rate_interval])))")]),
        ("Damages", "short", "Places of the store that are not what was written", [("damages", "sum(mimc_store_damages%)")]),
    ],
    "Messages": [
        ("Messages", "ops", "In: accepted and made durable. Out: written to devices, acknowledged",
         [("accepted", "sum(rate(mimc_messages_accepted_total%[$__rate_interval]))"),
          ("stored", "sum(rate(mimc_messages_stored_total%[$__rate_interval]))"),
          ("delivered", "sum(rate(mimc_messages_delivered_total%[$__rate_interval]))"),
          ("receiver offline", "sum(rate(mimc_messages_offline_total%[$__rate_interval]))"),
          ("sent again", "sum(rate(mimc_messages_repeated_total%[$__rate_interval]))")]),
        ("Refused", "ops", "Busy and unavailable are ours, the others the sender's",
         [("{{reason}}", "sum by (reason) (rate(mimc_messages_refused_total%[$__rate_interval]))")]),
        ("Commit duration", "s", "From the batch to the disk's answer",
         [("50%", "histogram_quantile(0.5, sum by (le) (rate(mimc_commit_duration_seconds_bucket%[$__rate_interval])))"),
          ("99%", "histogram_quantile(0.99, sum by (le) (rate(mimc_commit_duration_seconds_bucket%[$__rate_interval])))")]),
        ("Messages per commit", "short", "Grows with the load: that is what carries it",
         [("messages", "sum(rate(mimc_commit_messages_total%[$__rate_interval])) / sum(rate(mimc_commit_duration_seconds_count%[$__rate_interval]))")]),
    ],
    "Clients": [
        ("Connections", "short", "Open ones, bound or not", [("{{transport}}", "sum by (transport) (mimc_connections%)")]),
        ("Logins", "ops", "Refused ones: bad or expired tokens, banned accounts",
         [("logins", "sum(rate(mimc_logins_total%[$__rate_interval]))"),
          ("refused", "sum(rate(mimc_logins_refused_total%[$__rate_interval]))")]),
        ("Packets ignored", "ops", "Unknown, unreadable or out of place", [("ignored", "sum(rate(mimc_packets_ignored_total%[$__rate_interval]))")]),
    ],
    "REST and callbacks": [
        ("Requests", "ops", "By HTTP status", [("{{status}}", "sum by (status) (rate(mimc_http_requests_total%[$__rate_interval]))")]),
        ("Callbacks", "ops", "Posts to the apps' servers, by what came of them",
         [("{{outcome}}", "sum by (outcome) (rate(mimc_callback_posts%[$__rate_interval]))")]),
    ],
    "Process": [
        ("Memory", "bytes", "Resident", [("{{instance}}", "mimc_process_resident_memory_bytes%")]),
        ("CPU", "percentunit", "1 is one core", [("{{instance}}", "rate(mimc_process_cpu_seconds%[$__rate_interval])")]),
    ],
}


def panel(ident, kind, place, title, unit, description, targets):
    return {
        "id": ident,
        "type": kind,
        "title": title,
        "description": description,
        "gridPos": place,
        "datasource": SOURCE,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + nth), "datasource": SOURCE, "legendFormat": legend, "expr": expression.replace("%", INSTANCE)}
            for nth, (legend, expression) in enumerate(targets)
        ],
    }


def panels():
    ident, y = 0, 0
    for row, figures in ROWS.items():
        ident += 1
        yield {"id": ident, "type": "row", "title": row, "collapsed": False, "panels": [], "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}}
        y += 1
        kind, height = ("stat", 4) if row == "Now" else ("timeseries", 8)
        width = 24 // len(figures)
        for nth, figure in enumerate(figures):
            ident += 1
            yield panel(ident, kind, {"x": nth * width, "y": y, "w": width, "h": height}, *figure)
        y += height


def dashboard():
    return {
        "title": "OpenMIMC",
        "uid": "openmimc",
        "tags": ["mimc"],
        "schemaVersion": 39,
        "version": 1,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "timezone": "browser",
        "templating": {
            "list": [
                {"name": "source", "label": "Data source", "type": "datasource", "query": "prometheus"},
                {"name": "instance", "label": "Server", "type": "query", "datasource": SOURCE, "refresh": 2, "multi": True,
                 "includeAll": True, "allValue": ".*", "query": {"query": "label_values(mimc_sessions, instance)", "refId": "instance"}},
            ]
        },
        "panels": list(panels()),
    }


def main():
    text = json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"
    if sys.argv[1:] == ["--check"]:
        if not FILE.exists() or FILE.read_text() != text:
            sys.exit(f"{FILE.name} is not what generate.py makes: run it")
    else:
        FILE.write_text(text)


if __name__ == "__main__":
    main()

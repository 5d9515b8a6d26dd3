"""Checks what is packaged here against the binary; run by `check`, which installs what it needs.

Ends with one line: N passed, N failed, and how many were skipped because there is no helm.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
import urllib.request

import yaml

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", TOP / "target"))
MIMC = pathlib.Path(os.environ.get("MIMC_BIN", TARGET / "release" / "mimc")).resolve()
HELM = shutil.which("helm")
KUBERNETES = "1.31.0"
# Of systemd-analyze security, in tenths: 0 is nothing exposed, 100 everything.
EXPOSURE_MAX = 20
WAIT_S = 20


def run(*command, **options):
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=120, **options
    )
    assert done.returncode == 0, f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


@contextlib.contextmanager
def server(**environment):
    """A server on free ports; its ready line."""
    with tempfile.TemporaryDirectory() as data:
        process = subprocess.Popen(
            [MIMC, "serve", "--dev", "--http", "127.0.0.1:0", "--tcp", "127.0.0.1:0", "--data-dir", f"{data}/mimc"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **environment},
        )
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(WAIT_S) == 0


def config_warnings(config=None, **environment):
    """What the server would say about a file and an environment."""
    arguments = ["--config", config] if config else []
    with tempfile.TemporaryDirectory() as data:
        command = [MIMC, "config", "check", *arguments, "--data-dir", f"{data}/mimc"]
        done = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, timeout=WAIT_S, env={**os.environ, **environment}
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stderr.splitlines() if "unknown" in line.lower() or "warn" in line.lower()]


def test_the_debian_package_holds_a_program_a_unit_and_a_configuration():
    with tempfile.TemporaryDirectory() as work:
        package = run(HERE / "deb/build", work, env={**os.environ, "MIMC_BIN": str(MIMC)}).strip()
        fields = run("dpkg-deb", "--field", package)
        assert re.search(r"^Depends: libc6 \(>= 2\.\d+\)$", fields, re.M), fields
        version = run(MIMC, "--version").split()[1]
        assert f"Version: {version}\n" in fields, fields
        run("dpkg-deb", "--extract", package, f"{work}/root")
        assert run(f"{work}/root/usr/bin/mimc", "--version") == run(MIMC, "--version")
        assert config_warnings(f"{work}/root/etc/mimc/mimc.toml") == []
        run("dpkg-deb", "--control", package, f"{work}/control")
        assert pathlib.Path(f"{work}/control/conffiles").read_text() == "/etc/mimc/mimc.toml\n"
        for script in ("postinst", "prerm", "postrm"):
            run("sh", "-n", f"{work}/control/{script}")
        owners = run("dpkg-deb", "--contents", package)
        assert all("root/root" in line for line in owners.splitlines()), owners


def test_a_package_that_is_unpacked_into_a_root_of_its_own_runs_its_scripts():
    with tempfile.TemporaryDirectory() as work:
        package = run(HERE / "deb/build", work, env={**os.environ, "MIMC_BIN": str(MIMC)}).strip()
        root = pathlib.Path(work, "root")
        (root / "var/lib/dpkg/info").mkdir(parents=True)
        (root / "var/lib/dpkg/updates").mkdir()
        (root / "etc").mkdir()
        for name in ("status", "available"):
            (root / "var/lib/dpkg" / name).touch()
        dpkg = ["dpkg", f"--root={root}", "--force-script-chrootless", "--force-depends", "--force-not-root"]
        run(*dpkg, "--install", package)
        config = root / "etc/mimc/mimc.toml"
        config.write_text("# mine\n")
        run(*dpkg, "--install", package)
        assert config.read_text() == "# mine\n", "an upgrade keeps what was changed"
        run(*dpkg, "--remove", "mimc")
        assert "mimc:x:" in (root / "etc/passwd").read_text()
        assert config.exists() and not (root / "usr/bin/mimc").exists()


def test_systemd_takes_the_unit_and_finds_it_hardened():
    with tempfile.TemporaryDirectory() as work:
        unit = pathlib.Path(work, "mimc.service")
        unit.write_text((HERE / "systemd/mimc.service").read_text().replace("/usr/bin/mimc", str(MIMC)))
        said = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=WAIT_S)
        ours = [line for line in said.stderr.splitlines() if "mimc" in line]
        assert not ours, ours
        run("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MAX}", unit)


def test_the_service_manager_hears_that_the_server_is_ready():
    with tempfile.TemporaryDirectory() as work:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(f"{work}/notify")
            manager.settimeout(WAIT_S)
            with server(NOTIFY_SOCKET=f"{work}/notify") as ready:
                assert ready["ready"] is True
                assert manager.recv(100) == b"READY=1"
            assert manager.recv(100) == b"STOPPING=1"


def test_promtool_takes_the_alerts_and_they_fire_when_they_should():
    run("promtool", "check", "rules", HERE / "prometheus/alerts.yml")
    run("promtool", "test", "rules", "alerts_test.yml", cwd=HERE / "prometheus")


def test_alerts_and_dashboard_ask_for_metrics_that_are_there():
    run(HERE / "grafana/generate.py", "--check")
    dashboard = json.loads((HERE / "grafana/openmimc.json").read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    rules = yaml.safe_load((HERE / "prometheus/alerts.yml").read_text())
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    assert len(asked) > 20
    names = {name for expression in asked for name in re.findall(r"\bmimc_\w+", expression)}
    with server() as ready:
        # Requests are counted by their route, which is there when it was asked once.
        asked_of(ready, "/livez")
        text = asked_of(ready, "/metrics").decode()
    there = set()
    for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", text, re.M):
        ends = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(kind, [""])
        there.update(name + end for end in ends)
    assert names <= there, sorted(names - there)


def asked_of(ready, path):
    with urllib.request.urlopen(f"http://{ready['http']}{path}", timeout=WAIT_S) as answer:
        return answer.read()


def rendered(*values):
    settings = [word for value in values for word in ("--set", value)]
    text = run(HELM, "template", "test", HERE / "helm/mimc", "--kube-version", KUBERNETES, *settings)
    return {document["kind"]: document for document in yaml.safe_load_all(text) if document}


def needs_helm(test):
    test.is_skipped = HELM is None
    return test


@needs_helm
def test_the_chart_renders_with_little_and_with_everything():
    run(HELM, "lint", "--strict", HERE / "helm/mimc")
    little = rendered()
    assert set(little) == {"ConfigMap", "Service", "StatefulSet"}, set(little)
    assert little["StatefulSet"]["spec"]["replicas"] == 1
    everything = rendered(
        "tls.secretName=cert", "ingress.enabled=true", "ingress.tlsSecretName=cert", "ingress.className=nginx",
        "serviceMonitor.enabled=true", "persistence.existingClaim=kept", "imagePullSecrets[0].name=pull",
        "podAnnotations.a=b", "nodeSelector.disk=ssd",
    )
    assert set(everything) == {"ConfigMap", "Service", "StatefulSet", "Ingress", "ServiceMonitor"}, set(everything)
    for chart in (little, everything):
        check_pod(chart)


def check_pod(chart):
    """Volumes, ports and configuration fit one another and the server."""
    stateful = chart["StatefulSet"]["spec"]
    pod = stateful["template"]["spec"]
    (container,) = pod["containers"]
    volumes = {volume["name"] for volume in pod["volumes"]}
    volumes |= {claim["metadata"]["name"] for claim in stateful.get("volumeClaimTemplates", [])}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    ports = {port["name"] for port in container["ports"]}
    assert {port["targetPort"] for port in chart["Service"]["spec"]["ports"]} == ports
    assert stateful["selector"]["matchLabels"].items() <= stateful["template"]["metadata"]["labels"].items()
    assert container["securityContext"]["readOnlyRootFilesystem"] and pod["securityContext"]["runAsNonRoot"]
    environment = {one["name"]: one["value"] for one in container["env"]}
    for name in ("MIMC_TLS__CERT", "MIMC_TLS__KEY", "MIMC_DATA_DIR"):
        environment.pop(name, None)
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
        config.write(chart["ConfigMap"]["data"]["mimc.toml"])
        config.flush()
        assert config_warnings(config.name, **listening_anywhere(environment)) == []


def listening_anywhere(environment):
    """Free ports: those of the packages may be taken on this machine."""
    return {name: re.sub(r":\d+$", ":0", value) for name, value in environment.items()}


@needs_helm
def test_the_chart_refuses_values_that_it_does_not_know():
    for value in ("replicas=2", "service.http=0", "persistence.size=lots", "image.repositry=x"):
        done = subprocess.run(
            [HELM, "template", "test", HERE / "helm/mimc", "--kube-version", KUBERNETES, "--set", value],
            capture_output=True, text=True, timeout=WAIT_S,
        )
        assert done.returncode != 0, value


def test_the_image_sets_what_the_server_knows_and_calls_verbs_that_it_has():
    text = (HERE / "docker/Dockerfile").read_text()
    environment = dict(re.findall(r"\b(MIMC_\w+)=(\S+)", text))
    assert "MIMC_DATA_DIR" in environment
    del environment["MIMC_DATA_DIR"]
    assert config_warnings(**listening_anywhere(environment)) == []
    rust = re.search(r'^channel = "([\d.]+)"', (TOP / "rust-toolchain.toml").read_text(), re.M)
    wanted = rust[1] if rust else re.search(r'^rust-version = "([\d.]+)"', (TOP / "Cargo.toml").read_text(), re.M)[1]
    assert f"FROM rust:{'.'.join(wanted.split('.')[:2])}-" in text
    with server() as ready:
        run(MIMC, "ready", env={**os.environ, "MIMC_SERVER": f"http://{ready['http']}"})
    assert 'CMD ["mimc", "ready"]' in text and 'CMD ["serve"]' in text


def test_the_compose_file_names_files_and_volumes_that_are_there():
    compose = yaml.safe_load((HERE / "docker/compose.yaml").read_text())
    (service,) = compose["services"].values()
    context = (HERE / "docker" / service["build"]["context"]).resolve()
    assert context == TOP and (context / service["build"]["dockerfile"]).is_file()
    assert [mount.split(":")[0] for mount in service["volumes"]] == list(compose["volumes"])
    version = run(MIMC, "--version").split()[1]
    assert service["image"] == f"openmimc:{version}"
    assert config_warnings(**service["environment"]) == []
    chart = yaml.safe_load((HERE / "helm/mimc/Chart.yaml").read_text())
    assert chart["appVersion"] == version


def main():
    outcomes = [outcome(test) for name, test in list(globals().items()) if name.startswith("test_")]
    passed, failed, skipped = (outcomes.count(one) for one in ("ok", "FAILED", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0)


def outcome(test):
    name, said, why = test.__name__[5:].replace("_", " "), "ok", ""
    if getattr(test, "is_skipped", False):
        said, why = "skipped", " (there is no helm, and no Go to build it)"
    else:
        try:
            test()
        except Exception:
            said, why = "FAILED", "\n" + traceback.format_exc()
    print(f"{said:8}{name}{why}", flush=True)
    return said


if __name__ == "__main__":
    main()

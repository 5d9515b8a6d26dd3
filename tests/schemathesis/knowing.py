"""Writes the server's openapi.json for one who knows things: ids and keys that exist stand in it.

knowing.py READY_LINE OPENAPI_FILE TOKEN_FILE ADMIN_TOKEN_FILE → prints the server's URL
"""

import json
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

ACCOUNTS = ["ann", "ben", "小明"]
CALLER, OTHER = ACCOUNTS[:2]
TOPICS = 3
# Those that may be left and dismissed, so that the others stay.
TOPICS_DOOMED = 30


# Admin routes that end what they name have these, each one once or twice.
DOOMED = 12
OWED_WAIT_S = 10


def main():
    ready, openapi_file, token_file, admin_file = sys.argv[1:]
    ready = json.loads(ready)
    url, app = f"http://{ready['http']}", ready["app"]
    keys = {name: app[name] for name in ("appId", "appKey", "appSecret")}

    def token(account):
        return data(url, "/api/account/token", keys | {"appAccount": account})["token"]

    def topic(owner):
        body = {"topicName": "known", "accounts": ",".join(ACCOUNTS)}
        made = data(url, f"/api/topic/{app['appId']}", body, token(owner))
        return made["topicInfo"]["topicId"]

    known = {name: [value] for name, value in keys.items()}
    known |= {name: ACCOUNTS for name in ("fromAccount", "toAccount", "blackAccount", "member")}
    known |= {"account": [CALLER], "ownerAccount": [CALLER], "accounts": [OTHER]}
    known |= {"topicId": [topic(CALLER) for _ in range(TOPICS)]}
    doomed = known | {"topicId": [topic(who) for who in (CALLER, OTHER) * TOPICS_DOOMED]}
    admin_token = (Path(ready["dataDir"]) / "admin.token").read_text().strip()
    operated = Operated(url, admin_token)
    document = json.loads(urlopen(f"{url}/openapi.json").read())
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path.startswith("/admin/"):
                tell(operation, operated.known(method, path))
                continue
            is_end = method == "delete" and not path.endswith("/accounts")
            tell(operation, doomed if is_end else known)
    Path(openapi_file).write_text(json.dumps(document))
    Path(token_file).write_text(token(CALLER))
    Path(admin_file).write_text(admin_token)
    print(url)


class Operated:
    """An app of its own for the admin API, in which there is one of everything, and much to be ended."""

    def __init__(self, url, token):
        self.url, self.token = url, token
        app = self.app()
        self.path = f"/apps/{app['appId']}"
        nowhere = f"{url}/nowhere"
        self.ask("PATCH", self.path, {"instantCallback": nowhere, "offlineCallback": nowhere})
        keys = {name: app[name] for name in ("appId", "appKey", "appSecret")}
        caller = data(url, "/api/account/token", keys | {"appAccount": CALLER})["token"]

        def topic():
            body = {"topicName": "operated", "accounts": ",".join(ACCOUNTS)}
            return data(url, f"/api/topic/{app['appId']}", body, caller)["topicInfo"]["topicId"]

        topics = [topic() for _ in range(TOPICS)]
        said = keys | {"fromAccount": OTHER, "msg": "hello"}
        packets = [
            data(url, "/api/push/p2p", said | {"toAccount": CALLER})["packetId"],
            data(url, "/api/push/p2t", said | {"topicId": topics[0]})["packetId"],
        ]
        self.common = {
            "appId": [app["appId"]],
            "account": ACCOUNTS,
            "other": ACCOUNTS,
            "from": [OTHER],
            "topicId": topics,
            # None is cleared: its callbacks would be gone.
            "instantCallback": [nowhere, "ftp://nowhere"],
            "offlineCallback": [nowhere, "not a url"],
        }
        self.doomed = {
            ("delete", "/admin/v1/apps/{appId}"): {"appId": self.apps()},
            ("post", "/admin/v1/apps/{appId}/rotate-secret"): {"appId": self.apps()},
            ("post", "/admin/v1/apps/{appId}/ban"): {"appId": self.apps()},
            ("delete", "/admin/v1/apps/{appId}/topics/{topicId}"): {
                "topicId": [topic() for _ in range(DOOMED)]
            },
            ("delete", "/admin/v1/tokens/{id}"): {
                "id": [self.ask("POST", "/tokens", {"role": "viewer"})["id"] for _ in range(DOOMED)]
            },
            ("get", "/admin/v1/apps/{appId}/trace/{id}"): {"id": packets},
            ("post", "/admin/v1/token/explain"): {"token": [caller, "x"], "app": [app["appId"]]},
            ("post", "/admin/v1/session"): {"token": [token]},
            ("post", "/admin/v1/apps/{appId}/callbacks/verify"): {"timestamp": ["1760000000"]},
        }
        self.callbacks = self.posted()

    def known(self, method, path):
        is_callback = "/callbacks/{id}" in path
        own = {"id": self.callbacks} if is_callback else self.doomed.get((method, path), {})
        # An app that moves here brings what no other has.
        is_new = (method, path) == ("post", "/admin/v1/apps")
        return own if is_new else self.common | own

    def app(self):
        return self.ask("POST", "/apps", {"name": "operated", "package": "com.example.operated"})

    def apps(self):
        return [self.app()["appId"] for _ in range(DOOMED)]

    def posted(self):
        """The ids of callbacks, once there are some."""
        end = time.monotonic() + OWED_WAIT_S
        while time.monotonic() < end:
            callbacks = self.ask("GET", f"{self.path}/callbacks")["callbacks"]
            if callbacks:
                return [one["id"] for one in callbacks]
        raise SystemExit("no callback was owed")

    def ask(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}"}
        content = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/admin/v1{path}", content, headers, method=method)
        return json.loads(urlopen(request).read())


def data(url, path, body, token=None):
    headers = {"Content-Type": "application/json"} | ({"token": token} if token else {})
    request = Request(url + path, json.dumps(body).encode(), headers)
    answer = json.loads(urlopen(request).read())
    if answer["code"] != 200:
        raise SystemExit(f"{path}: {answer}")
    return answer["data"]


def tell(operation, known):
    """Narrows parameters and bodies; what is promised of answers stays."""
    in_path = {one.get("name") for one in operation.get("parameters", ()) if one.get("in") == "path"}
    for parameter in operation.get("parameters", ()):
        if parameter.get("name") in known:
            parameter["schema"] = {"type": "string", "enum": known[parameter["name"]]}
    body = operation.get("requestBody", {}).get("content", {})
    for content in body.values():
        properties = content["schema"].get("properties", {})
        # These would have to agree with others, and hardly ever would.
        for name in ("ownerUuid", *in_path):
            properties.pop(name, None)
        for name in properties.keys() & known.keys():
            properties[name] = {"type": "string", "enum": known[name]}
        content["schema"].pop("examples", None)
        content.pop("example", None)
        content.pop("examples", None)


if __name__ == "__main__":
    main()

"""Writes the server's openapi.json for one who knows things: ids and keys that exist stand in it.

knowing.py READY_LINE OPENAPI_FILE TOKEN_FILE → prints the server's URL
"""

import json
import sys
from pathlib import Path
from urllib.request import Request, urlopen

ACCOUNTS = ["ann", "ben", "小明"]
CALLER, OTHER = ACCOUNTS[:2]
TOPICS = 3
# Those that may be left and dismissed, so that the others stay.
TOPICS_DOOMED = 30


def main():
    ready, openapi_file, token_file = sys.argv[1:]
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
    document = json.loads(urlopen(f"{url}/openapi.json").read())
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            is_end = method == "delete" and not path.endswith("/accounts")
            tell(operation, doomed if is_end else known)
    Path(openapi_file).write_text(json.dumps(document))
    Path(token_file).write_text(token(CALLER))
    print(url)


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
        content.pop("example", None)
        content.pop("examples", None)


if __name__ == "__main__":
    main()

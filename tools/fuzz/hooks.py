"""What Schemathesis is told of a run: who asks, what must not be shown to them, and that nothing goes to other machines."""

import atexit
import json
import os
import re
import time
from collections import Counter
from urllib.parse import unquote_plus

import requests
import schemathesis

URL = os.environ["FUZZ_URL"]
CALLER = json.loads(os.environ["FUZZ_CALLER"])
# Access tokens hold for ten minutes.
HOLDS_SECONDS = 480

statuses = Counter()
token = {"text": "", "until": 0.0}


def sign_in():
    body = {"grant_type": "password", "name": CALLER["name"], "password": CALLER["password"]}
    while True:
        answer = requests.post(f"{URL}/auth/token", json=body, timeout=30)
        # Wrong passwords that were tried before make the right one wait.
        if answer.status_code != 429:
            answer.raise_for_status()
            return answer.json()["access_token"]
        time.sleep(float(answer.headers.get("retry-after", 1)))


def turn_home(value, name=""):
    """Addresses lead to this machine, whatever was drawn."""
    if isinstance(value, dict):
        return {key: turn_home(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [turn_home(one, name) for one in value]
    if isinstance(value, str) and "://" in value:
        return re.sub(r"://[^/?#]*", "://127.0.0.1:9", value)
    return "127.0.0.1" if isinstance(value, str) and name == "host" else value


@schemathesis.hook
def before_call(ctx, case, kwargs):
    if time.time() > token["until"]:
        token.update(text=sign_in(), until=time.time() + HOLDS_SECONDS)
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token['text']}"}
    case.body = turn_home(case.body)


@schemathesis.hook
def after_call(ctx, case, response):
    statuses[response.status_code] += 1
    if response.status_code == 401:
        # The session may have been ended by what was asked.
        token["until"] = 0.0


@schemathesis.check
def stays_in_scope(ctx, response, case):
    told = response.content.decode("latin1")
    body = response.request.body or ""
    asked = unquote_plus(response.request.url) + (body.decode("latin1") if isinstance(body, bytes) else str(body))
    shown = [word for word in CALLER["hidden"] if word in told and word not in asked]
    if shown:
        raise AssertionError(f"expected nothing of elsewhere, got {shown}")


@atexit.register
def tell():
    with open(os.environ["FUZZ_COUNTED"], "w", encoding="utf-8") as file:
        json.dump({"requests": sum(statuses.values()), "statuses": dict(sorted(statuses.items()))}, file)

"""Hooks of Schemathesis: each case is sent as every caller, and nothing is sent to other machines."""

import atexit
import io
import itertools
import json
import os
import re
import threading
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote_plus

import requests
import schemathesis
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response

URL = os.environ["FUZZ_URL"]
STANDARD = os.environ["FUZZ_CHECKS"].split(",")
# An account that may be changed, so that those of the callers stay as they are.
SPARE = os.environ["FUZZ_SPARE"]
TIMEOUT_SECONDS = 60


class Caller:
    """A person with sessions of the page, or an anonymous caller without any."""

    def __init__(self, known):
        self.name, self.id, self.leads = known["name"], known["id"], known["leads"]
        self.hidden = [word.lower() for word in known["hidden"]]
        self.sessions = known["sessions"]
        self.statuses = Counter()
        self.reached = set()
        self.client = requests.Session()

    def headers(self):
        if self.id is None:
            return {}
        return {"Cookie": f"alpr-session={self.sessions[0]}", "Origin": URL, "X-Requested-With": "alpr"}

    def count(self, response, case):
        self.statuses[response.status_code] += 1
        if response.status_code < 300:
            self.reached.add(case.operation.definition.raw["operationId"])
        if response.status_code == 401 and self.id is not None and "x-permission" in case.operation.definition.raw:
            # It was ended by what was asked before.
            self.sessions = self.sessions[1:] or self.sessions

    def ask(self, request):
        """The same bytes under another name."""
        again = request.copy()
        for name in ("Cookie", "Origin", "X-Requested-With"):
            again.headers.pop(name, None)
        again.headers.update(self.headers())
        return self.client.send(again, timeout=TIMEOUT_SECONDS, allow_redirects=False)

    def refuse_hidden(self, response, request):
        told = tell_all(response).lower()
        body = request.body or ""
        asked = unquote_plus(request.url) + (body.decode("latin1") if isinstance(body, bytes) else str(body))
        asked = asked.lower()
        shown = [word for word in self.hidden if word in told and word not in asked]
        if shown:
            raise AssertionError(f"{self.name} gets data of other places: {shown}")


with open(os.environ["FUZZ_CALLERS"], encoding="utf-8") as file:
    callers = [Caller(known) for known in json.load(file)]
known_ids = {caller.id for caller in callers if caller.id}
leaders = itertools.cycle([caller for caller in callers if caller.leads])
drawn_tokens = itertools.cycle(range(10))
asking = threading.local()
# Side by side, because each answer waits until it stands in the audit.
pool = ThreadPoolExecutor(len(callers))


def tell_all(response):
    content = response.content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            content = b"\n".join([name.encode() + b"\n" + zipped.read(name) for name in zipped.namelist()])
    return content.decode("latin1")


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
    asking.leader = next(leaders)
    headers = dict(case.headers or {})
    # A token that was drawn is refused before anything else is looked at: one in ten is enough.
    if next(drawn_tokens) > 0:
        headers.pop("Authorization", None)
    case.headers = {**headers, **asking.leader.headers()}
    case.body = turn_home(case.body)
    if (case.path_parameters or {}).get("id") in known_ids and case.method.upper() != "GET":
        case.path_parameters = {**case.path_parameters, "id": SPARE}


@schemathesis.hook
def after_call(ctx, case, response):
    asking.leader.count(response, case)


@schemathesis.check
def answers_everybody(ctx, response, case):
    """Sends the case as every caller, and checks each answer against the description and what the caller may see."""
    leader = asking.leader
    leader.refuse_hidden(response, response.request)
    checks = [CHECKS.get_one(name) for name in STANDARD]
    others = [caller for caller in callers if caller is not leader]
    answers = list(pool.map(lambda caller: Response.from_requests(caller.ask(response.request), verify=True), others))
    for caller, answer in zip(others, answers):
        caller.count(answer, case)
    for caller, answer in zip(others, answers):
        caller.refuse_hidden(answer, response.request)
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as group:
            whats = [f"{failure.title}: {failure.message}" for failure in group.exceptions]
            raise AssertionError(f"{answer.status_code} for {caller.name}: " + "; ".join(whats)) from None


@atexit.register
def tell():
    counts = {
        caller.name: {"statuses": dict(sorted(caller.statuses.items())), "reached": sorted(caller.reached)}
        for caller in callers
    }
    with open(os.environ["FUZZ_COUNTED"], "w", encoding="utf-8") as file:
        json.dump(counts, file)

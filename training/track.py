"""Tells MLflow of a training run: parameters, hashes of the data, curves, tables, pictures and the exported model.

Without an address nothing is imported and nothing is sent. A training never ends because MLflow is away: what could
not be sent is left out, and that is printed. Credentials are MLflow's own: MLFLOW_TRACKING_USERNAME and
MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.
"""

import json
import os
import re
import time
from pathlib import Path
from typing import Callable, Mapping

EXPERIMENT = "alpr-training"
RUN_FILE = "mlflow-run.json"
LONGEST_VALUE = 500  # characters of a parameter; MLflow 2 takes no more
PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "20"}


class Tracker:
    """What a run may tell. This one tells nobody."""

    def parameters(self, values: Mapping[str, object]) -> None:
        """Settings, once."""

    def data(self, hashes: Mapping[str, str]) -> None:
        """SHA-256 of the labels of each set that trains."""

    def figures(self, values: Mapping[str, float], step: int) -> None:
        """A point of each curve."""

    def file(self, path: Path, place: str = "") -> None:
        """A file, or a folder with all that is in it, under a place of the run."""

    def end(self, failed: bool = False) -> None:
        """Nothing comes after this."""


class MlflowTracker(Tracker):
    """Tells an MLflow server. A run that is gone on with is the same run there: its id lies beside the checkpoint."""

    def __init__(self, url: str, name: str, folder: Path):
        for variable, value in PATIENCE.items():
            os.environ.setdefault(variable, value)
        from mlflow import MlflowClient  # only whoever tracks has it
        from mlflow.entities import Metric, Param

        self._client, self._metric, self._param = MlflowClient(tracking_uri=url), Metric, Param
        self._run = self._find_run(url, name, folder)

    def _find_run(self, url: str, name: str, folder: Path) -> str:
        file = folder / RUN_FILE
        if file.exists():
            kept = json.loads(file.read_text())
            if kept["url"] == url:
                self._client.set_terminated(kept["run_id"], "RUNNING")
                return kept["run_id"]
        found = self._client.get_experiment_by_name(EXPERIMENT)
        experiment = found.experiment_id if found else self._client.create_experiment(EXPERIMENT)
        run_id = self._client.create_run(experiment, run_name=name).info.run_id
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"url": url, "run_id": run_id}))
        return run_id

    def parameters(self, values: Mapping[str, object]) -> None:
        # A parameter never changes: of a run that goes on those of its beginning stay.
        for name, value in values.items():
            self._send(lambda: self._client.log_batch(self._run, params=[self._param(_plain(name), str(value)[:LONGEST_VALUE])]))

    def data(self, hashes: Mapping[str, str]) -> None:
        for name, digest in hashes.items():
            self._send(lambda: self._client.set_tag(self._run, _plain(f"data.{name}"), digest))

    def figures(self, values: Mapping[str, float], step: int) -> None:
        now = int(time.time() * 1000)
        points = [self._metric(_plain(name), float(value), now, step) for name, value in values.items()]
        self._send(lambda: self._client.log_batch(self._run, metrics=points))

    def file(self, path: Path, place: str = "") -> None:
        log = self._client.log_artifacts if path.is_dir() else self._client.log_artifact
        self._send(lambda: log(self._run, str(path), place or None))

    def end(self, failed: bool = False) -> None:
        self._send(lambda: self._client.set_terminated(self._run, "FAILED" if failed else "FINISHED"))

    def _send(self, send: Callable[[], object]) -> None:
        try:
            send()
        except Exception as error:  # of any kind: hours of training are worth more than a point of a curve
            print(f"not sent to MLflow: {str(error).splitlines()[0][:200]}", flush=True)


def open_tracker(url: str | None, name: str, folder: Path) -> Tracker:
    """The tracker of a run whose checkpoint lies in `folder`; without an address one that tells nobody."""
    return MlflowTracker(url, name, folder) if url else Tracker()


def _plain(name: str) -> str:
    """Without the characters that MLflow refuses in names."""
    return re.sub(r"[^\w./ -]", "", name)

"""A program that uses the server as any other would: over the HTTP API alone."""

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

POLL_SECONDS = 0.5
LATER = "TRY_AGAIN_LATER"
ENDED = ("SUCCEEDED", "FAILED", "STOPPED", "CANCELED")


class ApiError(Exception):
    """The server refused; str() is its own sentence, `code` is HTTP's."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


class TookTooLong(Exception):
    """What was waited for did not come."""


class Client:
    """One person's token at one server."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url, self._token = url, ""
        self._token = self.post("token/", {"username": username, "password": password})["token"]

    def get(self, path: str) -> Any:
        return json.loads(self._ask("GET", path))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return json.loads(self._ask("POST", path, json.dumps(body or {}).encode(), "application/json"))

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return json.loads(self._ask("PUT", path, json.dumps(body).encode(), "application/json"))

    def get_bytes(self, path: str) -> bytes:
        return self._ask("GET", path)

    def import_dataset(self, archive: Path, description: str, eval_percent: int = 20) -> str:
        """Upload a zip; returns the id of the dataset that is being produced."""
        fields = {"description": description, "eval_percent": str(eval_percent)}
        body, content_type = multipart(fields, archive)
        return json.loads(self._ask("POST", "datasets/import/", body, content_type))["id"]

    def start(self, dataset: str, model: str, steps: int, description: str, max_minutes: int = 60) -> str:
        """Start a training job; returns its id. On a server whose training worker is not there yet, try again."""
        wish = {"datasets": [dataset], "starting_model": model, "training_steps": steps}
        job = self.post("training-jobs/", {**wish, "max_minutes": max_minutes, "description": description})
        if job["state"] == LATER:
            retry = f"training-jobs/{job['id']}/retry/"
            wait_until(lambda: self.post(retry), lambda job: job["state"] != LATER, 60)
        return job["id"]

    def stop(self, job: str) -> None:
        self.post(f"training-jobs/{job}/stop/")

    def job(self, job: str) -> dict[str, Any]:
        return self.get(f"training-jobs/{job}/")

    def metric(self, job: str, tag: str, split: str = "eval") -> list[tuple[int, float]]:
        """The (step, value) points of one metric."""
        for metric in self.get(f"training-jobs/{job}/metrics/"):
            if (metric["split"], metric["tag"]) == (split, tag):
                return [(step, value) for step, value in metric["points"]]
        return []

    def download_model(self, job: str, target: Path) -> Path:
        target.write_bytes(self._ask("GET", f"training-jobs/{job}/model.tflite"))
        return target

    def wait_for_dataset(self, dataset: str, seconds: float) -> dict[str, Any]:
        """The dataset once its production has ended."""
        return wait_until(lambda: self.get(f"datasets/{dataset}/"), lambda d: d["state"] != "PRODUCING", seconds)

    def wait_for_job(self, job: str, is_so: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
        """The job once `is_so` of it."""
        return wait_until(lambda: self.job(job), is_so, seconds)

    def wait_for_end(self, job: str, seconds: float) -> dict[str, Any]:
        return self.wait_for_job(job, lambda job: job["state"] in ENDED, seconds)

    def wait_for_model(self, job: str, seconds: float) -> dict[str, Any]:
        """The job once its model can be downloaded; after a stop that takes a little longer than the end."""
        return self.wait_for_job(job, lambda job: job["has_model"], seconds)

    def _ask(self, method: str, path: str, body: bytes | None = None, content_type: str = "") -> bytes:
        request = urllib.request.Request(f"{self._url}/api/v1/{path}", body, method=method)  # noqa: S310
        if self._token:
            request.add_header("Authorization", f"Token {self._token}")
        if content_type:
            request.add_header("Content-Type", content_type)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (the address of our own server)
                return answer.read()
        except urllib.error.HTTPError as error:
            sentence = f"{method} {path}: {error.code} {error.read().decode(errors='replace')[:500]}"
            raise ApiError(sentence, error.code) from None


def wait_until(ask: Callable[[], Any], is_so: Callable[[Any], bool], seconds: float) -> Any:
    """Ask again and again, as a polling program does, until `is_so` of the answer. Raises TookTooLong."""
    deadline = time.monotonic() + seconds
    while not is_so(answer := ask()):
        if time.monotonic() > deadline:
            raise TookTooLong(f"after {seconds:.0f} seconds still: {answer}")
        time.sleep(POLL_SECONDS)
    return answer


def multipart(fields: dict[str, str], file: Path) -> tuple[bytes, str]:
    """The body of a form with one file, and its content type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
        "Content-Type: application/zip\r\n\r\n".encode()
    )
    return b"".join(
        [*parts, file.read_bytes(), f"\r\n--{boundary}--\r\n".encode()]
    ), f"multipart/form-data; boundary={boundary}"

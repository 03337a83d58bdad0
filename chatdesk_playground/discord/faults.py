"""Faults on demand: requests that fail, fail after they were carried out, or take their time."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(slots=True)
class Fault:
    """What happens to the next requests that fit.

    `path` is below the API's base and may hold `*`. With `performed` the request is carried out all the
    same, and only its answer is lost. `status` 0 delays the answer and changes nothing else.
    """

    method: str
    path: str
    status: int
    times: int
    performed: bool
    retry_after: float
    delay_seconds: float

    def fits(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("*", method) and fnmatchcase(path, self.path)

    def body(self) -> dict[str, object]:
        if self.status == 429:
            sentence = "You are being rate limited."
            return {"message": sentence, "retry_after": self.retry_after, "global": False}
        return {"message": f"{self.status}: a fault of the playground", "code": 0}


@dataclass(slots=True)
class Faults:
    waiting: list[Fault] = field(default_factory=list)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that befalls this request; each befalls as many requests as it was made for."""
        fault = next((item for item in self.waiting if item.fits(method, path)), None)
        if fault is not None:
            fault.times -= 1
        return fault

"""What a disk holds when the power goes: rebuilt from a trace of a process's writes and syncs.

A write is on the disk once a sync of its file, begun after the write, has ended. What was written after the
last sync may be there or not, sector by sector; the images are built both without any of it and with an
arbitrary part of it.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DATABASE = "desk.db"
ANSWERS = "answers"
SECTOR = 512

_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-journal", ANSWERS)
_CALLS = "openat,write,pwrite64,fsync,fdatasync,ftruncate,unlink"


def word(number: int) -> str:
    """What one person wrote, to be found again."""
    return f"w{number:05}"


@dataclass(frozen=True, slots=True)
class Call:
    """One system call on one of the files."""

    name: str
    file: str
    offset: int = 0
    data: bytes = b""
    size: int = 0


@dataclass(slots=True)
class Disk:
    """Files as they are on the disk, and what was written and may not be."""

    synced: dict[str, bytearray] = field(default_factory=dict)
    written: dict[str, list[Call]] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)

    def do(self, call: Call) -> None:
        match call.name:
            case "write" if call.file == ANSWERS:
                self.answered += call.data.decode().split()
            case "pwrite64" | "ftruncate":
                self.written.setdefault(call.file, []).append(call)
            case "fsync" | "fdatasync":
                content = self.synced.setdefault(call.file, bytearray())
                for earlier in self.written.pop(call.file, []):
                    _apply(content, earlier)
            case "unlink":
                self.synced.pop(call.file, None)
                self.written.pop(call.file, None)
            case _:
                raise ValueError(f"what does {call.name} do to {call.file}?")

    def image(self, folder: Path, chance: random.Random | None) -> None:
        """Write the files as they would be found; with ``chance``, some of what was not synced is there."""
        names = self.synced.keys() | (self.written.keys() if chance else set())
        for name in names:
            content = bytearray(self.synced.get(name, b""))
            if chance is not None:
                for call in self.written.get(name, []):
                    _apply_some(content, call, chance)
            (folder / name).write_bytes(content)


def _apply(content: bytearray, call: Call) -> None:
    if call.name == "ftruncate":
        del content[call.size :]
        content.extend(bytes(max(0, call.size - len(content))))
        return
    content.extend(bytes(max(0, call.offset + len(call.data) - len(content))))
    content[call.offset : call.offset + len(call.data)] = call.data


def _apply_some(content: bytearray, call: Call, chance: random.Random) -> None:
    """Nothing of a write, all of it, or some sectors of it."""
    roll = chance.random()
    if roll < 0.4:
        return
    if roll < 0.8 or call.name == "ftruncate":
        _apply(content, call)
        return
    for start in range(0, len(call.data), SECTOR):
        if chance.random() < 0.5:
            part = call.data[start : start + SECTOR]
            _apply(content, Call(call.name, call.file, call.offset + start, part))


def record(folder: Path, events: int, *, syncs: bool = True) -> Sequence[Call]:
    """Run a desk in a folder until it has answered so many people; what it did to its files."""
    assert shutil.which("strace"), "the power cut is made from a trace; install strace"
    trace = folder / "trace"
    watched = [argument for name in _FILES for argument in ("-P", str(folder / name))]
    subject = Path(__file__).with_name("power_subject.py")
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [
            "strace", "-f", "-y", "-xx", "-s", "1000000", "-o", str(trace), "-e", f"trace={_CALLS}", *watched,
            sys.executable, str(subject), str(folder), str(events), *([] if syncs else ["OFF"]),
        ],
        cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return list(_calls(trace))


_LINE = re.compile(r"^(\d+) +(.*)$")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>")
_ON_FILE = re.compile(
    r'^(\w+)\(\d+<((?:\\x[0-9a-f]{2})*)>(?:, "((?:\\x[0-9a-f]{2})*)")?(?:, (\d+))?(?:, (\d+))?\)'
)
_UNLINK = re.compile(r'^unlink\("((?:\\x[0-9a-f]{2})*)"\) += 0')


def _calls(trace: Path) -> Iterator[Call]:
    """Every call in the order in which they ended; a sync that began before a write ended covers it not.

    One thread writes, so no write is under way while it syncs; the parser refuses a trace where one is.
    """
    begun: dict[str, str] = {}
    with trace.open() as lines:
        for line in lines:
            found = _LINE.match(line.rstrip("\n"))
            assert found is not None, line[:200]
            thread, text = found[1], found[2]
            if text.endswith(_UNFINISHED):
                begun[thread] = text.removesuffix(_UNFINISHED)
                continue
            if _RESUMED.match(text):
                text = begun.pop(thread) + _RESUMED.sub("", text)
            call = _call(text)
            if call is not None:
                under_way = [other for other in begun.values() if other.startswith("pwrite64")]
                assert not ("sync" in call.name and under_way), "a write was under way during a sync"
                yield call


def _call(text: str) -> Call | None:
    unlinked = _UNLINK.match(text)
    if unlinked is not None:
        return Call("unlink", Path(_bytes(unlinked[1]).decode()).name)
    found = _ON_FILE.match(text)
    if found is None:
        assert text.startswith(("openat", "+++", "unlink")), text[:300]
        return None
    name, file, data = found[1], Path(_bytes(found[2]).decode()).name, _bytes(found[3] or "")
    match name:
        case "pwrite64":
            assert int(found[4]) == len(data), text[:300]
            return Call(name, file, offset=int(found[5]), data=data)
        case "ftruncate":
            return Call(name, file, size=int(found[4]))
        case "write":
            return Call(name, file, data=data)
    return Call(name, file)


def _bytes(written: str) -> bytes:
    return bytes.fromhex(written.replace("\\x", ""))

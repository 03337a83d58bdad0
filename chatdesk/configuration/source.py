"""A YAML file as values, and the line on which each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from chatdesk.errors import ConfigurationError

Step = str | int


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says. ``values`` are plain; ``marked`` remembers lines."""

    name: str
    values: object
    marked: object

    def line(self, path: Sequence[Step]) -> int:
        """The line (from 1) of what the path leads to, or of the nearest thing above it that is there."""
        line, node = 1, self.marked
        for step in path:
            found = _below(node, step)
            if found is None:
                break
            line, node = found
        return line

    def problem(self, path: Sequence[Step], text: str) -> str:
        return f"{self.name}:{self.line(path)}: {text}"


def read_source(path: Path) -> Source:
    """Raises ConfigurationError where the file cannot be read or is not YAML."""
    try:
        marked = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path}: there is no such file; begin with a copy of desk.example.yaml, "
            "or name another in CHATDESK_DESK_FILE"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: is not UTF-8 text") from None
    except MarkedYAMLError as error:
        raise ConfigurationError(_not_yaml(path, error)) from None
    except YAMLError as error:
        raise ConfigurationError(f"{path}: is not YAML: {error}") from None
    return Source(path.name, _plain(marked), marked)


def _not_yaml(path: Path, error: MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = 1 if mark is None else mark.line + 1
    problem = str(error.problem or error.context or "cannot be understood").splitlines()[0]
    return f"{path.name}:{line}: is not YAML: {problem}"


def _below(node: object, step: Step) -> tuple[int, object] | None:
    """The line of a key or an item, and what stands there."""
    try:
        if isinstance(node, CommentedMap) and step in node:
            return int(node.lc.key(step)[0]) + 1, node[step]
        if isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            return int(node.lc.item(step)[0]) + 1, node[step]
    except (KeyError, TypeError):
        """Merged in from an anchor: it has no line of its own."""
    return None


def _plain(node: object) -> object:
    """ruamel's marked values as Python's own."""
    if isinstance(node, Mapping):
        return {_plain(key): _plain(value) for key, value in node.items()}
    if isinstance(node, str):
        return str(node)
    if isinstance(node, Sequence):
        return [_plain(item) for item in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    return node

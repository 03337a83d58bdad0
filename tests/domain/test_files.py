from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.domain.files import LONGEST_NAME, FileRules, plain_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Übersicht März.pdf", "Übersicht März.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Users\\ana\\log.txt", "C:_Users_ana_log.txt"),
        ("a\r\nContent-Type: text/html", "aContent-Type: text_html"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("", "file"),
        ("..", "file"),
        (" \x00 ", "file"),
        ("x" * 300 + ".tar", "x" * 146 + ".tar"),
    ],
)
def test_a_name_is_one_line_and_no_path(name: str, shown: str) -> None:
    assert plain_name(name) == shown


@given(st.text())
def test_no_name_is_a_path(name: str) -> None:
    shown = plain_name(name)
    assert 0 < len(shown) <= LONGEST_NAME
    assert not set(shown) & set("/\\\r\n\0")
    assert shown not in (".", "..")
    assert plain_name(shown) == shown


@pytest.mark.parametrize(
    ("name", "media_type", "refused"),
    [
        ("setup.exe", "application/octet-stream", "exe"),
        ("SETUP.EXE", "", "exe"),
        ("exe", "", None),
        ("a.exe.txt", "text/plain", None),
        ("film", "Video/MP4; codecs=x", "video/*"),
        ("script", "application/x-sh", "application/x-sh"),
        ("notes", "", None),
    ],
)
def test_kinds_are_refused_by_ending_and_by_type(name: str, media_type: str, refused: str | None) -> None:
    rules = FileRules(100, ("exe", "video/*", "application/x-sh"))
    assert rules.refuses(name, media_type) == refused

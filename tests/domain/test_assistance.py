"""What a language model is told: the request and the newest posts, as far as there is room."""

from __future__ import annotations

from chatdesk.domain.assistance import LONGEST_POST, MOST_CHARACTERS, Assistant, Material, Said, Task, prompt


def test_of_a_long_conversation_the_beginning_and_the_end_are_told() -> None:
    posts = [Said("Customer", f"post {number} " + "x" * 1990) for number in range(40)]
    told = prompt(Task.SUMMARY, Material((), posts), Assistant()).user
    assert len(told) < MOST_CHARACTERS + 1000
    assert "post 0 " in told and "post 39 " in told and "post 38 " in told
    assert "post 1 " not in told and told.index("(posts left out here)") < told.index("post 39 ")


def test_one_post_is_cut() -> None:
    told = prompt(Task.SUMMARY, Material((), [Said("Customer", "x" * 10_000)]), Assistant()).user
    assert LONGEST_POST <= told.count("x") + 10 <= LONGEST_POST + 10


def test_what_is_asked() -> None:
    material = Material(
        (("Title", "Printer"), ("Service", "")), [Said("Agent 1", "off?", is_internal=True)], "on"
    )
    asked = prompt(Task.DRAFT, material, Assistant(instructions="Be kind."))
    assert "{requester}" in asked.system and asked.system.endswith("The desk's own wishes: Be kind.")
    assert "Title: Printer" in asked.user and "Service" not in asked.user
    assert "Agent 1 (internal note, not known to the customer): off?" in asked.user
    assert asked.user.endswith("# What the agent wants the answer to say\non")

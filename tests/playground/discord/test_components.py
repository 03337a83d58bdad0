"""Buttons, selects and modals, on messages that outlive the bot's process."""

from __future__ import annotations

from typing import Any

import discord as sdk
import pytest
from discord import ui

from chatdesk_playground.discord import Refused
from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.discord.conftest import Scene


class Card(ui.View):
    """A persistent view: its ids are its own, and it never times out."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Claim", custom_id="card:claim", style=sdk.ButtonStyle.primary)
    async def claim(self, interaction: sdk.Interaction, button: ui.Button[Card]) -> None:
        button.disabled = True
        await interaction.response.edit_message(
            content=f"claimed by {interaction.user.display_name}", view=self
        )

    @ui.select(
        placeholder="Priority",
        custom_id="card:priority",
        options=[sdk.SelectOption(label="High", value="high"), sdk.SelectOption(label="Low", value="low")],
    )
    async def priority(self, interaction: sdk.Interaction, select: ui.Select[Card]) -> None:
        await interaction.response.defer()
        await interaction.followup.send(f"priority {select.values[0]}", ephemeral=True)

    @ui.select(cls=ui.UserSelect, placeholder="Assign", custom_id="card:assign", max_values=2)
    async def assign(self, interaction: sdk.Interaction, select: ui.UserSelect[Card]) -> None:
        names = sorted(user.display_name for user in select.values)
        await interaction.response.send_message(" and ".join(names))


class Form(ui.Modal, title="New ticket"):
    """A form with every kind of field."""

    hint: ui.TextDisplay[Any] = ui.TextDisplay("Tell us more")
    subject: ui.Label[Form] = ui.Label(
        text="Title", description="In a few words", component=ui.TextInput(max_length=20, placeholder="Title")
    )
    priority: ui.Label[Form] = ui.Label(
        text="Priority",
        component=ui.Select(
            options=[sdk.SelectOption(label="High", value="high"), sdk.SelectOption(label="Low")]
        ),
    )
    reach: ui.Label[Form] = ui.Label(
        text="Answer by",
        component=ui.RadioGroup(
            options=[sdk.RadioGroupOption(label="Chat"), sdk.RadioGroupOption(label="Mail")]
        ),
    )
    files: ui.Label[Form] = ui.Label(text="Files", component=ui.FileUpload(required=False, max_values=2))

    def __init__(self) -> None:
        super().__init__(custom_id="form:1")
        self.submitted: dict[str, object] = {}

    async def on_submit(self, interaction: sdk.Interaction) -> None:
        assert isinstance(self.subject.component, ui.TextInput)
        assert isinstance(self.priority.component, ui.Select)
        assert isinstance(self.reach.component, ui.RadioGroup)
        assert isinstance(self.files.component, ui.FileUpload)
        names = [file.filename for file in self.files.component.values]
        answer = [
            self.subject.component.value,
            *self.priority.component.values,
            self.reach.component.value,
            *names,
        ]
        await interaction.response.send_message(" | ".join(str(part) for part in answer), ephemeral=True)


async def test_a_card_works_before_and_after_a_restart(scene: Scene) -> None:
    await scene.discord.control.set_limits(answer_seconds=0.3)
    bot = Bot()
    async with online(bot, scene.token):
        await text_channel(bot, scene.general).send("#1042", view=Card())
    (card,) = await scene.cleo.messages(scene.general)
    assert card.buttons == ("Claim",)
    lost = await scene.cleo.click(scene.general, card.id, "Claim")
    assert lost.error == "This interaction failed"

    again = Bot()
    again.add_view(Card())
    async with online(again, scene.token):
        outcome = await scene.cleo.click(scene.general, card.id, "Claim")
        assert outcome.messages[0].content == "claimed by Cleo"
        with pytest.raises(Refused, match="disabled"):
            await scene.cleo.click(scene.general, card.id, "Claim")
        chosen = await scene.cleo.choose(scene.general, card.id, "Priority", "High")
        assert chosen.deferred
        note = await scene.cleo.wait_for(scene.general, lambda message: message.ephemeral)
        assert note.content == "priority high"
        assigned = await scene.cleo.choose(scene.general, card.id, "Assign", "ana", scene.cleo.id)
        assert assigned.messages[0].content == "Ana and Cleo"
        for attempt in (
            scene.cleo.choose(scene.general, card.id, "Priority", "Medium"),
            scene.cleo.click(scene.general, card.id, "Resolve"),
        ):
            with pytest.raises(Refused, match="there are"):
                await attempt


async def test_a_modal_with_every_kind_of_field(scene: Scene) -> None:
    bot = Bot()

    @bot.tree.command(name="new", description="A new ticket")
    async def new(interaction: sdk.Interaction) -> None:
        await interaction.response.send_modal(Form())

    async with online(bot, scene.token):
        await bot.tree.sync()
        outcome = await scene.cleo.command("new", at=scene.general)
        modal = outcome.modal
        assert modal is not None
        assert (modal.title, modal.texts) == ("New ticket", ("Tell us more",))
        assert [field.label for field in modal.fields] == ["Title", "Priority", "Answer by", "Files"]
        assert modal.field("Title").max_length == 20

        held_back = await scene.cleo.submit({"Title": "x" * 21})
        assert held_back.field_errors.keys() == {"Title", "Priority", "Answer by"}
        assert await scene.cleo.modal() is not None

        values = {"Title": "Broken", "Priority": "High", "Answer by": "Mail"}
        sent = await scene.cleo.submit(values, files={"Files": [("a.txt", b"1"), ("b.txt", b"2")]})
        assert sent.closed
        assert sent.messages[0].content == "Broken | high | Mail | a.txt | b.txt"
        assert await scene.cleo.modal() is None


async def test_a_modal_that_the_bot_has_forgotten_stays_on_the_screen(scene: Scene) -> None:
    await scene.discord.control.set_limits(answer_seconds=0.3)
    bot = Bot()

    @bot.tree.command(name="new", description="A new ticket")
    async def new(interaction: sdk.Interaction) -> None:
        await interaction.response.send_modal(Form())

    async with online(bot, scene.token):
        await bot.tree.sync()
        await scene.cleo.command("new", at=scene.general)

    again = Bot()
    async with online(again, scene.token):
        values = {"Title": "Broken", "Priority": "High", "Answer by": "Mail"}
        dropped = await scene.cleo.submit(values)
        assert dropped.error == "Something went wrong. Try again."
        assert await scene.cleo.modal() is not None

        @again.event
        async def on_interaction(interaction: sdk.Interaction) -> None:
            assert interaction.data is not None
            await interaction.response.send_message(
                f"got {interaction.data.get('custom_id')}", ephemeral=True
            )

        assert (await scene.cleo.submit(values)).messages[0].content == "got form:1"


async def test_a_modal_behind_a_button_updates_its_message(scene: Scene) -> None:
    class Resolve(ui.Modal, title="Resolve"):
        text: ui.TextInput[Resolve] = ui.TextInput(label="Resolution", style=sdk.TextStyle.paragraph)

        async def on_submit(self, interaction: sdk.Interaction) -> None:
            await interaction.response.edit_message(content=f"resolved: {self.text.value}", view=None)

    class Panel(ui.View):
        @ui.button(emoji="✅")
        async def resolve(self, interaction: sdk.Interaction, button: ui.Button[Panel]) -> None:
            await interaction.response.send_modal(Resolve())

    bot = Bot()
    async with online(bot, scene.token):
        await text_channel(bot, scene.general).send("#1", view=Panel())
        (panel,) = await scene.cleo.messages(scene.general)
        assert (await scene.cleo.click(scene.general, panel.id, "✅")).modal is not None
        await scene.cleo.submit({"Resolution": "turned it off and on"})
    (panel,) = await scene.cleo.messages(scene.general)
    assert (panel.content, panel.buttons) == ("resolved: turned it off and on", ())


async def test_buttons_on_a_message_that_one_person_sees(scene: Scene) -> None:
    class Confirm(ui.View):
        @ui.button(label="Sure")
        async def sure(self, interaction: sdk.Interaction, button: ui.Button[Confirm]) -> None:
            await interaction.response.edit_message(content="done", view=None)

        @ui.button(label="Never mind")
        async def never(self, interaction: sdk.Interaction, button: ui.Button[Confirm]) -> None:
            await interaction.response.defer()
            await interaction.delete_original_response()

    bot = Bot()

    @bot.tree.command(name="close", description="Closes a ticket")
    async def close(interaction: sdk.Interaction) -> None:
        await interaction.response.send_message("Sure?", view=Confirm(), ephemeral=True)

    async with online(bot, scene.token):
        await bot.tree.sync()
        asked = (await scene.cleo.command("close", at=scene.general)).messages[0]
        assert (await scene.cleo.click(scene.general, asked.id, "Sure")).messages[0].content == "done"
        asked = (await scene.cleo.command("close", at=scene.general)).messages[0]
        with pytest.raises(Refused, match="Unknown Message"):
            await scene.ana.click(scene.general, asked.id, "Sure")
        await scene.cleo.click(scene.general, asked.id, "Never mind")
        await scene.discord.control.wait_until_quiet()
    assert [message.content for message in await scene.cleo.messages(scene.general)] == ["done"]


async def test_the_second_version_of_components(scene: Scene) -> None:
    class Layout(ui.LayoutView):
        box: ui.Container[Layout] = ui.Container(ui.TextDisplay("## Ticket 7"), accent_color=0xFF0000)
        row: ui.ActionRow[Layout] = ui.ActionRow()

        @row.button(label="Open")
        async def open(self, interaction: sdk.Interaction, button: ui.Button[Layout]) -> None:
            await interaction.response.send_message("opened", ephemeral=True)

    bot = Bot()
    async with online(bot, scene.token):
        await text_channel(bot, scene.general).send(view=Layout())
        (shown,) = await scene.cleo.messages(scene.general)
        assert "## Ticket 7" in shown.text
        assert (await scene.cleo.click(scene.general, shown.id, "Open")).messages[0].content == "opened"


@pytest.mark.parametrize(
    "view",
    [
        [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x" * 81, "custom_id": "a"}]}],
        [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "a"}] * 2}],
        [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "a" * 101}]}],
        [
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 1, "label": str(i), "custom_id": str(i)} for i in range(6)
                ],
            }
        ],
        [{"type": 1, "components": [{"type": 3, "custom_id": "s", "options": []}]}],
    ],
)
async def test_components_over_their_limits_are_refused(scene: Scene, view: list[object]) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        route = sdk.http.Route("POST", "/channels/{channel_id}/messages", channel_id=int(scene.general))
        with pytest.raises(sdk.HTTPException) as refused:
            await bot.http.request(route, json={"content": "x", "components": view})
    assert refused.value.code == 50035
    assert "components.0" in str(refused.value)

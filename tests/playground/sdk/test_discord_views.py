"""Views, modals, and components that outlive the process that made them."""

from __future__ import annotations

import re
from typing import Any

import discord as sdk
import pytest
from discord import ui

from chatdesk_playground.discord import Refused
from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.sdk.conftest import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Confirm(ui.View):
    """Asks one person, takes one answer, and is greyed out afterwards or when nobody answered."""

    def __init__(self, timeout: float = 5) -> None:
        super().__init__(timeout=timeout)
        self.value: bool | None = None
        self.message: sdk.Message | None = None
        self.add_item(ui.Button[Confirm](label="Rules", url="https://example.com/rules"))

    async def interaction_check(self, interaction: sdk.Interaction) -> bool:
        if interaction.user.name == "cleo":
            return True
        await interaction.response.send_message("not yours", ephemeral=True)
        return False

    @ui.button(label="Confirm", emoji="✅", style=sdk.ButtonStyle.green)
    async def confirm(self, interaction: sdk.Interaction, button: ui.Button[Confirm]) -> None:
        self.value = True
        self.grey()
        await interaction.response.edit_message(content="confirmed", view=self)
        await interaction.followup.send("thanks", ephemeral=True)
        self.stop()

    @ui.button(label="Cancel", style=sdk.ButtonStyle.grey)
    async def cancel(self, interaction: sdk.Interaction, button: ui.Button[Confirm]) -> None:
        raise RuntimeError("cannot be cancelled")

    async def on_error(self, interaction: sdk.Interaction, error: Exception, item: ui.Item[Any]) -> None:
        await interaction.response.send_message(f"oops: {error}", ephemeral=True)

    async def on_timeout(self) -> None:
        self.grey()
        assert self.message is not None
        await self.message.edit(content="too late", view=self)

    def grey(self) -> None:
        self.confirm.disabled = self.cancel.disabled = True


async def test_a_confirmation_is_asked_checked_disabled_and_runs_out(server: Server) -> None:
    bot = Bot()
    async with online(bot, server.token):
        channel = text_channel(bot, server.general)
        view = Confirm()
        asked = await channel.send("Sure?", view=view)
        refused = await server.ana.click(server.general, str(asked.id), "Confirm")
        assert (refused.messages[0].content, refused.messages[0].ephemeral) == ("not yours", True)
        failed = await server.cleo.click(server.general, str(asked.id), "Cancel")
        assert failed.messages[0].content == "oops: cannot be cancelled"
        with pytest.raises(Refused, match="opens https"):
            await server.cleo.click(server.general, str(asked.id), "Rules")
        confirmed = await server.cleo.click(server.general, str(asked.id), "✅")
        assert confirmed.messages[0].content == "confirmed"
        assert (await view.wait(), view.value) == (False, True)
        await server.cleo.wait_for(server.general, lambda seen: seen.content == "thanks" and seen.ephemeral)
        with pytest.raises(Refused, match="disabled"):
            await server.cleo.click(server.general, str(asked.id), "Confirm")

        brief = Confirm(timeout=0.05)
        brief.message = await channel.send("Quick?", view=brief)
        late = await server.cleo.wait_for(server.general, lambda seen: seen.content == "too late")
        assert (await brief.wait(), late.buttons) == (True, ("Rules",))


class Choices(ui.View):
    """A select of every kind."""

    @ui.select(
        placeholder="Colours",
        max_values=2,
        options=[sdk.SelectOption(label="Red", emoji="🟥", description="warm"),
                 sdk.SelectOption(label="Blue"), sdk.SelectOption(label="Green", value="g")],
    )  # fmt: skip
    async def colours(self, interaction: sdk.Interaction, select: ui.Select[Choices]) -> None:
        await interaction.response.send_message("+".join(select.values))

    @ui.select(cls=ui.UserSelect, placeholder="People", max_values=3)
    async def people(self, interaction: sdk.Interaction, select: ui.UserSelect[Choices]) -> None:
        await interaction.response.send_message("+".join(one.display_name for one in select.values))

    @ui.select(cls=ui.RoleSelect, placeholder="Roles")
    async def roles(self, interaction: sdk.Interaction, select: ui.RoleSelect[Choices]) -> None:
        await interaction.response.send_message(select.values[0].name)

    @ui.select(cls=ui.MentionableSelect, placeholder="Anybody", max_values=2)
    async def anybody(self, interaction: sdk.Interaction, select: ui.MentionableSelect[Choices]) -> None:
        await interaction.response.send_message("+".join(type(one).__name__ for one in select.values))

    @ui.select(cls=ui.ChannelSelect, placeholder="Channels", channel_types=[sdk.ChannelType.text])
    async def channels(self, interaction: sdk.Interaction, select: ui.ChannelSelect[Choices]) -> None:
        await interaction.response.send_message(select.values[0].name)


async def test_selects_of_all_kinds(server: Server) -> None:
    bot = Bot()
    role = await server.discord.control.create_role(server.guild, "helpers", members=[server.ana.id])
    forum = await server.discord.control.create_channel(server.guild, "ideas", kind="forum")
    async with online(bot, server.token):
        posted = str((await text_channel(bot, server.general).send(view=Choices())).id)
        wanted = (
            ("Colours", ("Red", "Green"), "Red+g"),
            ("People", ("ana", "cleo"), "Ana+Cleo"),
            ("Roles", (role,), "helpers"),
            ("Anybody", ("helpers", "ana"), "Member+Role"),
            ("Channels", ("general",), "general"),
        )
        for name, chosen, answer in wanted:
            outcome = await server.cleo.choose(server.general, posted, name, *chosen)
            assert outcome.messages[0].content == answer
        with pytest.raises(Refused, match="to choose here"):
            await server.cleo.choose(server.general, posted, "Channels", forum)


class Counter(ui.DynamicItem[ui.Button[Any]], template=r"counter:(?P<count>[0-9]+)"):
    """A button whose state is in its own id, so that it needs no memory."""

    def __init__(self, count: int) -> None:
        super().__init__(ui.Button(label=f"{count} clicks", custom_id=f"counter:{count}"))
        self.count = count

    @classmethod
    async def from_custom_id(
        cls, interaction: sdk.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Counter:
        return cls(int(match["count"]))

    async def callback(self, interaction: sdk.Interaction[Any]) -> None:
        view = ui.View(timeout=None)
        view.add_item(Counter(self.count + 1))
        await interaction.response.edit_message(view=view)


class Panel(ui.LayoutView):
    """A message made of layout components, with a button and a select in it."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        button: ui.Button[Panel] = ui.Button(label="More", custom_id="panel:more")
        button.callback = self.more  # type: ignore[method-assign]
        box: ui.Container[Panel] = ui.Container(accent_colour=sdk.Colour.blurple())
        box.add_item(ui.Section("## Welcome", "Ask anything", accessory=button))
        box.add_item(ui.Separator()).add_item(ui.TextDisplay("below the line"))
        self.add_item(box)

    async def more(self, interaction: sdk.Interaction) -> None:
        await interaction.response.send_message("more", ephemeral=True)


async def test_buttons_go_on_after_a_restart(server: Server) -> None:
    first = Bot()
    async with online(first, server.token):
        view = ui.View(timeout=None)
        view.add_item(Counter(0))
        counter = str((await text_channel(first, server.general).send("count", view=view)).id)
        panel = str((await text_channel(first, server.general).send(view=Panel())).id)
    second = Bot()
    second.add_dynamic_items(Counter)
    second.add_view(Panel())
    async with online(second, server.token):
        for count in (1, 2):
            clicked = await server.cleo.click(server.general, counter, f"{count - 1} clicks")
            assert clicked.messages[0].buttons == (f"{count} clicks",)
        assert (await server.cleo.click(server.general, panel, "More")).messages[0].content == "more"
        shown = next(seen for seen in await server.cleo.messages(server.general) if seen.id == panel)
        assert "## Welcome\nAsk anything\nbelow the line" in shown.text


class Feedback(ui.Modal, title="Feedback"):
    """Fields with labels, as text, as a choice, and files."""

    name: ui.Label[Feedback] = ui.Label(text="Name", component=ui.TextInput(placeholder="Yours"))
    words: ui.Label[Feedback] = ui.Label(
        text="Words", component=ui.TextInput(style=sdk.TextStyle.paragraph, max_length=20, required=False)
    )
    about: ui.Label[Feedback] = ui.Label(text="About", component=ui.UserSelect(max_values=1))
    proof: ui.Label[Feedback] = ui.Label(text="Proof", component=ui.FileUpload(required=False))

    async def on_submit(self, interaction: sdk.Interaction) -> None:
        assert isinstance(self.name.component, ui.TextInput)
        assert isinstance(self.words.component, ui.TextInput)
        assert isinstance(self.about.component, ui.UserSelect)
        assert isinstance(self.proof.component, ui.FileUpload)
        if self.name.component.value == "nobody":
            raise ValueError("no name")
        await interaction.response.defer(ephemeral=True, thinking=True)
        files = [await file.read() for file in self.proof.component.values]
        about = self.about.component.values[0].display_name
        words = f"{self.name.component.value}|{self.words.component.value}|{about}|{files}"
        await interaction.edit_original_response(content=words)

    async def on_error(  # type: ignore[override]
        self, interaction: sdk.Interaction, error: Exception
    ) -> None:
        await interaction.response.send_message(f"oops: {error}", ephemeral=True)


async def test_a_modal_from_a_command_and_from_a_button(server: Server) -> None:
    bot = Bot()

    @bot.tree.command(description="Tell us")
    async def feedback(interaction: sdk.Interaction) -> None:
        await interaction.response.send_modal(Feedback())

    class Open(ui.View):
        @ui.button(label="Tell us")
        async def tell(self, interaction: sdk.Interaction, button: ui.Button[Open]) -> None:
            await interaction.response.send_modal(Feedback())

    cleo, at = server.cleo, server.general
    async with online(bot, server.token):
        await bot.tree.sync()
        opened = await cleo.command("feedback", at=at)
        assert opened.modal is not None
        assert [field.label for field in opened.modal.fields] == ["Name", "Words", "About", "Proof"]
        answers: dict[str, object] = {"Name": "Cleo", "Words": "well done", "About": ["ana"]}
        missing = await cleo.submit({"Words": "well done"})
        assert "Name" in missing.field_errors
        await cleo.submit(answers, files={"Proof": [("p.txt", b"seen")]})
        await cleo.wait_for(
            at, lambda seen: seen.content == "Cleo|well done|Ana|[b'seen']" and seen.ephemeral
        )
        button = str((await text_channel(bot, at).send(view=Open())).id)
        assert (await cleo.click(at, button, "Tell us")).modal is not None
        failed = await cleo.submit(answers | {"Name": "nobody"})
        assert failed.messages[0].content == "oops: no name"


async def test_what_an_interaction_allows_afterwards(server: Server) -> None:
    bot = Bot()

    @bot.tree.command(description="Goes on")
    async def story(interaction: sdk.Interaction) -> None:
        await interaction.response.send_message("one")
        first = await interaction.original_response()
        second = await interaction.followup.send("two", wait=True)
        await interaction.edit_original_response(content=f"one of {first.author.name}")
        await second.edit(content="two!")
        third = await interaction.followup.send("three", wait=True)
        await third.delete()
        with pytest.raises(sdk.InteractionResponded):
            await interaction.response.send_message("again")

    @bot.tree.command(description="Goes away")
    async def brief(interaction: sdk.Interaction) -> None:
        await interaction.response.send_message("now", delete_after=0.01)

    async with online(bot, server.token):
        await bot.tree.sync()
        await server.cleo.command("story", at=server.general)
        await server.discord.control.wait_until_quiet()
        shown = [seen.content for seen in await server.cleo.messages(server.general)]
        assert shown == ["one of helper", "two!"]
        await server.cleo.command("brief", at=server.general)
        await bot.until(lambda: bot.told.count("MESSAGE_DELETE") == 2)
        assert len(await server.cleo.messages(server.general)) == 2

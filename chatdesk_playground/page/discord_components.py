"""Embeds, components and modals, as HTML and as forms: https://docs.discord.com/developers/components/reference"""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk_playground.discord.sights import ModalField, SeenModal
from chatdesk_playground.discord.state import World
from chatdesk_playground.discord.wire import Body, bodies_of, body_of, flag_of, number_of, text_of
from chatdesk_playground.page import controls
from chatdesk_playground.page.discord_text import markdown
from chatdesk_playground.page.html import Html, joined, tag, web_address
from chatdesk_playground.page.model import Field, FieldKind, Form, Option, Words

_ROW, _BUTTON, _SELECT, _USERS, _ROLES, _MENTIONABLES, _CHANNELS = 1, 2, 3, 5, 6, 7, 8
_SECTION, _TEXT, _THUMBNAIL, _GALLERY, _FILE, _SEPARATOR, _CONTAINER = 9, 10, 11, 12, 13, 14, 17
_STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger"}
_LINK = 5
_FILE_UPLOAD, _RADIO, _CHECKBOXES = 19, 21, 22


@dataclass(frozen=True, slots=True)
class Components:
    """Shows what apps send to somebody on one server."""

    world: World
    guild: str

    def embeds(self, embeds: tuple[Body, ...]) -> Html:
        return joined(self._embed(embed) for embed in embeds)

    def shown(self, components: tuple[Body, ...]) -> Html:
        return joined(self._component(component) for component in components)

    def form(self, modal: SeenModal, number: int) -> Form:
        """A modal as something to fill in; ``number`` tells one from the next with the same id."""
        items: list[Field | Words] = [Words(markdown(self.world, words)) for words in modal.texts]
        items += [self._field(field) for field in modal.fields]
        key = f"{modal.custom_id}/{number}"
        return Form(key, key, modal.title, "Submit", tuple(items))

    def _embed(self, embed: Body) -> Html:
        colour = number_of(embed, "color", -1)
        author, footer = body_of(embed.get("author")), body_of(embed.get("footer"))
        fields = [
            tag(
                "div",
                tag("strong", markdown(self.world, text_of(field, "name"))),
                markdown(self.world, text_of(field, "value")),
                class_="field inline" if flag_of(field, "inline") else "field",
            )
            for field in bodies_of(embed.get("fields"))
        ]
        title = text_of(embed, "title")
        description = text_of(embed, "description")
        parts = (
            tag("div", text_of(author, "name"), class_="small") if author else None,
            tag("h3", markdown(self.world, title)) if title else None,
            tag("div", markdown(self.world, description)) if description else None,
            tag("div", *fields, class_="fields") if fields else None,
            _image(embed, "image", "picture"),
            tag("div", text_of(footer, "text"), class_="small") if footer else None,
        )
        bar = f"border-color: #{colour:06x}" if colour >= 0 else None
        return tag("div", *parts, class_="attachment", style=bar)

    def _component(self, component: Body) -> Html:
        inner = bodies_of(component.get("components"))
        match number_of(component, "type"):
            case 1:
                return tag("div", *(self._control(one) for one in inner), class_="actions")
            case 9:
                beside = self._accessory(body_of(component.get("accessory")))
                return tag("div", tag("div", self.shown(inner), class_="grow"), beside, class_="section")
            case 10:
                return tag("div", markdown(self.world, text_of(component, "content")), class_="block")
            case 12:
                pictures = (body_of(one.get("media")) for one in bodies_of(component.get("items")))
                return joined(_picture(text_of(one, "url"), "", "picture") for one in pictures)
            case 14:
                return tag("hr")
            case 17:
                colour = number_of(component, "accent_color", -1)
                bar = f"border-color: #{colour:06x}" if colour >= 0 else None
                return tag("div", self.shown(inner), class_="attachment", style=bar)
        return self._control(component)

    def _accessory(self, accessory: Body) -> Html:
        if number_of(accessory, "type") == _THUMBNAIL:
            return _picture(text_of(body_of(accessory.get("media")), "url"), "", "thumbnail")
        return self._control(accessory)

    def _control(self, component: Body) -> Html:
        disabled = flag_of(component, "disabled")
        name = text_of(component, "custom_id")
        kind = number_of(component, "type")
        if kind == _BUTTON:
            emoji = text_of(body_of(component.get("emoji")), "name")
            label = f"{emoji} {text_of(component, 'label')}".strip()
            style = number_of(component, "style", 2)
            if style == _LINK:
                return controls.link_button(text_of(component, "url"), label)
            return controls.button(name, label, _STYLES.get(style, "secondary"), disabled=disabled)
        if kind in (_SELECT, _USERS, _ROLES, _MENTIONABLES, _CHANNELS):
            label = text_of(component, "placeholder") or "Choose"
            chosen = next(
                (text_of(one, "value") for one in bodies_of(component.get("options")) if one.get("default")),
                "",
            )
            return controls.menu(name, label, self._options(component), chosen, disabled=disabled)
        return Html("")

    def _options(self, component: Body) -> tuple[Option, ...]:
        match number_of(component, "type"):
            case 5 | 7:
                members = self.world.members_of(self.guild)
                people = (self.world.users[member.user_id] for member in members)
                return tuple(Option(one.global_name or one.username, one.id) for one in people)
            case 6:
                return tuple(Option(role.name, role.id) for role in self.world.roles_of(self.guild))
            case 8:
                return tuple(Option(f"#{one.name}", one.id) for one in self.world.channels_of(self.guild))
        options = bodies_of(component.get("options"))
        return tuple(Option(_option_label(one), text_of(one, "value")) for one in options)

    def _field(self, field: ModalField) -> Field:
        kind = _field_kind(field)
        options = tuple(Option(label, value) for label, value in field.options)
        if not options and field.type in (_USERS, _ROLES, _MENTIONABLES, _CHANNELS):
            options = self._options({"type": field.type})
        return Field(
            name=field.custom_id,
            label=field.label,
            kind=kind,
            value=field.value or (field.values[0] if field.values else ""),
            values=field.values,
            options=options,
            required=field.required,
            hint=field.description or "",
            placeholder=field.placeholder or "",
            longest=field.max_length,
        )


def _field_kind(field: ModalField) -> FieldKind:
    if field.type == _FILE_UPLOAD:
        return FieldKind.FILES
    if field.type == _CHECKBOXES:
        return FieldKind.CHOICES
    if field.type in (_SELECT, _USERS, _ROLES, _MENTIONABLES, _CHANNELS, _RADIO):
        return FieldKind.CHOICE
    return FieldKind.LONG if field.multiline else FieldKind.TEXT


def _option_label(option: Body) -> str:
    emoji = text_of(body_of(option.get("emoji")), "name")
    return f"{emoji} {text_of(option, 'label')}".strip()


def _image(embed: Body, key: str, look: str) -> Html | None:
    url = text_of(body_of(embed.get(key)), "url")
    return _picture(url, "", look) if url else None


def _picture(url: str, alternative: str, look: str) -> Html:
    return tag("img", src=web_address(url), alt=alternative, class_=look, loading="lazy")

"""Components as Discord stores them and gives them back: numbered, with defaults, files resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from chatdesk_playground.discord.component_limits import CONTAINER, SELECTS, TEXT_DISPLAY
from chatdesk_playground.discord.wire import Body, JsonObject, bodies_of, body_of, number_of, text_of

THUMBNAIL, GALLERY, FILE, SEPARATOR = 11, 12, 13, 14
SPOILERS: JsonObject = {"description": None, "spoiler": False}


def stored(components: tuple[Body, ...]) -> tuple[Body, ...]:
    """Gives every component the integer id and the defaults that Discord gives it if the bot did not."""
    counter = iter(range(1, 1000))
    return tuple(_finished(component, counter) for component in components)


def _finished(component: Body, counter: Iterator[int]) -> Body:
    given = {key: value for key, value in component.items() if key != "id" or value}
    written: JsonObject = {"id": next(counter)} | _defaults(component) | given
    if component.get("emoji"):
        written["emoji"] = _emoji(component)
    if "options" in component:
        options = bodies_of(component["options"])
        written["options"] = [
            dict(option) | {"emoji": _emoji(option)} if option.get("emoji") else option for option in options
        ]
    if "components" in component:
        written["components"] = [_finished(child, counter) for child in bodies_of(component["components"])]
    for key in ("accessory", "component"):
        if component.get(key):
            written[key] = _finished(body_of(component[key]), counter)
    return written


def _emoji(holder: Body) -> JsonObject:
    return {key: value for key, value in body_of(holder["emoji"]).items() if value is not None}


def _defaults(component: Body) -> JsonObject:
    kind = number_of(component, "type")
    if kind in SELECTS:
        return {"min_values": 1, "max_values": 1}
    if kind == CONTAINER:
        return {"accent_color": None, "spoiler": False}
    if kind == THUMBNAIL:
        return dict(SPOILERS)
    if kind == FILE:
        return {"spoiler": False}
    return {"spacing": 1, "divider": True} if kind == SEPARATOR else {}


def texts_in(components: Iterable[Body]) -> list[str]:
    """The text of text displays, wherever they are nested: it pings like content does."""
    texts: list[str] = []
    for component in components:
        if component.get("type") == TEXT_DISPLAY:
            texts.append(text_of(component, "content"))
        texts += texts_in(bodies_of(component.get("components")))
    return texts


Media = Callable[[str], JsonObject]


def with_media(component: Body, media: Media) -> Body:
    """The component with its pictures and files as they are served; `media` knows what an address is."""
    kind = number_of(component, "type")
    written: JsonObject = dict(component)
    if kind == THUMBNAIL:
        written["media"] = media(text_of(body_of(component.get("media")), "url"))
    elif kind == GALLERY:
        written["items"] = [
            SPOILERS | dict(item) | {"media": media(text_of(body_of(item.get("media")), "url"))}
            for item in bodies_of(component.get("items"))
        ]
    elif kind == FILE:
        served = media(text_of(body_of(component.get("file")), "url"))
        written |= {"file": served, "name": served.get("name", ""), "size": served.get("size", 0)}
    if "components" in component:
        written["components"] = [with_media(child, media) for child in bodies_of(component["components"])]
    if component.get("accessory"):
        written["accessory"] = with_media(body_of(component["accessory"]), media)
    return written


def embed_with_media(embed: Body, media: Media) -> Body:
    """The embed with `attachment://` addresses of its pictures resolved."""
    written: JsonObject = dict(embed)
    for key in ("image", "thumbnail", "video"):
        address = text_of(body_of(embed.get(key)), "url")
        if address.startswith("attachment://"):
            served = media(address)
            written[key] = {
                name: served[name] for name in ("url", "proxy_url", "content_type") if name in served
            }
    return written

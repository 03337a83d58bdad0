"""Tickets as a public data set might have them, made from templates with noise.

Two languages, typing errors, words that several categories share, requests that say nothing, and agents who
sometimes choose the wrong category. Real tickets are harder: see docs/triage.md.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from chatdesk.domain.triage_measures import Example

TEAM_OF = {
    "billing/refund": "billing",
    "billing/invoice": "billing",
    "account/password": "support",
    "network/vpn": "support",
    "hardware/printer": "support",
    "shop/delivery": "shop",
}
_WEIGHTS = (3, 4, 6, 5, 4, 3)

_SAID = {
    "billing/refund": (
        "I would like a refund for order {n}", "please refund the money, {item} was returned last week",
        "you charged me twice, I want my money back", "refund of {item} has not arrived on my card",
        "Ich möchte mein Geld zurück für {item}", "Rückerstattung der Bestellung {n} fehlt noch",
        "Mir wurde zweimal abgebucht, bitte erstatten",
    ),
    "billing/invoice": (
        "the invoice {n} has the wrong address", "can you send me the invoice of last month",
        "the amount on the bill for {item} is wrong", "our accounting needs an invoice with a tax number",
        "Die Rechnung {n} stimmt nicht", "bitte die Rechnung für {item} noch einmal schicken",
        "Auf der Rechnung fehlt unsere Steuernummer",
    ),
    "account/password": (
        "I forgot my password", "cannot log in, password is rejected", "my account is locked",
        "please reset the password of my colleague", "the login code never arrives on my phone",
        "Passwort vergessen", "Mein Konto ist gesperrt, ich kann mich nicht anmelden",
        "Bitte das Kennwort zurücksetzen",
    ),
    "network/vpn": (
        "VPN does not connect from home", "the vpn drops every few minutes", "VPN client says timeout",
        "no access to the file server through the vpn", "since the update the tunnel is very slow",
        "VPN Verbindung bricht ab", "Kein Zugriff auf das Laufwerk über VPN",
        "Der VPN Client startet nach dem Update nicht",
    ),
    "hardware/printer": (
        "the printer on floor {n} is jammed", "printer prints only blank pages", "toner is empty again",
        "cannot print from my laptop, the queue is stuck", "the scanner of the printer sends no mail",
        "Drucker hat Papierstau", "Der Drucker im Büro druckt nur leere Seiten", "Toner ist leer, bitte neu",
    ),
    "shop/delivery": (
        "where is my parcel, order {n}", "the delivery of {item} is late", "the package arrived damaged",
        "please change the delivery address of order {n}", "tracking has not moved for days",
        "Wo bleibt mein Paket mit {item}", "Die Lieferung {n} kam beschädigt an",
        "Bitte die Lieferadresse ändern",
    ),
}  # fmt: skip
_ITEMS = ("the lamp", "a chair", "the licence", "the headset", "the keyboard", "die Lampe", "der Stuhl")
_VAGUE = (
    "it does not work again", "please help me with my order", "question about my account", "geht nicht",
    "hello, can somebody call me", "same problem as last week", "I have a problem with the update",
)  # fmt: skip
_URGENT = (
    "this is urgent, production is down", "nobody in the company can work", "we have a deadline today",
    "sehr dringend, alles steht still", "the whole office is affected",
)  # fmt: skip
_AROUND = (
    "Hi,", "Hello team,", "Guten Tag,", "Thanks in advance.", "Danke und Gruß", "I tried it several times.",
    "It worked yesterday.", "Gestern ging es noch.", "Please have a look at it.", "",
)  # fmt: skip


def tickets(count: int, seed: int = 7, wrong: float = 0.08) -> Sequence[Example]:
    """``wrong``: the share that was left with a category that is not the right one."""
    return list(_tickets(count, random.Random(seed), wrong))


def _tickets(count: int, chance: random.Random, wrong: float) -> Iterator[Example]:
    for number in range(1, count + 1):
        category = chance.choices(list(_SAID), _WEIGHTS)[0]
        is_urgent = chance.random() < 0.2
        text = _text(category, is_urgent, chance)
        left_as = chance.choice(list(_SAID)) if chance.random() < wrong else category
        priority = "urgent" if is_urgent and chance.random() > wrong else "normal"
        requester = f"p{chance.randrange(count // 3 + 2)}"
        yield Example(number, requester, text, left_as, priority, TEAM_OF[left_as])


def _text(category: str, is_urgent: bool, chance: random.Random) -> str:
    about = chance.choice(_VAGUE if chance.random() < 0.12 else _SAID[category])
    about = about.format(n=chance.randrange(1, 9999), item=chance.choice(_ITEMS))
    said = [chance.choice(_AROUND), about, chance.choice(_AROUND)]
    if is_urgent:
        said.insert(2, chance.choice(_URGENT))
    return " ".join(_mistyped(word, chance) for word in " ".join(said).split())


def _mistyped(word: str, chance: random.Random) -> str:
    """Every twelfth word has two letters exchanged, or one left out."""
    if len(word) < 5 or chance.random() > 1 / 12:
        return word
    at = chance.randrange(1, len(word) - 2)
    if chance.random() < 0.5:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]

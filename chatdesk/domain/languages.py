"""Which language a text is in, by its smallest words: good enough to send it to somebody who speaks it."""

from __future__ import annotations

import re

_WORDS = {
    "en": "the and is are not my you with for this have that it can please was what how cannot",
    "de": "der die das und ist nicht ich mein meine mit für wir bitte kann ein eine auf habe wie",
    "fr": "le la les et est pas je mon ma avec pour nous vous une des que peux bonjour sur comment",
    "es": "el los las y es no mi con para una que por puedo hola está se cómo tengo gracias",
    "it": "il lo gli e è non mio mia con per una che posso ciao sono come della grazie nel",
    "pt": "o os as e é não meu minha com para uma que posso olá está do como obrigado tenho",
    "nl": "de het en is niet mijn ik met voor een wij kan van op heb hoe graag dat deze",
}
LANGUAGES = tuple(_WORDS)
_SMALL = {language: frozenset(words.split()) for language, words in _WORDS.items()}
SMALL_WORDS = frozenset().union(*_SMALL.values())
"""Words that say nothing of what a text is about, in any of them."""
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str | None:
    """The language with most of its small words in the text; None where two are as likely, or none is."""
    words = _WORD.findall(text.casefold())
    counts = sorted(
        ((sum(word in small for word in words), language) for language, small in _SMALL.items()), reverse=True
    )
    (most, language), (second, _) = counts[0], counts[1]
    return language if most >= 2 and most > second else None

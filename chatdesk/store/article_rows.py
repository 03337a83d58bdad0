"""What an article says, as columns and back, in every table that keeps one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import RowMapping

from chatdesk.domain.knowledge import Article, Readers


def columns_of(one: Article) -> dict[str, object]:
    """All but its key."""
    return {
        "title": one.title,
        "body": one.body,
        "readers": one.readers,
        "category": one.category,
        "language": one.language,
        "keywords": list(one.keywords),
        "owner": one.owner,
        "review_on": one.review_on.isoformat() if one.review_on else None,
    }


def article_of(values: RowMapping) -> Article:
    return Article(
        key=values["key"] or "",
        title=values["title"],
        body=values["body"],
        readers=Readers(values["readers"]),
        category=values["category"],
        language=values["language"],
        keywords=tuple(values["keywords"]),
        owner=values["owner"],
        review_on=date.fromisoformat(values["review_on"]) if values["review_on"] else None,
    )

"""django-helpdesk's pages, its API among them, for an environment in which the bot is not installed."""

from django.urls import include, path  # type: ignore[import-not-found]

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]

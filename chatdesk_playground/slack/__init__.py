"""A Slack on loopback: the Web API, Socket Mode and signed HTTP for apps, and people to play with.

It imports nothing of chatdesk; any Slack app whose base address can be set can talk to it.
"""

from chatdesk_playground.slack.client import InstalledApp, SlackControl
from chatdesk_playground.slack.delivery import Sent
from chatdesk_playground.slack.human import SlackHuman
from chatdesk_playground.slack.remote import PlaygroundError
from chatdesk_playground.slack.server import SlackPlayground
from chatdesk_playground.slack.sights import Outcome, SeenControl, SeenFile, SeenMessage, SeenView
from chatdesk_playground.slack.site import RecordedRequest

__all__ = [
    "InstalledApp",
    "Outcome",
    "PlaygroundError",
    "RecordedRequest",
    "SeenControl",
    "SeenFile",
    "SeenMessage",
    "SeenView",
    "Sent",
    "SlackControl",
    "SlackHuman",
    "SlackPlayground",
]

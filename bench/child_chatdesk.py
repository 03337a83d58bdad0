"""The bot, with the settings of its environment, as a child process."""

from __future__ import annotations

import asyncio

from bench.children import until_input_ends
from chatdesk.app import Application
from chatdesk.logs import configure_logs
from chatdesk.process import prefer_quick_answers
from chatdesk.settings import installed_adapters, load_settings


async def _run() -> None:
    settings = load_settings(installed_adapters(), None)
    configure_logs(settings.log, settings.secrets())
    prefer_quick_answers()
    async with Application(settings) as bot:
        await bot.ready()
        print(bot.http.url if bot.http else "ready", flush=True)
        await until_input_ends()


if __name__ == "__main__":
    asyncio.run(_run())

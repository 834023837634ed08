"""The same relay on python-socketio, on aiohttp and uvloop: no transformation, no storage."""

import asyncio

import socketio
import uvloop
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp")


@server.on("join")
async def join(sid: str, note: str) -> None:
    await server.enter_room(sid, note)


@server.on("collaboration:edit")
async def edit(sid: str, payload: dict) -> None:
    await server.emit("collaboration:edit", payload, room=payload["noteId"], skip_sid=sid)


async def main() -> None:
    app = web.Application()
    server.attach(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=4096)
    await site.start()
    print("listening", runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


uvloop.run(main())

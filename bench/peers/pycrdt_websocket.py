"""pycrdt-websocket's server as an ASGI application on uvicorn and uvloop, in memory."""

import asyncio
import socket

import uvicorn
import uvloop
from pycrdt.websocket import ASGIServer, WebsocketServer


async def main() -> None:
    rooms = WebsocketServer(auto_clean_rooms=False)
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    config = uvicorn.Config(
        ASGIServer(rooms), log_level="error", ws="websockets-sansio", ws_per_message_deflate=False, access_log=False
    )
    async with rooms:
        serving = asyncio.create_task(uvicorn.Server(config).serve(sockets=[listener]))
        print("listening", listener.getsockname()[1], flush=True)
        await serving


uvloop.run(main())

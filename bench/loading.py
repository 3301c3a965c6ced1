"""Clients that ask a server of this machine for one page, again and again."""

import asyncio
import socket
import time


async def one_client(port: int, path: str, cookie: str, until: float, taken: list[float]) -> None:
    """Ten times over one connection, so that no worker is given more of the clients than another."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
    asked = 0
    while time.perf_counter() < until:
        if asked % 10 == 0:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        asked += 1
        start = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:300]
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(length)
        taken.append(time.perf_counter() - start)
        if asked % 10 == 0:
            writer.close()


async def together(port: int, path: str, cookie: str, clients: int, seconds: float) -> list[float]:
    """The seconds that each answer took, from so many clients for so long."""
    taken: list[float] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(one_client(port, path, cookie, until, taken) for _ in range(clients)))
    return taken


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start.")

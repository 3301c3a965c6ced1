"""Who tries to keep others out: one attack at one port of this machine, in a process of its own, until it is ended. `python -m bench.denial_attacks NAME PORT FILE`

Slow ones hold many connections and do nothing with them; heavy ones send, eight at a time and without a pause, requests that are dear to answer (FILE: a JSON
list of `[head, unit, times, end]`, of which a body is made here). They come from an address of their own, as an attacker does, on loopback alone.
"""

import asyncio
import json
import socket
import sys
from pathlib import Path

FROM, HEAVY_AT_ONCE = "127.0.0.66", 8
SLOW = {"slow bodies": 250, "slow heads": 1_200, "answers never read": 250}
# With a token of forms in its cookie, as anybody may make one: without, it is refused before its body is asked for.
BODY = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: atlas-form=" + b"x" * 32
BODY += b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nlogin="
HEAD = b"GET /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
UNREAD = b"GET /static/govuk/govuk-frontend.min.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 60
FIRST = {"slow bodies": BODY, "slow heads": HEAD, "answers never read": UNREAD}


async def held(attack: str, port: int) -> None:
    """One connection that is held: a byte a second, or nothing; opened anew when the other side ends it."""
    loop = asyncio.get_running_loop()
    while True:
        with socket.socket() as one:
            one.setblocking(False)
            if attack == "answers never read":
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.bind((FROM, 0))
            try:
                await loop.sock_connect(one, ("127.0.0.1", port))
                await loop.sock_sendall(one, FIRST[attack])
                while True:
                    await asyncio.sleep(1)
                    if attack != "answers never read":
                        await loop.sock_sendall(one, b"a")
            except OSError:
                await asyncio.sleep(0.2)


async def dear(port: int, requests: list[tuple[str, str, int, str]], turn: int) -> None:
    """Dear requests, one after the other."""
    while True:
        head, unit, times, end = requests[turn % len(requests)]
        turn += HEAVY_AT_ONCE
        sent = unit.encode() * times + end.encode()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(FROM, 0))
            try:
                writer.write(head.replace("LENGTH", str(len(sent))).encode() + sent)
                await asyncio.wait_for(reader.read(-1), 60)
            finally:
                writer.close()
        except (OSError, TimeoutError):
            await asyncio.sleep(0.05)


async def attack(name: str, port: int, given: str) -> None:
    """Go on until the process is ended."""
    if name in SLOW:
        await asyncio.gather(*(held(name, port) for _ in range(SLOW[name])))
    requests = json.loads(Path(given).read_text())
    await asyncio.gather(*(dear(port, requests, turn) for turn in range(HEAVY_AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(attack(sys.argv[1], int(sys.argv[2]), sys.argv[3]))

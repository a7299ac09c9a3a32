"""A TCP relay that can be cut: a browser's own offline switch leaves open sockets open, which is
not what a lost network does."""

import asyncio
import contextlib


class Relay:
    """Forwards connections to `target`; its methods run in one event loop."""

    def __init__(self, target: tuple[str, int], port: int) -> None:
        self._target = target
        self._port = port
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._marker = b""
        self._swallows = False

    @property
    def is_listening(self) -> bool:
        return self._server is not None

    async def listen(self) -> None:
        """Accepts connections, again at the same address."""
        self._server = await asyncio.start_server(self._link, "127.0.0.1", self._port)

    async def cut(self) -> None:
        """Resets every connection and accepts no new ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.transport.abort()

    async def cut_inside(self, marker: bytes) -> None:
        """Cuts as soon as the first half of `marker` has gone to a browser, and not its second."""
        self._marker = marker

    async def swallow(self, swallows: bool) -> None:
        """Keeps connections and takes what is sent, but passes nothing on: a network that died
        without telling anybody."""
        self._swallows = swallows

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(*self._target)
        ends = (writer, server_writer)
        self._ends.update(ends)
        try:
            await asyncio.gather(
                self._copy(reader, server_writer), self._copy(server_reader, writer, answers=True)
            )
        finally:
            for end in ends:
                end.transport.abort()
            self._ends.difference_update(ends)

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: bool = False
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if answers and self._marker and self._marker in data:
                    half = data.index(self._marker) + len(self._marker) // 2
                    self._marker = b""
                    writer.write(data[:half])
                    await writer.drain()
                    await self.cut()
                    return
                if not self._swallows:
                    writer.write(data)
                    await writer.drain()
        writer.close()

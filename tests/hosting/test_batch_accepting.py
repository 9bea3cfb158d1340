"""Clients that wait are accepted together."""

import asyncio
import socket

from mockletta.hosting.batch_accepting import BatchAccepting


class Greeter(asyncio.Protocol):
    """Greets each client and closes the connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(b"hello")
        transport.close()


def greeted(client: socket.socket) -> bytes:
    client.settimeout(20)
    return client.recv(10)


def test_all_clients_that_wait_are_accepted_in_one_iteration() -> None:
    async def story() -> list[bytes]:
        accepting = BatchAccepting(asyncio.get_running_loop(), listener, Greeter)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        accepted = len(accepting._tasks)
        accepting.stop()
        await asyncio.gather(*accepting._tasks)
        assert accepted == len(clients)
        return [await asyncio.to_thread(greeted, client) for client in clients]

    with socket.create_server(("127.0.0.1", 0)) as listener:
        clients = [socket.create_connection(listener.getsockname()) for _ in range(20)]
        assert asyncio.run(story()) == [b"hello"] * 20
        for client in clients:
            client.close()


def test_a_loop_that_accepts_in_another_way_is_left_alone() -> None:
    class Loop(asyncio.SelectorEventLoop):
        def add_reader(self, *_: object) -> None:
            raise NotImplementedError

        def remove_reader(self, *_: object) -> bool:
            raise NotImplementedError

    loop = Loop()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        BatchAccepting(loop, listener, Greeter).stop()
    loop.close()

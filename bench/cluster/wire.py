"""A cable between two network namespaces that can be slow, lose packets, and be cut.

A program that passes packets on, since not every kernel can do that by itself: each end is a TUN device.
"""

import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

_TUN = "/dev/net/tun"
_SET_INTERFACE, _IS_TUN, _NO_HEADER = 0x400454CA, 0x0001, 0x1000
_NEW_NET = 0x40000000
# Larger than any packet of a device whose packets have the usual 1,500 bytes.
_PACKET = 2048


@dataclass(frozen=True)
class Quality:
    """`seconds`: that a packet takes in each direction. `loss`: the share that gets lost."""

    seconds: float = 0.0
    loss: float = 0.0


GOOD = Quality()
# 50 ms there and 50 ms back, and one packet in a hundred is lost.
SLOW = Quality(0.05, 0.01)


class Wire:
    """Passes packets between the device `name` of this namespace and that of another process's namespace."""

    def __init__(self, name: str, other: int, seed: int) -> None:
        """`other`: the number of a process in the namespace at the other end."""
        self.quality, self.is_cut = GOOD, False
        self._rng = random.Random(seed)  # noqa: S311 (nothing secret)
        self._near, self._far = device(name), _device_of(other, name)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._pass_on, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        os.close(self._near)
        os.close(self._far)

    def _pass_on(self) -> None:
        under_way: list[tuple[float, int, int, bytes]] = []
        number = 0
        while not self._over.is_set():
            wait = max(0.0, min(0.2, under_way[0][0] - time.monotonic())) if under_way else 0.2
            for end in select.select([self._near, self._far], [], [], wait)[0]:
                packet = os.read(end, _PACKET)
                if self.is_cut or self._rng.random() < self.quality.loss:
                    continue
                number += 1
                other = self._far if end == self._near else self._near
                heapq.heappush(under_way, (time.monotonic() + self.quality.seconds, number, other, packet))
            while under_way and under_way[0][0] <= time.monotonic():
                _, _, end, packet = heapq.heappop(under_way)
                with suppress(OSError):  # that end is down
                    os.write(end, packet)


def device(name: str) -> int:
    """Make a TUN device in this thread's namespace, and return its descriptor."""
    descriptor = os.open(_TUN, os.O_RDWR)
    fcntl.ioctl(descriptor, _SET_INTERFACE, struct.pack("16sH22x", name.encode(), _IS_TUN | _NO_HEADER))
    return descriptor


def _device_of(process: int, name: str) -> int:
    """Make one in the namespace of another process. A thread of its own goes there, and ends."""
    made: list[int] = []

    def make() -> None:
        with open(f"/proc/{process}/ns/net") as namespace:
            _call("setns", namespace.fileno(), _NEW_NET)
        made.append(device(name))

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    return made[0]


def leave_network() -> None:
    """Give this process a network of its own, without any address. Call it before the first thread."""
    _call("unshare", _NEW_NET)


def _call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")

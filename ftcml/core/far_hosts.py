"""How long a connection to another machine may be silent before it counts as cut.

Without this, a machine whose network is cut waits for an answer for hours. The other end waits as long, and keeps the
rows locked that the lost machine had locked. Here both notice within 25 seconds, which is less than a lease.
"""

import socket
from typing import Any

# When the first question goes to a silent machine, how long after each the next, and how many go unanswered.
_IDLE_SECONDS, _BETWEEN_SECONDS, _QUESTIONS = 10, 5, 3
_SECONDS = _IDLE_SECONDS + _BETWEEN_SECONDS * _QUESTIONS

_ON_THE_SERVER = {
    # As long as on SQLite: who waits for a row that another holds is told that the server is busy.
    "lock_timeout": "20s",
    "tcp_keepalives_idle": _IDLE_SECONDS,
    "tcp_keepalives_interval": _BETWEEN_SECONDS,
    "tcp_keepalives_count": _QUESTIONS,
    "tcp_user_timeout": f"{_SECONDS}s",
}
# For libpq: its own end of the connection, and under `options` the server's.
POSTGRES: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": _IDLE_SECONDS,
    "keepalives_interval": _BETWEEN_SECONDS,
    "keepalives_count": _QUESTIONS,
    "tcp_user_timeout": _SECONDS * 1000,
    "options": " ".join(f"-c {name}={value}" for name, value in _ON_THE_SERVER.items()),
}

# By the names of Linux. Other systems keep their own numbers.
_OF_A_SOCKET = {"TCP_KEEPIDLE": _IDLE_SECONDS, "TCP_KEEPINTVL": _BETWEEN_SECONDS, "TCP_KEEPCNT": _QUESTIONS}
# For kombu's connection to Redis.
REDIS: dict[str, Any] = {
    "socket_keepalive": True,
    "socket_keepalive_options": {
        getattr(socket, name): value for name, value in _OF_A_SOCKET.items() if hasattr(socket, name)
    },
}

"""One shape for every line in the logs: what happened, when and where, and for whom as far as that is known.

What is known — request, person, team, job — lies in structlog's context variables, and every line of the same thread
carries it, also the lines of Django, Celery and gunicorn.
"""

import logging.config
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars, merge_contextvars
from structlog.typing import Processor

JSON = "json"
_FIRST = ("timestamp", "level", "logger", "event")
_COMMON: tuple[Processor, ...] = (
    merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
_logfmt = structlog.processors.LogfmtRenderer(sort_keys=True, key_order=_FIRST)
_json = structlog.processors.JSONRenderer(ensure_ascii=False)


def configuration(stream: Any, level: str, line_format: str) -> dict[str, Any]:
    """The value of settings.LOGGING: lines of JSON where `line_format` is JSON, else of key=value."""
    processors = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        _json_line if line_format == JSON else _key_value_line,
    ]
    line = {"()": structlog.stdlib.ProcessorFormatter, "processors": processors, "foreign_pre_chain": list(_COMMON)}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"stream": {"class": "logging.StreamHandler", "stream": stream, "formatter": "line"}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # Django and gunicorn bring handlers of their own, whose lines would have another shape.
            "django": {"handlers": [], "level": "INFO"},
            "django.server": {"handlers": [], "propagate": True},
            "gunicorn.error": {"handlers": [], "propagate": True},
            # It would say at every sweep that it sends one.
            "celery.beat": {"level": "WARNING"},
        },
    }


def configure(logging_settings: Mapping[str, Any]) -> None:
    """Put settings.LOGGING into force in this process; may be repeated."""
    logging.config.dictConfig(dict(logging_settings))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def about(team_id: int, **ids: object) -> AbstractContextManager[None]:
    """Within it every line says which team, job or dataset it is about; afterwards it is as it was before."""
    return bound_contextvars(team_id=team_id, **{name: str(value) for name, value in ids.items()})


def bind_person(user: Any, team: Any) -> None:
    """From now on every line says who asked, and for which team, until the request ends."""
    known = {"user_id": getattr(user, "pk", None), "team_id": getattr(team, "pk", None)}
    bind_contextvars(**{name: pk for name, pk in known.items() if pk is not None})


def who() -> int | None:
    """Return the row number of who asks; None where nobody does, as in a worker."""
    known: int | None = get_contextvars().get("user_id")
    return known


def _json_line(logger: Any, method: str, event: MutableMapping[str, Any]) -> str | bytes:
    first = {name: event.pop(name) for name in _FIRST}
    return _json(logger, method, first | dict(sorted(event.items())))


def _key_value_line(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    """Keep the lines of a traceback below the line that it belongs to."""
    traceback = event.pop("exception", "")
    line = _logfmt(logger, method, event)
    return f"{line}\n{traceback}" if traceback else line

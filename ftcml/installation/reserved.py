"""A storage that is being filled by a restore or a move: until it's complete, its files belong to no database.

It has an identity that no database has (identity.py). So nothing is trained, imported or removed there meanwhile.
"""

import json
import uuid
from dataclasses import asdict, dataclass

from django.core.files.base import ContentFile

from ftcml.core.files import storage
from ftcml.installation import identity, messages


@dataclass(frozen=True)
class Reservation:
    """What fills the storage. `identity`: the storage's meanwhile. `database`: the one that its database has then."""

    filled_by: str
    identity: str
    database: str


def reserve(by: str) -> Reservation:
    """Keep the storage for what fills it, until identity.adopt() gives it to the database. Raises StorageAway."""
    made = Reservation(by, str(uuid.uuid4()), str(uuid.uuid4()))
    content = {**asdict(made), "about": messages.ABOUT_RESERVED}
    storage.put(identity.NAME, ContentFile(json.dumps(content).encode()))
    return made


def current() -> Reservation | None:
    """Return what fills the storage, or began to; None if nothing does. Raises StorageAway."""
    try:
        with storage.open_file(identity.NAME) as stream:
            content = json.load(stream)
        return Reservation(content["filled_by"], content["identity"], content["database"])
    except (OSError, ValueError, KeyError, TypeError):
        return None

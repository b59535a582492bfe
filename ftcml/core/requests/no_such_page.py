"""An address that isn't there for who asks."""

from django.http import Http404


class NoSuchPage(Http404):
    """The page answers as a mistyped address does, so that it doesn't give away that it is there for others."""

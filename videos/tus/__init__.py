"""The server's side of the tus protocol 1.0 (https://tus.io), for pages, API and phones."""

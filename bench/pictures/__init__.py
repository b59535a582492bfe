"""The pictures of the README and the docs, from real visits."""

#!/bin/sh
# Prints a Python 3.11 of this machine, or says what is missing. PYTHON names another one.
for candidate in "$PYTHON" python3.11 python3 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done
printf '%s\n' >&2 \
    "Python 3.11 is missing: TensorFlow's model library needs exactly this version." \
    "  Debian 12, Chromebook:  sudo apt install python3.11 python3.11-venv" \
    "  Ubuntu:                 sudo add-apt-repository ppa:deadsnakes/ppa && sudo apt install python3.11 python3.11-venv" \
    "  Fedora:                 sudo dnf install python3.11" \
    "  anywhere:               pyenv install 3.11" \
    "If it is installed somewhere else, name it:  make run PYTHON=/path/to/python3.11"
exit 1

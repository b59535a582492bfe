#!/bin/sh
# Prints the newest supported Python of this machine that has venv, or says what is missing. PYTHON names another one.
find() {
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        if "$candidate" -c "import sys, sysconfig$1
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) or bool(sysconfig.get_config_var('Py_GIL_DISABLED')))" \
            >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}
# One without venv is better than none: the set-up says how to install venv.
find ", venv, ensurepip" || find "" && exit 0
[ -z "$PYTHON" ] || printf '%s\n' "PYTHON=$PYTHON is none that can be used." >&2
printf '%s\n' >&2 \
    "Python 3.11, 3.12 or 3.13 is missing: TensorFlow has no packages for another one." \
    "  Debian, Ubuntu, Raspberry Pi OS, Chromebook, WSL2:  sudo apt install python3 python3-venv" \
    "  Fedora:                                             sudo dnf install python3.13" \
    "  anywhere:                                           pyenv install 3.13" \
    "If it is installed somewhere else, name it:  make run PYTHON=/path/to/python3.13"
exit 1

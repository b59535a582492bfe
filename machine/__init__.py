"""What differs between operating systems, and nothing else: processes, processors, drives.

Imports nothing of the project, so every part may use it.
"""

import os
import sys

# Whether the way for every system is taken where Linux has a better one. Tests on Linux ask for it by FTCML_PORTABLE=1.
PORTABLE = not sys.platform.startswith("linux") or os.environ.get("FTCML_PORTABLE") == "1"

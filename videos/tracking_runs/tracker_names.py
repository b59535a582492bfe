"""The names under which trackers are stored and chosen. What they are made of: choices.py, which needs OpenCV."""

AUTOMATIC = "automatic"
OF_OPENCV = ("medianflow", "csrt", "kcf", "mil", "mosse", "tld", "boosting")
NAMES = (AUTOMATIC, *OF_OPENCV)

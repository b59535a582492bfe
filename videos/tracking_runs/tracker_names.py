"""The names under which trackers are stored and chosen, and those that OpenCV's own have."""

AUTOMATIC = "automatic"
OF_OPENCV = {
    "medianflow": "MedianFlow",
    "csrt": "CSRT",
    "kcf": "KCF",
    "mil": "MIL",
    "mosse": "MOSSE",
    "tld": "TLD",
    "boosting": "Boosting",
}
NAMES = (AUTOMATIC, *OF_OPENCV)

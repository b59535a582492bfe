"""Finds objects in a picture, in a video or in what a camera sees, and prints them.

    python find_objects.py picture.jpg    a picture, or a video
    python find_objects.py 0              the first camera; Ctrl-C ends it

Needs: pip install ai-edge-litert opencv-python. The model lies in the same folder as this program.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

MODEL = Path(__file__).with_name({{ python_model_file }})

# In the order of the model. Change neither the order nor the spelling.
LABELS = [
{% for label in python_labels %}    {{ label }},
{% endfor %}]

# How sure the model must be, from 0 to 1. Lower finds more, and more that is not there.
MINIMUM_CONFIDENCE = {{ threshold }}


class Detector:
    def __init__(self, model=MODEL):
        self.run = Interpreter(str(model)).get_signature_runner()
        self.size = int(self.run.get_input_details()["image"]["shape"][1])

    def find(self, frame):
        """The label, score and box of each object, the surest first.

        A frame is what OpenCV reads: blue, green, red. A box is left, top, right, bottom in its pixels.
        """
        small = cv2.resize(frame, (self.size, self.size), interpolation=cv2.INTER_AREA)
        # The model takes red, green, blue, each from -1 to 1.
        pixels = cv2.cvtColor(small, cv2.COLOR_BGR2RGB).astype(np.float32) / 127.5 - 1
        found = self.run(image=pixels[np.newaxis])

        height, width = frame.shape[:2]
        objects = []
        for row in range(int(found["number of detections"][0])):
            score = float(found["score"][0, row])
            if score >= MINIMUM_CONFIDENCE:
                label = LABELS[int(found["category"][0, row])]
                top, left, bottom, right = found["location"][0, row] * [height, width, height, width]
                objects.append((label, score, (round(left), round(top), round(right), round(bottom))))
        return objects


def frames(source):
    """The frames of a camera (its number), of a picture or of a video (the name of the file)."""
    picture = None if source.isdigit() else cv2.imread(source)
    if picture is not None:
        yield picture
        return
    video = cv2.VideoCapture(int(source) if source.isdigit() else source)
    if not video.isOpened():
        sys.exit(f"There is no picture, video or camera {source}.")
    is_there, frame = video.read()
    while is_there:
        yield frame
        is_there, frame = video.read()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    detector = Detector()
    for number, frame in enumerate(frames(sys.argv[1])):
        for label, score, (left, top, right, bottom) in detector.find(frame):
            print(f"frame {number}: {label} {score:.2f} from ({left}, {top}) to ({right}, {bottom})", flush=True)


if __name__ == "__main__":
    main()

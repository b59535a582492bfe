"""Finds objects in a picture, in a video or in what a camera sees, and prints them.

    python find_objects.py picture.jpg    a picture, or a video
    python find_objects.py 0              a USB camera: 0, 1, 2 and so on
    python find_objects.py pi             a Raspberry Pi's own camera, on its flat cable

Ctrl-C ends it. At the end it says how many frames a second it saw.
Needs: pip install ai-edge-litert opencv-python-headless. The model lies in the same folder as this program.
"""

import argparse
import contextlib
import os
import signal
import sys
import time
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

# A Raspberry Pi 5 has four cores. Take fewer where other programs need them.
THREADS = min(4, os.cpu_count() or 1)


class Detector:
    def __init__(self, model=MODEL, threads=THREADS):
        self.run = Interpreter(str(model), num_threads=threads).get_signature_runner()
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
    """The frames of a camera (its number, or pi), of a picture or of a video (the name of the file)."""
    if source == "pi":
        yield from pi_camera()
        return
    picture = None if source.isdigit() else cv2.imread(source)
    if picture is not None:
        yield picture
        return
    video = cv2.VideoCapture(int(source) if source.isdigit() else source)
    if not video.isOpened():
        sys.exit(f"There is no picture, video or camera {source}.")
    if source.isdigit():
        video.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest frame, not one that has waited
    try:
        is_there, frame = video.read()
        while is_there:
            yield frame
            is_there, frame = video.read()
    finally:
        video.release()


def pi_camera():
    """The frames of the camera on a Raspberry Pi's flat cable, which OpenCV does not read."""
    try:
        from picamera2 import Picamera2
    except ImportError:
        sys.exit("This camera needs picamera2, which is part of Raspberry Pi OS. A venv sees it only if you make it with\n"
                 "python3 -m venv --system-site-packages robot")
    camera = Picamera2()
    # What picamera2 calls RGB888 is blue, green, red in memory, as OpenCV has it.
    camera.configure(camera.create_video_configuration(main={"size": (640, 480), "format": "RGB888"}))
    camera.start()
    try:
        while True:
            yield camera.capture_array()
    finally:
        camera.stop()
        camera.close()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("source", help="a picture, a video, the number of a camera, or pi")
    options.add_argument("--threads", type=int, default=THREADS, help="how many cores the model may use (%(default)s)")
    chosen = options.parse_args()
    detector = Detector(threads=chosen.threads)

    # A service is ended by SIGTERM. It ends this program as Ctrl-C does, and the camera is closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began, count = time.monotonic(), 0
    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(frames(chosen.source)) as seen:
        for number, frame in enumerate(seen):
            for label, score, (left, top, right, bottom) in detector.find(frame):
                print(f"frame {number}: {label} {score:.2f} from ({left}, {top}) to ({right}, {bottom})", flush=True)
            count += 1
    print(f"frames: {count}, {count / (time.monotonic() - began):.1f} a second", file=sys.stderr)


if __name__ == "__main__":
    main()

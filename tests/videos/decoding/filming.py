"""Videos as phones, browsers and recorders write them, made by PyAV. Each frame shows its number and four corners."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

CORNERS = {
    "top left": (200, 40, 40),
    "top right": (40, 180, 60),
    "bottom left": (50, 60, 190),
    "bottom right": (210, 200, 40),
}
_BITS = 6
TICK = Fraction(1, 2400)


def picture(number, width=160, height=96):
    """A gray picture with colored corners; bits of the number are bright or dark along its middle."""
    pixels = np.full((height, width, 3), 110, np.uint8)
    across, down = width // 4, height // 4
    for place, color in CORNERS.items():
        rows = slice(0, down) if "top" in place else slice(height - down, height)
        columns = slice(0, across) if "left" in place else slice(width - across, width)
        pixels[rows, columns] = color
    for bit in range(_BITS):
        columns = slice(width * (bit + 1) // (_BITS + 2), width * (bit + 2) // (_BITS + 2))
        pixels[height * 2 // 5 : height * 3 // 5, columns] = 230 if number >> bit & 1 else 20
    return pixels


def number_of(pixels):
    """The number that a picture shows, as far as a film kept it."""
    height, width = pixels.shape[:2]
    middles = [width * (2 * bit + 3) // (2 * (_BITS + 2)) for bit in range(_BITS)]
    return sum((pixels[height // 2, middle].mean() > 128) << bit for bit, middle in enumerate(middles))


def corners_of(pixels):
    """The color in the middle of each corner."""
    down, across = pixels.shape[0] // 8, pixels.shape[1] // 8
    places = {place: (down if "top" in place else -down, across if "left" in place else -across) for place in CORNERS}
    return {place: tuple(int(value) for value in pixels[at]) for place, at in places.items()}


def film(
    path: Path,
    pictures: Sequence[np.ndarray],
    codec="libx264",
    rate=30,
    pixels="yuv420p",
    times=None,
    turned=0,
    pixel_aspect=None,
    begins_at=0,
    color=None,
    index_first=False,
    metadata=None,
    **options,
):
    """Write the pictures to the path, whose ending says in which container.

    `times`: when each is shown, in frames; `turned`: degrees that a player turns it by; `begins_at`: the first frame
    that is shown, for an edit list leaves out those before. `color`: (AVColorSpace, transfer) of an HDR film, whose
    pictures have 16 bits. `metadata`: what a phone says of where, when and by whom it was filmed.
    """
    height, width = pictures[0].shape[:2]
    with av.open(str(path), "w", options={"movflags": "+faststart"} if index_first else {}) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        stream.time_base = TICK
        stream.codec_context.time_base = TICK
        if pixel_aspect:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if turned:
            stream.set_display_rotation(turned)
        for number, shown in enumerate(pictures):
            frame = _frame(shown, pixels, color)
            frame.time_base = TICK
            frame.pts = (times[number] if times else number) * TICK.denominator // rate
            _write(container, stream, frame, begins_at * TICK.denominator // rate)
        _write(container, stream, None, begins_at * TICK.denominator // rate)
    return path


def _frame(shown, pixels, color):
    if shown.dtype == np.uint16:
        frame = av.VideoFrame.from_ndarray(shown, format="rgb48le")
        frame = frame.reformat(format=pixels, dst_colorspace=Colorspace.BT2020, dst_color_range=ColorRange.MPEG)
        frame.colorspace, frame.color_trc = color
        frame.color_primaries, frame.color_range = 9, ColorRange.MPEG
        return frame
    return av.VideoFrame.from_ndarray(shown, format="rgb24").reformat(format=pixels)


def _write(container, stream, frame, earlier):
    for packet in stream.encode(frame):
        shift = int(earlier * TICK / packet.time_base)
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        container.mux(packet)


def sound(path: Path, seconds=1):
    """Write a file with sound alone."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        for number in range(seconds * 46):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, number * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path

"""A picture as an iPhone stores it (HEIC): one HEVC frame by PyAV in boxes of its own, as ISO/IEC 23008-12 has them."""

import io
import struct

import av


def box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", len(content) + 8) + kind + content


def full_box(kind: bytes, *parts: bytes) -> bytes:
    return box(kind, bytes(4), *parts)


def heic(pixels, quarters_left: int = 0, form: str = "yuv420p", exif: bytes = b"", profile: bytes = b"") -> bytes:
    """Return a file with the picture, which is shown turned to the left by that many quarters.

    `form`: yuv420p10le for 10 bits. `exif`: what it says of its making. `profile`: of its colors (ICC).
    """
    configuration, coded = _coded(pixels, form)
    height, width = pixels.shape[:2]
    properties = [
        box(b"hvcC", configuration),
        full_box(b"ispe", struct.pack(">II", width, height)),
        box(b"irot", bytes([quarters_left])),
    ]
    if profile:
        properties.append(box(b"colr", b"prof", profile))
    items = [(b"hvc1", coded), *([(b"Exif", bytes(4) + exif)] if exif else [])]
    head = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    placed = _meta(items, properties, 0)
    meta = _meta(items, properties, len(head) + len(placed) + 8)
    return head + meta + box(b"mdat", *(content for _, content in items))


def display_p3() -> bytes:
    """Return the profile of the colors that an iPhone stores (ICC.1:2010; gamma 2.2 in place of its curve)."""

    def xyz(*values: float) -> bytes:
        return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))

    curve = b"curv" + bytes(4) + struct.pack(">IHH", 1, round(2.2 * 256), 0)
    tags = {
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2920, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1571, 0.0666, 0.7841),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    place, entries = 128 + 4 + 12 * len(tags), b""
    for name, content in tags.items():
        entries += name + struct.pack(">II", place, len(content))
        place += len(content)
    head = struct.pack(">I4sI4s4s4s", place, b"", 0x02400000, b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp"
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + entries + b"".join(tags.values())


def _coded(pixels, form: str) -> tuple[bytes, bytes]:
    """The decoder's configuration and the one frame of a film."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        film = container.add_stream("libx265", rate=1, options={"x265-params": "log-level=none:info=0:bframes=0"})
        film.height, film.width = pixels.shape[:2]
        film.pix_fmt = form
        frame = av.VideoFrame.from_ndarray(pixels).reformat(format=form)
        frame.pts = 0
        container.mux(film.encode(frame))
        container.mux(film.encode(None))
    stream.seek(0)
    with av.open(stream) as container:
        film = container.streams.video[0]
        return film.codec_context.extradata, bytes(next(container.demux(film)))


def _meta(items, properties, begin: int) -> bytes:
    places, infos = [], []
    for number, (kind, content) in enumerate(items, start=1):
        places.append(struct.pack(">HHHII", number, 0, 1, begin, len(content)))
        infos.append(box(b"infe", b"\2\0\0\0", struct.pack(">HH", number, 0), kind, b"\0"))
        begin += len(content)
    described = box(b"iref", bytes(4), box(b"cdsc", struct.pack(">HHH", 2, 1, 1))) if len(items) > 1 else b""
    return full_box(
        b"meta",
        full_box(b"hdlr", bytes(4), b"pict", bytes(13)),
        full_box(b"pitm", struct.pack(">H", 1)),
        full_box(b"iloc", b"\x44\0", struct.pack(">H", len(items)), *places),
        full_box(b"iinf", struct.pack(">H", len(items)), *infos),
        box(
            b"iprp",
            box(b"ipco", *properties),
            full_box(b"ipma", struct.pack(">IHB", 1, 1, len(properties)), bytes([0x81, 2, 0x83, 4][: len(properties)])),
        ),
        described,
    )

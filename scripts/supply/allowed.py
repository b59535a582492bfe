"""Which licenses a package may have, and the few others that we took on purpose. Tables alone."""

# SPDX's names. "BSD" is for those that don't say which of its versions they mean.
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "PSF-2.0",
}
# What packages write instead of SPDX's names.
WORDS = {
    "2-clause bsd license": "BSD-2-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD",
    "bsd-derived (http://www.repoze.org/license.txt)": "BSD",
    "freebsd": "BSD-2-Clause",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "new bsd": "BSD-3-Clause",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
# Whose metadata names no license: what its license file says.
UNSAID = {"faster-coco-eval": "Apache-2.0", "namex": "Apache-2.0"}

# Packages under another license, which docs/contributors/dependencies.md tells of.
TAKEN = {
    ("pi-heif", "LGPL-3.0-only"),
    ("psycopg", "LGPL-3.0-only"),
    ("psycopg-binary", "LGPL-3.0-only"),
}

# Libraries of others that lie in Python's wheels, in a folder NAME.libs. No metadata names them. First those that ask
# for no more than a notice; then the rest, by the package that we took them with.
FREE_LIBRARIES = {
    *("Xau", "aec", "aom", "avif", "brotlicommon", "brotlidec", "com_err", "crc32c", "crypto", "dav1d", "drm"),
    *("freetype", "gssapi_krb5", "harfbuzz", "hdf5", "hdf5_hl", "jpeg", "k5crypto", "krb5", "krb5support", "lber"),
    *("lcms2", "ldap", "lzma", "opencore-amrnb", "opencore-amrwb", "openblasp", "openjp2", "opus", "png16", "pq"),
    *("sasl2", "scipy_openblas", "scipy_openblas64_", "sharpyuv", "ssl", "SvtAv1Enc", "sz", "tiff", "vpl", "vpx"),
    *("webp", "webpdemux", "webpmux", "xcb", "xcb-shape", "xcb-shm", "xcb-xfixes", "yajl", "zstd"),
}
# GCC's own libraries may be linked to anything (its runtime exception).
_GCC = {"gfortran": "GPL-3.0-or-later WITH GCC-exception-3.1", "quadmath": "LGPL-2.1-or-later"}
_FFMPEG = ("avcodec", "avdevice", "avfilter", "avformat", "avutil", "swresample", "swscale")
TAKEN_LIBRARIES = {
    "av": {
        **dict.fromkeys(_FFMPEG, "GPL-2.0-or-later"),
        **{"x264": "GPL-2.0-or-later", "x265": "GPL-2.0-or-later"},
        **{"asound": "LGPL-2.1-or-later", "gnutls": "LGPL-2.1-or-later", "mp3lame": "LGPL-2.0-or-later"},
        **dict.fromkeys(("gmp", "hogweed", "nettle", "unistring"), "LGPL-3.0-or-later"),
    },
    "numpy": _GCC,
    "scipy": _GCC,
    "opencv-contrib-python-headless": {**_GCC, **dict.fromkeys(_FFMPEG, "LGPL-2.1-or-later")},
    "pi-heif": {"heif": "LGPL-3.0-or-later", "de265": "LGPL-3.0-or-later"},
    "psycopg-binary": {"crypt": "LGPL-2.1-or-later", "keyutils": "LGPL-2.1-or-later"},
}

"""Which pages and dialogs every_page.py looks at, by who sees them."""

from dataclasses import dataclass

from bench.pictures.made_videos import FIELD, WALL
from datasets.sample import sample_dataset

MODEL_PAGES = ("", "graphs/", "results/", "images/", "robot-code/", "try-it/")
_TRAINED, _VIDEO = ("dataset", "trained", "made"), ("video",)


@dataclass(frozen=True)
class Stop:
    """One picture: a page, and the buttons that are clicked on it in turn to open a dialog.

    Args:
        address: names what is on the server in braces.
        buttons: their selectors.
        select: the rows that are selected before.
        film: the name of a film that is chosen in the dialog, without sending it.
        needs: what else must be on the server before (every_page.Sights).
    """

    name: str
    address: str
    buttons: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    film: str = ""
    needs: tuple[str, ...] = ()


MEMBER = (
    Stop("datasets", "/datasets/", needs=_TRAINED),
    Stop("import", "/datasets/", ("#import",)),
    Stop("dataset", "/datasets/{dataset}/"),
    Stop("start-training", "/datasets/", ("#start-training",), (sample_dataset.DESCRIPTION,), needs=_TRAINED),
    Stop("fix-labels", "/datasets/{dataset}/fix-labels/"),
    Stop("models", "/models/", needs=_TRAINED),
    *(
        Stop(f"{model}-{page.strip('/') or 'details'}", f"/models/{{{model}}}/{page}")
        for model in ("trained", "made")
        for page in MODEL_PAGES
    ),
    Stop("more-training", "/models/{trained}/", ("#more-training",)),
    Stop("compare", "/models/compare/?job={trained}&job={made}"),
    Stop("videos", "/videos/", needs=_VIDEO),
    Stop("videos-selected", "/videos/", select=(FIELD, WALL), needs=_VIDEO),
    Stop("videos-upload", "/videos/", ("#upload",), needs=_VIDEO),
    Stop("videos-upload-film", "/videos/", ("#upload", "[value=every_nth]"), film="PXL_0912.mp4", needs=_VIDEO),
    Stop("videos-delete", "/videos/", ("#delete",), (FIELD, WALL), needs=_VIDEO),
    Stop("videos-produce", "/videos/", ("#produce",), (FIELD, WALL), needs=_VIDEO),
    Stop("videos-produce-whole", "/videos/", ("#produce", "[value=videos]"), (FIELD, WALL), needs=_VIDEO),
    Stop("video", "/videos/{video}/"),
    Stop("video-labeled", "/videos/{video}/?show=labeled&label=cone"),
    Stop("video-ignored", "/videos/{video}/?show=ignored"),
    Stop("video-frame", "/videos/{video}/", ("#frame-1 button",)),
    Stop("video-frame-ignored", "/videos/{video}/", ("#frame-8 button",)),
    Stop("video-player", "/videos/{video}/", ("#play",)),
    Stop("trash", "/trash/", needs=_VIDEO),
    *(
        Stop(name.replace("/", "-"), f"/{name}/")
        for name in ("people", "people/slips", "tokens", "password", "help", "resources", "glossary", "no-such-page")
    ),
)
OPERATOR = (
    *(
        Stop(f"console-{tab}", f"/console/{tab}/", needs=_TRAINED)
        for tab in ("workers", "jobs", "teams", "minutes", "switches", "audit")
    ),
    Stop("console-storage", "/console/storage/", needs=_VIDEO),
    Stop("console-job", "/console/jobs/{trained}/"),
)
NEWCOMER = (Stop("videos-empty", "/videos/", needs=("newcomer",)),)
# On a server that phones can reach.
PHONE = (
    Stop("videos-upload-room", "/videos/", ("#upload",), needs=_VIDEO),
    Stop("videos-upload-phone", "/videos/", ("#upload", "#use-phone"), needs=_VIDEO),
)

"""Who may use which address, with which methods: the table that test_access_matrix.py holds the server against.

A new address has a line in TABLE: its name, who may use it, and with which methods where that is not GET alone. Where
its query or body names objects of a team, a line in NAMED says how; where its path has a part of a new name, `names_of`
and `names_of_nothing` in tests/one_of_everything.py say what it is, and OF_A_TEAM whether it is a team's.
"""

from dataclasses import dataclass
from enum import Enum, auto

from detector.contract import catalog


class Who(Enum):
    EVERYBODY = auto()
    SIGNED_IN = auto()
    TEAM = auto()
    COACHES = auto()  # of the team
    OWNER = auto()  # one person of the team, who is none of EVERYBODY
    OPERATORS = auto()
    NOBODY = auto()  # as long as no room is served; tests/pages/launcher/test_room_page.py says who may then
    PHONES = auto()  # with a ticket, which none of EVERYBODY has; tests/videos/uploads has one
    PROGRAMS = auto()  # operators, or who has the server's own token; a guest is not even asked to sign in


@dataclass(frozen=True)
class Endpoint:
    """`of_coaches`: the methods that only coaches may use, where others of the team may use the rest."""

    who: Who
    methods: str = "GET"
    of_coaches: str = ""


_READ, _ASK, _CLICK = "GET HEAD", "GET POST", "POST"  # of a page
# Of the API.
_GET, _POST, _BOTH, _REMOVE = "GET HEAD OPTIONS", "POST OPTIONS", "GET HEAD POST OPTIONS", "GET HEAD DELETE OPTIONS"
TABLE = {
    # signing in, and what belongs to no tab
    "home": Endpoint(Who.TEAM, _READ),
    "sign-in": Endpoint(Who.EVERYBODY, "GET HEAD POST"),
    "session": Endpoint(Who.EVERYBODY, _READ),
    "sign-out": Endpoint(Who.EVERYBODY, "POST OPTIONS"),
    "no-team": Endpoint(Who.SIGNED_IN, _READ),
    "choose-team": Endpoint(Who.SIGNED_IN, _CLICK),
    "resources": Endpoint(Who.TEAM, _READ),
    "help": Endpoint(Who.TEAM, _READ),
    "glossary": Endpoint(Who.TEAM, _READ),
    "people": Endpoint(Who.TEAM, _READ),
    "member-add": Endpoint(Who.COACHES, _ASK),
    "members-upload": Endpoint(Who.COACHES, _CLICK),
    "slips": Endpoint(Who.SIGNED_IN, _READ),
    "slips-done": Endpoint(Who.SIGNED_IN, _CLICK),
    "member-role": Endpoint(Who.COACHES, _ASK),
    "member-password": Endpoint(Who.COACHES, _ASK),
    "member-remove": Endpoint(Who.COACHES, _ASK),
    "tokens": Endpoint(Who.TEAM, _READ),
    "token-add": Endpoint(Who.TEAM, _ASK),
    "token-revoke": Endpoint(Who.OWNER, _ASK),
    "password": Endpoint(Who.SIGNED_IN, "GET HEAD POST"),
    "room": Endpoint(Who.NOBODY, _READ),
    # monitoring
    "healthz": Endpoint(Who.EVERYBODY, _READ),
    "readyz": Endpoint(Who.EVERYBODY, _READ),
    "metrics": Endpoint(Who.PROGRAMS, _READ),
    # videos
    "videos": Endpoint(Who.TEAM),
    "video-table": Endpoint(Who.TEAM),
    "video-upload": Endpoint(Who.TEAM),
    "video-uploads": Endpoint(Who.TEAM, _CLICK),
    "video-upload-file": Endpoint(Who.TEAM, "HEAD PATCH DELETE"),
    "video-phone": Endpoint(Who.TEAM, _CLICK),
    "video-phone-part": Endpoint(Who.OWNER),
    "video-phone-end": Endpoint(Who.OWNER, _CLICK),
    "video-phone-revoke": Endpoint(Who.COACHES, _CLICK),
    "phone": Endpoint(Who.EVERYBODY),
    "phone-ticket": Endpoint(Who.PHONES),
    "phone-uploads": Endpoint(Who.PHONES, _CLICK),
    "phone-upload": Endpoint(Who.PHONES, "HEAD PATCH DELETE"),
    "video-sample": Endpoint(Who.TEAM, _CLICK),
    "video-delete": Endpoint(Who.TEAM, _ASK),
    "video": Endpoint(Who.TEAM),
    "video-part": Endpoint(Who.TEAM),
    "video-extract-again": Endpoint(Who.TEAM, _ASK),
    "video-rename": Endpoint(Who.TEAM, _ASK),
    "video-near-duplicates": Endpoint(Who.TEAM, _CLICK),
    "video-player": Endpoint(Who.TEAM),
    "video-times": Endpoint(Who.TEAM),
    "video-label": Endpoint(Who.TEAM),
    "video-label-frames": Endpoint(Who.TEAM),
    "video-label-changes": Endpoint(Who.TEAM),
    "video-label-save": Endpoint(Who.TEAM, _CLICK),
    "video-new-label": Endpoint(Who.TEAM, _CLICK),
    "video-label-keys": Endpoint(Who.TEAM, _CLICK),
    "video-label-approve": Endpoint(Who.TEAM, _CLICK),
    "video-frame-review": Endpoint(Who.TEAM),
    "video-frame-send-back": Endpoint(Who.TEAM, _CLICK),
    "video-frame-comment": Endpoint(Who.TEAM, _CLICK),
    "video-frame-comment-resolve": Endpoint(Who.TEAM, _CLICK),
    "video-assignments": Endpoint(Who.TEAM),
    "video-assign": Endpoint(Who.COACHES, _ASK),
    "video-assignment-remove": Endpoint(Who.COACHES, _CLICK),
    "video-statistics": Endpoint(Who.TEAM),
    "video-picture": Endpoint(Who.TEAM),
    "video-frame": Endpoint(Who.TEAM),
    "video-frame-mark": Endpoint(Who.TEAM, _CLICK),
    "video-track-change": Endpoint(Who.TEAM, _CLICK),
    "video-tracking": Endpoint(Who.TEAM),
    "video-tracking-start": Endpoint(Who.TEAM, _CLICK),
    "video-tracking-stop": Endpoint(Who.TEAM, _CLICK),
    "video-tracking-edits": Endpoint(Who.TEAM),
    # datasets
    "datasets": Endpoint(Who.TEAM),
    "dataset-table": Endpoint(Who.TEAM),
    "dataset-import": Endpoint(Who.TEAM, _ASK),
    "dataset-sample": Endpoint(Who.TEAM, _CLICK),
    "dataset-produce": Endpoint(Who.TEAM, _ASK),
    "dataset-produce-report": Endpoint(Who.TEAM, _CLICK),
    "dataset-produce-progress": Endpoint(Who.TEAM),
    "dataset-delete": Endpoint(Who.TEAM, _ASK),
    "dataset-fix-labels": Endpoint(Who.TEAM, "GET POST"),
    "video-export": Endpoint(Who.TEAM),
    "dataset": Endpoint(Who.TEAM),
    "dataset-rename": Endpoint(Who.TEAM, _ASK),
    "dataset-label": Endpoint(Who.TEAM, _ASK),
    "dataset-edits-save": Endpoint(Who.TEAM, _ASK),
    "dataset-edits-discard": Endpoint(Who.TEAM, _CLICK),
    "dataset-frame-place": Endpoint(Who.TEAM, _CLICK),
    "dataset-download": Endpoint(Who.TEAM),
    "dataset-inspection": Endpoint(Who.TEAM),
    "dataset-near-duplicates": Endpoint(Who.TEAM),
    "dataset-frame": Endpoint(Who.TEAM),
    "dataset-frame-dialog": Endpoint(Who.TEAM),
    # models
    "start-training": Endpoint(Who.TEAM, _ASK),
    "training-plan": Endpoint(Who.TEAM),
    "models": Endpoint(Who.TEAM),
    "model-table": Endpoint(Who.TEAM),
    "trash": Endpoint(Who.TEAM),
    "trash-restore": Endpoint(Who.TEAM, _CLICK),
    "trash-delete": Endpoint(Who.TEAM, _ASK),
    "model-compare": Endpoint(Who.TEAM),
    "model-stop": Endpoint(Who.TEAM, _ASK),
    "model-delete": Endpoint(Who.TEAM, _ASK),
    "job-details": Endpoint(Who.TEAM),
    "job-graphs": Endpoint(Who.TEAM),
    "graphs-part": Endpoint(Who.TEAM),
    "job-curves": Endpoint(Who.TEAM),
    "job-metrics-csv": Endpoint(Who.TEAM),
    "job-tensorboard": Endpoint(Who.TEAM),
    "job-head": Endpoint(Who.TEAM),
    "job-results": Endpoint(Who.TEAM),
    "job-images": Endpoint(Who.TEAM),
    "job-checkpoints": Endpoint(Who.TEAM),
    "job-detections": Endpoint(Who.TEAM),
    "job-part": Endpoint(Who.TEAM),
    "job-try-it": Endpoint(Who.TEAM),
    "job-log": Endpoint(Who.COACHES),
    "model-train-more": Endpoint(Who.TEAM, _ASK),
    "model-train-more-plan": Endpoint(Who.TEAM),
    "model-rename": Endpoint(Who.TEAM, _ASK),
    "model-retry": Endpoint(Who.TEAM, _CLICK),
    "model-download": Endpoint(Who.TEAM),
    "robot-code": Endpoint(Who.TEAM),
    "robot-archive": Endpoint(Who.TEAM),
    "robot-file": Endpoint(Who.TEAM),
    # the console
    "console": Endpoint(Who.OPERATORS),
    "console-tab": Endpoint(Who.OPERATORS),
    "console-part": Endpoint(Who.OPERATORS),
    "console-job": Endpoint(Who.OPERATORS),
    "console-job-part": Endpoint(Who.OPERATORS),
    "console-stop": Endpoint(Who.OPERATORS, _ASK),
    "console-retry": Endpoint(Who.OPERATORS, _CLICK),
    "console-team-create": Endpoint(Who.OPERATORS, _ASK),
    "console-team-rename": Endpoint(Who.OPERATORS, _ASK),
    "console-grant-all": Endpoint(Who.OPERATORS, _ASK),
    "console-grant": Endpoint(Who.OPERATORS, _ASK),
    "console-reset-all": Endpoint(Who.OPERATORS, _ASK),
    "console-reset": Endpoint(Who.OPERATORS, _ASK),
    "console-training-off": Endpoint(Who.OPERATORS, _ASK),
    "console-training-on": Endpoint(Who.OPERATORS, _CLICK),
    "console-maintenance-on": Endpoint(Who.OPERATORS, _ASK),
    "console-maintenance-off": Endpoint(Who.OPERATORS, _CLICK),
    "console-empty-trash": Endpoint(Who.OPERATORS, _ASK),
    "console-measure": Endpoint(Who.OPERATORS, _CLICK),
    # the API
    "api-schema": Endpoint(Who.EVERYBODY, _GET),
    "api-token": Endpoint(Who.EVERYBODY, _POST),
    "api-team": Endpoint(Who.TEAM, _GET),
    "api-video-uploads": Endpoint(Who.TEAM, _POST),
    "api-video-upload": Endpoint(Who.TEAM, "HEAD PATCH DELETE OPTIONS"),
    "api-videos": Endpoint(Who.TEAM, _GET),
    "api-video": Endpoint(Who.TEAM, "GET HEAD PATCH DELETE OPTIONS"),
    "api-video-activity": Endpoint(Who.TEAM, _GET),
    "api-video-frames": Endpoint(Who.TEAM, _GET),
    "api-video-frame": Endpoint(Who.TEAM, "GET HEAD PATCH OPTIONS"),
    "api-video-frame-boxes": Endpoint(Who.TEAM, "PUT OPTIONS"),
    "api-video-frame-comments": Endpoint(Who.TEAM, _BOTH),
    "api-video-frame-comment": Endpoint(Who.TEAM, "PATCH OPTIONS"),
    "api-video-assignments": Endpoint(Who.TEAM, _BOTH, of_coaches="POST"),
    "api-video-assignment": Endpoint(Who.COACHES, "DELETE OPTIONS"),
    "api-video-statistics": Endpoint(Who.TEAM, _GET),
    "api-video-picture": Endpoint(Who.TEAM, _GET),
    "api-labels": Endpoint(Who.TEAM, _BOTH),
    "api-label": Endpoint(Who.TEAM, "PATCH DELETE OPTIONS"),
    "api-datasets": Endpoint(Who.TEAM, _GET),
    "api-dataset-import": Endpoint(Who.TEAM, _POST),
    "api-dataset-fix-labels": Endpoint(Who.TEAM, _POST),
    "api-video-export": Endpoint(Who.TEAM, _GET),
    "api-dataset-produce": Endpoint(Who.TEAM, _POST),
    "api-dataset-produce-preview": Endpoint(Who.TEAM, _POST),
    "api-dataset": Endpoint(Who.TEAM, "GET HEAD PATCH DELETE OPTIONS"),
    "api-dataset-edit": Endpoint(Who.TEAM, _POST),
    "api-dataset-download": Endpoint(Who.TEAM, _GET),
    "api-dataset-inspection": Endpoint(Who.TEAM, _GET),
    "api-dataset-frame": Endpoint(Who.TEAM, _GET),
    "api-starting-models": Endpoint(Who.TEAM, _GET),
    "api-training-plan": Endpoint(Who.TEAM, _POST),
    "api-jobs": Endpoint(Who.TEAM, _BOTH),
    "api-job": Endpoint(Who.TEAM, "GET HEAD PATCH DELETE OPTIONS"),
    "api-job-stop": Endpoint(Who.TEAM, _POST),
    "api-job-retry": Endpoint(Who.TEAM, _POST),
    "api-job-metrics": Endpoint(Who.TEAM, _GET),
    "api-job-evaluation-frames": Endpoint(Who.TEAM, _GET),
    "api-job-summary": Endpoint(Who.TEAM, _GET),
    "api-job-events": Endpoint(Who.TEAM, _GET),
    "api-job-log": Endpoint(Who.COACHES, _GET),
    "api-job-model": Endpoint(Who.TEAM, _GET),
}
_PLAN = {"datasets": ["dataset_id"], "starting_model": catalog.DEFAULT, "training_steps": 400}
# Of a query or body that names objects: what is sent, with the name of a part of an address for its value.
NAMED = {
    "choose-team": {"team": "team_id"},
    "video-delete": {"video": "video_id"},
    "video-export": {"video": "video_id", "format": "coco"},
    "api-video-export": {"video": "video_id", "format": "coco"},
    "dataset-delete": {"dataset": "dataset_id"},
    "dataset-produce": {"video": "video_id"},
    "dataset-produce-report": {"video": "video_id"},
    "api-dataset-produce": {"videos": ["video_id"], "description": "cones"},
    "api-dataset-produce-preview": {"videos": ["video_id"]},
    "start-training": {"dataset": "dataset_id"},
    "training-plan": {"dataset": "dataset_id"},
    "trash-restore": {"dataset": "trashed_id"},
    "trash-delete": {"dataset": "trashed_id"},
    "model-compare": {"job": "job_id"},
    "model-stop": {"job": "job_id"},
    "model-delete": {"job": "job_id"},
    "api-training-plan": _PLAN,
    "api-jobs": {**_PLAN, "max_minutes": 60, "description": "a robot"},
}
# Of the API: what its query names. Others name things in bodies alone.
BY_QUERY = {"api-video-export"}
OF_A_TEAM = {
    "dataset_id",
    "job_id",
    "frame_id",
    "video_id",
    "assignment_id",
    "comment_id",
    "label_id",
    "upload_id",
    "run_id",
    "ticket_id",
    "membership_id",
    "token_id",
}
IN_ADMIN_PATHS = {"object_id": 1, "id": 1, "content_type_id": 1, "app_label": "datasets", "url": "nothing"}

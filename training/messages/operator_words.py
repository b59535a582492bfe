"""The words for operators: starting weights that can't be installed, and stored files that were lost."""

MOSTLY_LOST = (
    "{lost} of {rows} datasets and trainings have lost files, so nothing is repaired. Is the drive mounted, and do "
    "FTCML_DATA and FTCML_S3_BUCKET name the right place? If the files really are lost, put them back from a back-up."
)

UPGRADED = "The server was upgraded while this training worker ran. Restart the worker."


def trainer_does_not_start(log: object) -> str:
    return f"The trainer process doesn't start. Look for the reason in {log}."


# --- starting weights -----------------------------------------------------------------------------


def ends_too_early(source: object) -> str:
    return f"{source} ends too early; it may be half a download."


def no_archive(source: object, why: object) -> str:
    return f"{source} is no .tar.gz archive, or is damaged ({why})."


def unreadable(source: object, why: object) -> str:
    return f"{source} cannot be read: {why}."


def not_plain(member: str, source: str) -> str:
    return f"{member} in {source} is not a plain file of a sensible size."


def incomplete(source: str, missing: str) -> str:
    return f"{source} holds no checkpoint/{missing}; it may be half a download."


def not_the_zoos(source: object, blob_id: str) -> str:
    return f"The checkpoint in {source} is not the zoo's own (its id is {blob_id})."


def not_converted_in_time(archive: str, seconds: float) -> str:
    return f"{archive} was not converted within {seconds} s."


def not_converted(archive: str, why: str) -> str:
    return f"{archive} could not be converted: {why}"

"""Which frames count as what, the same everywhere: in columns, in filters, and for datasets."""

from django.db.models import Q

# Labeled: all boxes are there and confirmed, as a person or an archive says. Without boxes: nothing here.
LABELED = Q(finished=True, ignored=False)
UNLABELED = Q(finished=False, ignored=False)
IGNORED = Q(ignored=True)
# Of the labeled ones: whether a second person has said that they are right.
REVIEWED = LABELED & Q(review="reviewed")
TO_REVIEW = LABELED & ~Q(review="reviewed")
# Sent back and not mended yet.
SENT_BACK = Q(ignored=False, review="sent_back")
NEAR_DUPLICATES = Q(near_duplicate_of__isnull=False)
# What one click ignores, and what one takes in again: never what a person labeled, or ignored by hand.
OPEN_NEAR_DUPLICATES = NEAR_DUPLICATES & UNLABELED
IGNORED_NEAR_DUPLICATES = NEAR_DUPLICATES & Q(ignored_as_near_duplicate=True, finished=False)

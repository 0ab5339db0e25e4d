"""What the index lacks is taken in beside the road: documents' words, and stories it does not hold as they are."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q

import archive
import ingest
from newsroom import search
from newsroom.models import Attachment, Story
from pipeline.stores import originals

logger = logging.getLogger(__name__)


def take_in(most: int = 200) -> int:
    """Do a little of what waits; return how much was done."""
    return read_documents(20) + search.catch_up(most)


def read_documents(most: int) -> int:
    """Keep the words of documents that were not read for search yet; return how many there were."""
    waiting = list(Attachment.objects.filter(words_read=False).order_by("-id")[:most])
    for attachment in waiting:
        words = _words(attachment)
        with transaction.atomic():
            Attachment.objects.filter(pk=attachment.pk).update(words=words, words_read=True)
            if words:
                mail = attachment.submission_id
                search.stale(Story.objects.filter(Q(submissions=mail) | Q(split_from=mail)))
    return len(waiting)


def _words(attachment: Attachment) -> str:
    try:
        data = originals().read(attachment.sha256)
    except archive.ArchiveError as error:
        logger.warning("Isi berkas %s tidak ikut dapat dicari: %s", attachment, error)
        return ""
    return ingest.words_of(
        ingest.Document(data, attachment.sha256, attachment.filename, attachment.content_type)
    )

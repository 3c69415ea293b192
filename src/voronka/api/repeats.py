"""Writes that may be sent twice: `Idempotency-Key`. The answer is kept in the transaction of the write itself, so
there is no moment at which one is done and the other isn't; nothing is left behind by a crash.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from voronka.kernel import clock

from .door import Caller
from .models import KeptAnswer
from .problems import problem, wrong_fields

HEADER = "Idempotency-Key"
KEEP = timedelta(hours=24)
LONGEST = 255
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")


def once(request: HttpRequest, caller: Caller, run: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Run it, or give the answer that the same request got before; what failed here (5xx) may be tried again."""
    key = request.headers[HEADER]
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        return wrong_fields({HEADER: _("From 1 to {number} signs.").format(number=LONGEST)})
    mark = fingerprint(request)
    with transaction.atomic():
        if not _alone(caller.token_id, key):
            return problem(409, "in_flight", _("The first request with this key is still at work."))
        kept = KeptAnswer.objects.filter(token_id=caller.token_id, key=key).first()
        if kept and kept.created_at > clock.now() - KEEP:
            return _again(kept, mark)
        if kept:
            kept.delete()
        answer = run(request)
        if answer.status_code >= 500:
            transaction.set_rollback(True)
        else:
            _keep(caller, key, mark, answer)
    return answer


def fingerprint(request: HttpRequest) -> str:
    """What makes two requests the same; of a form its fields and files, since each try draws another boundary."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        for name, values in sorted(request.POST.lists()):
            digest.update(repr((name, values)).encode())
        for name, uploads in sorted(request.FILES.lists()):
            for upload in uploads:
                digest.update(repr((name, upload.name, upload.size)).encode())
                for chunk in upload.chunks():
                    digest.update(chunk)
                upload.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _alone(token_id: int, key: str) -> bool:
    """Whether nobody else works on this key; holds till the end of the transaction, in every process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s::text, 0))", [f"api:{token_id}:{key}"])
        return cursor.fetchone()[0]


def _again(kept: KeptAnswer, mark: str) -> HttpResponse:
    if kept.fingerprint != mark:
        return problem(422, "key_reused", _("This key was used for another request."))
    answer = HttpResponse(bytes(kept.body), status=kept.status, headers=kept.headers)
    answer["Idempotency-Replayed"] = "true"
    return answer


def _keep(caller: Caller, key: str, mark: str, answer: HttpResponse) -> None:
    KeptAnswer.objects.create(
        token_id=caller.token_id,
        key=key,
        fingerprint=mark,
        status=answer.status_code,
        headers={name: answer[name] for name in _KEPT_HEADERS if name in answer},
        body=answer.content,
        created_at=clock.now(),
    )

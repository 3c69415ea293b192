from django.urls import path

from . import fieldhistory, files, goods, inplace, notes, responsible, stage, tasks, views

urlpatterns = [
    path("deals/<int:deal_id>", views.card, name="deal"),
    path("deals/<int:deal_id>/head", views.head, name="deal-head"),
    path("deals/<int:deal_id>/side", views.side, name="deal-side"),
    path("deals/<int:deal_id>/right", views.right, name="deal-right"),
    path("deals/<int:deal_id>/history", views.history, name="deal-history"),
    path("deals/<int:deal_id>/taking", views.taking, name="deal-taking"),
    path("deals/<int:deal_id>/reading", views.reading, name="deal-reading"),
    path("deals/<int:deal_id>/moves", stage.moves, name="deal-moves"),
    path("deals/<int:deal_id>/stage", stage.stage, name="deal-stage"),
    path("deals/<int:deal_id>/stage/undo", stage.undo, name="deal-stage-undo"),
    path("deals/<int:deal_id>/fields/<slug:key>/history", fieldhistory.history, name="deal-field-history"),
    path("deals/<int:deal_id>/fields", inplace.patch, name="deal-fields"),
    path("deals/<int:deal_id>/responsible", responsible.responsible, name="deal-responsible"),
    path("deals/<int:deal_id>/notes", notes.notes, name="deal-notes"),
    path("deals/<int:deal_id>/notes/<int:note_id>", notes.note, name="deal-note"),
    path("deals/<int:deal_id>/notes/<int:note_id>/deletion", notes.deletion, name="deal-note-deletion"),
    path("deals/<int:deal_id>/notes/<int:note_id>/restoration", notes.restoration, name="deal-note-restoration"),
    path("deals/<int:deal_id>/notes/<int:note_id>/pin", notes.pin, {"pinned": True}, name="deal-note-pin"),
    path("deals/<int:deal_id>/notes/<int:note_id>/unpin", notes.pin, {"pinned": False}, name="deal-note-unpin"),
    path("deals/<int:deal_id>/notes/<int:note_id>/history", notes.history, name="deal-note-history"),
    path("deals/<int:deal_id>/tasks", tasks.tasks, name="deal-tasks"),
    path("deals/<int:deal_id>/tasks/<int:task_id>/result", tasks.result, name="deal-task-result"),
    path("deals/<int:deal_id>/tasks/<int:task_id>/deadline", tasks.deadline, name="deal-task-deadline"),
    path("deals/<int:deal_id>/files/<int:file_id>", files.download, name="deal-file"),
    path("deals/<int:deal_id>/lines", goods.lines, name="deal-lines"),
    path("deals/<int:deal_id>/lines/<int:line_id>", goods.line, name="deal-line"),
]

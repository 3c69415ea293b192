from django.urls import path

from . import kinds, planning, verbs, views

urlpatterns = [
    path("tasks", views.task_list, name="tasks"),
    path("tasks/new", planning.new_task, name="task-new"),
    path("tasks/<int:task_id>", planning.one_task, name="task"),
    path("tasks/<int:task_id>/slot", verbs.slot, name="task-slot"),
    path("tasks/<int:task_id>/done", verbs.done, name="task-done"),
    path("tasks/<int:task_id>/deadline", verbs.deadline, name="task-deadline"),
    path("tasks/<int:task_id>/responsible", verbs.responsible, name="task-responsible"),
    path("tasks/<int:task_id>/cancellation", verbs.cancellation, name="task-cancellation"),
    path("settings/task-kinds", kinds.kinds, name="task-kinds"),
    path("settings/task-kinds/new", kinds.new, name="task-kind-new"),
    path("settings/task-kinds/<int:number>", kinds.one, name="task-kind"),
    path("settings/task-kinds/<int:number>/retirement", kinds.retirement, name="task-kind-retirement"),
]

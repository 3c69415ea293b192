from django.urls import path

from . import folds, views, walkin

urlpatterns = [
    path("board", views.board, name="board"),
    path("board/bar", views.bar, name="board-bar"),
    path("board/stages/<int:stage_id>/head", views.head, name="board-head"),
    path("board/stages/<int:stage_id>/tiles", views.page, name="board-tiles"),
    path("board/stages/<int:stage_id>/fold", folds.fold, name="board-fold"),
    path("board/tiles", views.some_tiles, name="board-some-tiles"),
    path("walk-ins", walkin.walk_ins, name="quick-add"),
    path("walk-ins/same", walkin.same, name="walk-in-same"),
    path("deals/<int:deal_id>/tile", views.tile, name="deal-tile"),
]

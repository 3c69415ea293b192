from django.urls import path

from . import folds, quick, views, walkin

urlpatterns = [
    path("board", views.board, name="board"),
    path("board/bar", views.bar, name="board-bar"),
    path("board/stages/<int:stage_id>/head", views.head, name="board-head"),
    path("board/stages/<int:stage_id>/tiles", views.page, name="board-tiles"),
    path("board/stages/<int:stage_id>/fold", folds.fold, name="board-fold"),
    path("board/lanes", views.lane_heads, name="board-lane-heads"),
    path("board/lanes/<slug:key>", views.lane, name="board-lane"),
    path("board/lanes/<slug:lanes>/<slug:key>/shut", folds.shut, name="board-lane-shut"),
    path("board/tiles", views.some_tiles, name="board-some-tiles"),
    path("walk-ins", walkin.walk_ins, name="quick-add"),
    path("deals/<int:deal_id>/quick", quick.quick, name="deal-quick"),
    path("deals/<int:deal_id>/tile", views.tile, name="deal-tile"),
]

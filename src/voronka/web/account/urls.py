from django.urls import URLPattern, path

from . import first_run, notices, profile, views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("language", views.language, name="language"),
    path("first-run", first_run.first_run, name="first_run"),
    path("profile", profile.profile, name="profile"),
    path("profile/notices", notices.notices, name="profile-notices"),
    path("profile/password", profile.password, name="profile-password"),
    path("profile/other-sessions", profile.other_sessions, name="profile-other-sessions"),
    path("theme", profile.theme, name="theme"),
]

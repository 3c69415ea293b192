from django.urls import URLPattern, path

from . import people, shifts, teams

urlpatterns: list[URLPattern] = [
    path("settings", people.settings, name="settings"),
    path("settings/people", people.people, name="people"),
    path("settings/people/new", people.new, name="person-new"),
    path("settings/people/<int:number>", people.one, name="person"),
    path("settings/people/<int:number>/activity", people.activity, name="person-activity"),
    path("settings/people/<int:number>/password", people.password, name="person-password"),
    path("settings/roles", people.roles, name="roles"),
    path("settings/teams", teams.teams, name="teams"),
    path("settings/teams/new", teams.new, name="team-new"),
    path("settings/teams/<int:number>", teams.one, name="team"),
    path("settings/teams/<int:number>/removal", teams.removal, name="team-removal"),
    path("settings/locations", teams.places, name="places"),
    path("settings/shifts", shifts.shifts, name="shifts"),
    path("settings/shifts/new", shifts.new, name="shift-new"),
    path("settings/shifts/plan", shifts.plan, name="shift-plan"),
    path("settings/shifts/<int:number>/cancellation", shifts.cancellation, name="shift-cancellation"),
]

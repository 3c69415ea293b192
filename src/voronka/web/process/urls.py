from django.urls import path

from . import drafting, flow, map, rules, stuck, things, trials, versions

urlpatterns = [
    path("process", map.page, name="process"),
    path("process/stages/<path:ref>", map.panel, name="process-stage"),
    path("process/flow", flow.flow, name="process-flow"),
    path("process/stuck", stuck.stuck, name="process-stuck"),
    path("process/stuck/remedies", stuck.remedy, name="process-remedy"),
    path("process/draft", drafting.draft, name="process-draft"),
    path("process/draft/undo", drafting.undo, name="process-draft-undo"),
    path("process/draft/removal", drafting.removal, name="process-draft-removal"),
    path("process/draft/cures", drafting.cure, name="process-draft-cure"),
    path("process/file", drafting.file, name="process-file"),
    path("process/schema.json", drafting.json_schema, name="process-schema"),
    path("process/versions", versions.versions, name="process-versions"),
    path("process/versions/<int:number>/file", versions.file, name="process-version-file"),
    path("process/versions/<int:number>/draft", versions.restore, name="process-version-restore"),
    path("process/rules/new", rules.new, name="process-rule-new"),
    path("process/rules/form", rules.form, name="process-rule-form"),
    path("process/rules/<slug:key>", rules.one, name="process-rule"),
    path("process/rules/<slug:key>/removal", rules.removal, name="process-rule-removal"),
    path("process/trials", trials.begin, name="process-trials"),
    path("process/trials/<int:number>", trials.trial, name="process-trial"),
    path("process/trials/<int:number>/deals", trials.deals, name="process-trial-deals"),
    path("process/parts/<slug:kind>", things.things, name="process-things"),
    path("process/parts/<slug:kind>/new", things.new, name="process-thing-new"),
    path("process/parts/<slug:kind>/of/<slug:key>", things.one, name="process-thing"),
    path("process/parts/<slug:kind>/of/<slug:key>/place", things.place, name="process-thing-place"),
    path("process/parts/<slug:kind>/of/<slug:key>/removal", things.removal, name="process-thing-removal"),
]

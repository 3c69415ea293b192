from django.urls import path

from . import consents, details, edits, export, merging, options, people, same, views

urlpatterns = [
    path("clients", views.clients, name="clients"),
    path("clients/options", options.options, name="client-options"),
    path("clients/same", same.same, name="client-same"),
    path("clients/export", export.export, name="clients-export"),
    path("clients/new", views.new, name="client-new"),
    path("clients/<int:company_id>", views.client, name="client"),
    path("clients/<int:company_id>/similar", merging.similar, name="client-similar"),
    path("clients/<int:company_id>/merges", merging.merges, name="client-merges"),
    path("merges/<int:merge_id>", merging.merge, name="merge"),
    path("clients/<int:company_id>/parts/<slug:name>", views.part, name="client-part"),
    path("clients/<int:company_id>/history", views.older, name="client-history"),
    path("clients/<int:company_id>/fields", edits.company, name="client-fields"),
    path("clients/<int:company_id>/notes", edits.notes, name="client-notes"),
    path("clients/<int:company_id>/contacts", people.contacts, name="client-contacts"),
    path("contacts/<int:contact_id>/fields", edits.contact, name="contact-fields"),
    path("contacts/<int:contact_id>/identities", people.identities, name="contact-identities"),
    path("identities/<int:identity_id>", people.identity, name="identity"),
    path("clients/<int:company_id>/addresses", details.addresses, name="client-addresses"),
    path("addresses/<int:address_id>", details.address, name="address"),
    path("clients/<int:company_id>/requisites", details.requisites, name="client-requisites"),
    path("requisites/<int:requisites_id>", details.one_requisites, name="requisites"),
    path("clients/<int:company_id>/consents", consents.consents, name="client-consents"),
    path("consents/<int:consent_id>/withdrawal", consents.withdrawal, name="consent-withdrawal"),
    path("clients/<int:company_id>/denial", consents.denial, name="client-denial"),
    path("clients/<int:company_id>/denial/end", consents.denial_end, name="client-denial-end"),
    path("clients/<int:company_id>/personal-data", consents.personal_data, name="client-personal-data"),
]

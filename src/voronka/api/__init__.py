"""The REST API, `/api/v1`: the same gate, the same actions and the same refusals as the pages, for other programs.

A *token* is a person's: it sees what the person sees and may what its scopes and the person's role both allow.
Every address is described by `/api/v1/openapi.json`; docs/api.md tells the rest.
"""

"""Presets: whole trades as data, each a process document; and demo companies that live by them.

`catalogue` offers the documents, `demo` builds a company, `living` is what all demo companies share,
a folder of a preset holds its document and its demo's words and habits.
"""

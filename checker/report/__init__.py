"""Results as people and machines read them: one module or package a format. No decisions here.

`text` is for terminals, `json_format` for programs (its schemas are in `schemas/`), `picture` for
the page and for notebooks. Each takes results and gives text; whoever calls prints it.
"""

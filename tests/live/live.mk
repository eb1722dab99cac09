.PHONY: test-live

test-live: $(VENV)/dev ## Live checks in a real cluster
	@CHECKER_REQUIRE=cluster $(RUN) pytest tests/live

.PHONY: agreement

agreement: $(VENV)/dev ## Run every answer live; write down where predictions and cluster agree
	@$(RUN) tests.agreement

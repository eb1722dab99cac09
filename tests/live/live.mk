.PHONY: test-live

test-live: $(VENV)/dev ## Live checks in a real cluster
	@CHECKER_REQUIRE=cluster $(RUN) pytest tests/live

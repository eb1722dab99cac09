# A real Kubernetes to be measured against: see tests/cluster/README.md.
.PHONY: cluster-up cluster-down test-cluster conformance

cluster-up: $(VENV)/dev ## Start a real Kubernetes 1.36 with two nodes (Linux, root)
	@$(RUN) tests.cluster up

cluster-down: $(VENV)/dev ## End it and remove all that is left of it
	@$(RUN) tests.cluster down

test-cluster: $(VENV)/dev ## Run the tests that need it: on kind where Docker works
	@CHECKER_REQUIRE=cluster $(RUN) pytest -m cluster tests/cluster tests/conformance

conformance: $(VENV)/dev ## Record anew what Kubernetes says and does; show the differences
	@$(RUN) tests.conformance api
	@$(RUN) tests.conformance traffic --proxy-mode nftables
	@$(RUN) tests.conformance traffic --proxy-mode iptables

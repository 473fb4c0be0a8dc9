# Each target calls the script that does the work; the scripts install or build what is missing.
.PHONY: help demo test conformance mutation bench build manifests format clean

help: ## Show the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

demo: ## Show a fleet, traffic, a failover and a repair (KEEP=1 leaves it running)
	@scripts/demo

test: ## Run all tests
	@scripts/test

conformance: ## Write docs/reference/vrrp-conformance.md from the last run of the tests
	@scripts/conformance

mutation: ## Break VRRP's codec and state machine in every small way: does a test notice?
	@scripts/mutation

bench: ## Measure the IPVS engine beside a floor in C, ipvsadm and keepalived
	@scripts/bench

build: ## Build everything without tests
	@scripts/maven package -DskipTests

manifests: ## Generate the CRDs and the reference from the Java model
	@scripts/manifests

format: ## Format the Java sources
	@scripts/maven spotless:apply

clean: ## Remove what the build made here (the cache outside the clone stays)
	@scripts/maven clean

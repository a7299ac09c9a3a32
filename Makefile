# Needs Python 3.11 or newer and git; everything else is brought by `make setup`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
ifeq ($(strip $(PYTHON)),)
$(error Python 3.11 or newer is needed and was not found; install it, or name it: make PYTHON=/path/to/python3.11 …)
endif

APP := .venvs/app/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup run test torture check train bench evaluate import-catalogue export-catalogue staff-token screenshots clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
		while IFS='|' read -r name text; do printf '  %-18s %s\n' "$$name" "$$text"; done

setup: ## Create the environments and .env; quick when nothing has changed
	@$(PYTHON) -m scripts.setup

run: setup ## Run everything: store, model if needed, website, console; Ctrl-C stops it
	@exec $(APP) -m scripts.run

test: ## Run every check and test, from linters to the browser; does its own set-up
	@exec $(PYTHON) -m scripts.test

torture: setup-tests ## RUNS=200 CROWDS=20 CUSTOMERS=100 EXAMPLES=1000 DIALOGUES=500 SEED=1 The tests of the promises in their long form (hours); ONLY=7 repeats one simulated customer
	@exec $(APP) -m scripts.torture $(if $(RUNS),--runs $(RUNS)) \
		$(if $(CROWDS),--crowds $(CROWDS)) $(if $(CUSTOMERS),--customers $(CUSTOMERS)) \
		$(if $(EXAMPLES),--examples $(EXAMPLES)) $(if $(DIALOGUES),--dialogues $(DIALOGUES)) \
		$(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

check: setup-tests ## Formatting, linters, types and the rules of the files
	@$(APP) -m scripts.check

train: setup ## Train the model now if anything it is made from has changed
	@$(APP) -m scripts.train

bench: setup-tests ## Measure beside stock Rasa: PART=turns (half an hour; CUSTOMERS=1,10 TURNS=… LONG=…), PART=understanding (hours; EPOCHS=… SENTENCES=…); PART=values, crafted texts; PART=search, over a million messages (MESSAGES=…); PART=load, 300 visitors and a hanging Rasa (SECONDS=… DATABASE=…)
	@case '$(PART)' in ''|values|understanding|turns|search|load) ;; *) echo 'PART is values, understanding, turns, search or load'; exit 2;; esac
	@case '$(PART)' in ''|values) $(APP) -m scripts.bench_values;; esac
	@case '$(PART)' in ''|search) $(APP) -m scripts.bench_search \
		$(if $(MESSAGES),--messages $(MESSAGES));; esac
	@case '$(PART)' in ''|understanding) $(APP) -m scripts.bench_understanding \
		$(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(SENTENCES),--sentences $(SENTENCES));; esac
	@case '$(PART)' in ''|turns) $(APP) -m scripts.bench_turns \
		$(if $(CUSTOMERS),--customers $(CUSTOMERS)) $(if $(TURNS),--turns $(TURNS)) \
		$(if $(LONG),--long $(LONG)) \
		$(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(SENTENCES),--sentences $(SENTENCES));; esac
	@case '$(PART)' in ''|load) $(APP) -m scripts.bench_load \
		$(if $(SECONDS),--seconds $(SECONDS)) $(if $(DATABASE),--database $(DATABASE));; esac

evaluate: setup-tests ## Measure understanding on sentences that the training data does not contain
	@$(APP) -m scripts.evaluate

import-catalogue: setup ## FILE=… Import a workbook or a folder of YAML; nothing changes if anything in it is wrong
	@test -n "$(FILE)" || { echo 'Say which: make import-catalogue FILE=catalogue.xlsx'; exit 2; }
	@mkdir -p -m 700 "$${CHEFU_VAR:-var}"
	@$(APP) -m backend.catalogue import "$(FILE)"

export-catalogue: setup ## FILE=… Write the catalogue as an Excel workbook, to fill in; at first it is the demo's
	@test -n "$(FILE)" || { echo 'Say where to: make export-catalogue FILE=catalogue.xlsx'; exit 2; }
	@$(APP) -m backend.catalogue export "$(FILE)"

staff-token: setup ## NAME=… Make a token for the staff API; it is shown once. WRITE=yes: it may also write
	@test -n "$(NAME)" || { echo 'Say for what: make staff-token NAME=reporting'; exit 2; }
	@$(APP) -m backend.staff token "$(NAME)" $(if $(filter yes,$(WRITE)),--may-write)

screenshots: setup-tests ## Make the pictures of the README, with a system of its own
	@$(APP) -m scripts.screenshots

clean: ## Remove the environments, models and caches; var/ and .env stay
	@rm -rf .venvs models .rasa web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: setup-tests
setup-tests:
	@$(PYTHON) -m scripts.setup --tests

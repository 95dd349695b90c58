# RabbitMQ Lab. `make` alone prints the targets.
# LESSON chooses the lesson for all targets that run one; ARGS goes to the program.

# From the command line or the environment, else from .env, as for docker-compose.
ifeq ($(LESSON),)
LESSON := $(shell bash -c '. engine/lab.sh; setting LESSON 01-hello')
endif
export LESSON
COMPOSE := engine/compose
ARGS ?=
UI = echo "http://$$($(COMPOSE) port broker 15672)  user guest, password guest"

.DEFAULT_GOAL := help
.PHONY: help up down reset logs ps queues ui view produce consume lessons test test-view pages bench \
	lint typecheck doctor remove-stand-ins ready ports lesson in-the-lab guarantees

help: ## Print this list
	@echo "make TARGET [LESSON=NN-name] [ARGS=\"...\"]"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1|/' | \
		while IFS='|' read -r target text; do printf '  %-18s %s\n' "$$target" "$$text"; done

up: in-the-lab ready ports ## Start the broker, the producer and the consumer
	@$(COMPOSE) up -d --build --remove-orphans
	@echo "The lab runs lesson $(LESSON)."
	@echo "  Watch the messages:   make logs    (CTRL+C ends the watching, not the lab)"
	@echo "  Look into the broker: $$($(UI))"
	@echo "  Stop it:              make down"

# The viewer is of a profile: without its name it would be left running.
down reset: export COMPOSE_PROFILES = view

down: ## Stop the lab; the broker's data stays
	@$(COMPOSE) down --remove-orphans

# With each lesson's file in turn, so that no lesson's volume is left behind. Not with all at once:
# Compose puts the lists of two files together, and refuses an entry that stands there twice.
reset: ## Stop the lab and remove the broker's data too
	@for overlay in broker/server/*/compose.yml; do \
		COMPOSE_FILE=docker-compose.yml:$$overlay $(COMPOSE) down -v --remove-orphans || exit; done

logs: ## Follow what the containers print (CTRL+C ends it)
	@$(COMPOSE) logs -f --tail=20

ps: ## List the lab's containers
	@$(COMPOSE) ps

queues: ## List the queues: messages waiting, messages delivered but not acknowledged, consumers
	@list=$$($(COMPOSE) exec -T broker rabbitmqctl -q list_queues \
		name durable messages_ready messages_unacknowledged consumers) && echo "$$list" | \
		awk -F '\t' 'NF { printf "%-31s %-8s %-15s %-24s %s\n", $$1, $$2, $$3, $$4, $$5 }'

ui: ## Print the address of the management UI and how to log in
	@$(UI)

view: ready ## Show the messages in a browser; RECORD=file.html writes them down until CTRL+C
	@viewer/start "$(RECORD)"

produce: in-the-lab ready ## Run one more producer in this terminal
	@$(COMPOSE) run --rm producer $(ARGS)

consume: in-the-lab ready ## Run one more consumer in this terminal
	@$(COMPOSE) run --rm consumer $(ARGS)

lessons: ## List the lessons and the question each one answers
	@for page in lessons/*.md; do \
		printf '  %-22s %s\n' "$$(basename $$page .md)" "$$(sed -n '1s/^[^:]*: *//p' $$page)"; done

# A lesson that somebody chose, not the one that runs by default.
CHOSEN = $(filter-out file,$(origin LESSON))
test: ready ## Prove that messages are delivered; LESSON=NN-name tests a lesson, LESSON=all all of them
	@tests/run $(if $(CHOSEN),$(LESSON))

test-view: ready ## Test the picture of the messages in a real browser, in a container
	@viewer/test

# UPDATE=1 writes the real output into the pages; SABOTAGE=1 breaks it and tells what they don't notice.
# Needs Node 20 or newer on this machine.
pages: lesson ready node_modules ## Run the commands of all pages, or of LESSON's, and compare the output
	@engine/ports --pages
	@node --import tsx tests/pages/run.ts $(if $(UPDATE),--update) $(if $(SABOTAGE),--sabotage) \
		$(if $(CHOSEN),lessons/$(LESSON).md)

node_modules: package.json package-lock.json
	@npm ci && touch node_modules

bench: ready ## Measure what a message costs on this machine; FULL=1 takes longer and draws charts
	@bench/run $(if $(FULL),--full)

# SEED=... repeats a run, the moments of the faults and their order. Instead of the table: FAULTS=50,
# that many at random; SOAK=10, the clients' memory over so many minutes.
guarantees: ready ## Measure what is lost under real faults; FAULTS=50: at random; SOAK=10: minutes
	@SEED=$(SEED) faults/run $(if $(FAULTS),random $(FAULTS),$(if $(SOAK),soak $(SOAK)))

lint: ready ## Check the style of the code
	@tests/run biome

typecheck: ready ## Check the types
	@tests/run tsc

doctor: ## Look for what is wrong, change nothing
	@engine/doctor

lesson:
	@test -f "lessons/$(LESSON).md" || { \
		echo "There is no lesson \"$(LESSON)\". The lessons are:"; $(MAKE) -s lessons; exit 2; } >&2

# Of a bare lesson there is nothing to start: its programs know nothing of the lab.
in-the-lab: lesson
	@test ! -f "producer/$(LESSON).js" || { \
		echo "Lesson $(LESSON) runs without this lab: follow lessons/$(LESSON).md"; exit 2; } >&2

ready:
	@engine/ready

ports:
	@engine/ports

remove-stand-ins: ## Remove the images that the lab built where no registry answered
	@engine/remove-stand-ins

# RabbitMQ Lab. `make` alone prints the targets.
# LESSON chooses the lesson for all targets that run one; ARGS goes to the program.

export LESSON ?= 01-hello
COMPOSE := engine/compose
ARGS ?=
UI = echo "http://$$($(COMPOSE) port broker 15672)  user guest, password guest"

.DEFAULT_GOAL := help
.PHONY: help up down reset logs ps queues ui produce consume test lint typecheck doctor ready \
	remove-stand-ins

help: ## Print this list
	@echo "make TARGET [LESSON=NN-name] [ARGS=\"...\"]"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1|/' | \
		while IFS='|' read -r target text; do printf '  %-18s %s\n' "$$target" "$$text"; done

up: ready ## Start the broker, the producer and the consumer
	@$(COMPOSE) up -d --build
	@echo "The lab runs lesson $(LESSON)."
	@echo "  Watch the messages:   make logs    (CTRL+C ends the watching, not the lab)"
	@echo "  Look into the broker: $$($(UI))"
	@echo "  Stop it:              make down"

down: ## Stop the lab; the broker's data stays
	@$(COMPOSE) down

reset: ## Stop the lab and remove the broker's data too
	@$(COMPOSE) down -v --remove-orphans

logs: ## Follow what the containers print (CTRL+C ends it)
	@$(COMPOSE) logs -f --tail=20

ps: ## List the lab's containers
	@$(COMPOSE) ps

queues: ## List the queues: messages waiting, messages delivered but not acknowledged, consumers
	@$(COMPOSE) exec -T broker rabbitmqctl -q list_queues \
		name durable messages_ready messages_unacknowledged consumers

ui: ## Print the address of the management UI and how to log in
	@$(UI)

produce: ready ## Run one more producer in this terminal
	@$(COMPOSE) run --rm producer $(ARGS)

consume: ready ## Run one more consumer in this terminal
	@$(COMPOSE) run --rm consumer $(ARGS)

test: ready ## Prove that messages are delivered, in a lab of its own
	@tests/run

lint: ready ## Check the style of the code
	@tests/run biome

typecheck: ready ## Check the types
	@tests/run tsc

doctor: ## Look for what is wrong, change nothing
	@engine/doctor

ready:
	@engine/ready

remove-stand-ins: ## Remove the images that the lab built where no registry answered
	@engine/remove-stand-ins

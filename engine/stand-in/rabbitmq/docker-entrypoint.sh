#!/bin/bash
# Starts the server as the user rabbitmq, whoever the container was started as.
set -euo pipefail

if [ "$(id -u)" = 0 ] && [[ "${1:-}" == rabbitmq* ]]; then
  if [ "$1" = rabbitmq-server ]; then
    # A new volume, or one of another image, may belong to someone else.
    chown -R rabbitmq:rabbitmq /var/lib/rabbitmq
  fi
  exec setpriv --reuid rabbitmq --regid rabbitmq --init-groups -- "$0" "$@"
fi

# Makes the server's script become the Erlang machine instead of waiting for it: SIGTERM then
# reaches RabbitMQ itself, which stops in order and exits with 0.
export RUNNING_UNDER_SYSTEMD=true

exec "$@"

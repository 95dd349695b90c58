# shellcheck shell=bash
# The ports that the lab publishes on this machine, and who holds them. Sourced after engine/lab.sh.

# ports LESSON: the settings of that lesson's ports, each with its default; `all` for all lessons'.
ports() {
  echo HOST_AMQP_PORT 5672
  echo HOST_UI_PORT 15672
  case "$1" in 15-tls | all) echo HOST_AMQPS_PORT 5671 ;; esac
}

# is_open PORT: does anybody listen there?
is_open() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# find_holder PORT: sets `holder`, who holds an open port, and `remedy`, what ends that. Both are empty
# if it is a container of this lab.
# shellcheck disable=SC2034 # the caller reads both
find_holder() {
  local id name
  holder='' remedy=''
  [ -n "${own+set}" ] || own=$(engine/compose ps -q 2>/dev/null </dev/null || true)
  read -r id name < <(docker ps --no-trunc --filter "publish=$1" --format '{{.ID}} {{.Names}}' \
    2>/dev/null) || true
  if [ -z "$id" ]; then
    holder=$({ ss -Hltnp "sport = :$1" 2>/dev/null || lsof -nP -iTCP:"$1" -sTCP:LISTEN; } \
      2>/dev/null | tail -n 1 | sed -e 's/.*users:((//' -e 's/)).*//' -e 's/  */ /g' || true)
    holder="another program${holder:+ ($holder)}" remedy="end it"
  elif ! grep -qxF "$id" <<<"$own"; then
    holder="the container $name" remedy="docker stop $name"
  fi
}

# next_free PORT: the next one up that nobody holds.
next_free() {
  local port=$(($1 + 1))
  while is_open $port; do port=$((port + 1)); done
  echo $port
}

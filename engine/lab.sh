# shellcheck shell=bash
# What the scripts of this folder share. It is sourced, not run; the caller has set -euo pipefail.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

say() { echo "engine: $*"; }

# die WHAT [HOW-TO-MEND]...: one line each, then exit 1.
die() {
  echo "engine: $1" >&2
  shift
  local line
  for line; do echo "  $line" >&2; done
  exit 1
}

# setting NAME DEFAULT: the environment first, then .env, as Compose does it.
setting() {
  local value="${!1:-}"
  if [ -z "$value" ] && [ -f .env ]; then
    value=$(sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" .env | tail -n 1 |
      sed -e 's/[[:space:]]\{1,\}#.*$//' -e 's/[[:space:]]*$//' \
        -e "s/^\\([\"']\\)\\(.*\\)\\1\$/\\2/")
  fi
  echo "${value:-$2}"
}

# find_compose: sets COMPOSE, the command to run Compose, as an array.
find_compose() {
  if [ -n "${LAB_COMPOSE:-}" ]; then
    read -r -a COMPOSE <<<"$LAB_COMPOSE"
    command -v "${COMPOSE[0]}" >/dev/null ||
      die "LAB_COMPOSE names \"$LAB_COMPOSE\", and there is no such command." \
        "Correct it, or remove it from the environment to use the Compose of this machine."
  elif docker compose version >/dev/null 2>&1; then
    COMPOSE=(docker compose)
  elif command -v docker-compose >/dev/null; then
    # Only looked up: version 1 is a Python program and takes half a second to start.
    COMPOSE=(docker-compose)
  else
    return 1
  fi
}

# closed_files: prints what the containers' own users can't read, as in a copy of the lab that was made
# with `umask 077`. The folder itself may stay closed, and so may .env.
closed_files() { find ./* -name node_modules -prune -o ! -type l ! -perm -004 -print; }

# missing IMAGE...: prints those that this machine has not got, and the stand-ins among them that
# were built by another recipe than today's.
missing() {
  local image made label='index . "rabbitmq-lab'
  local labels="{{with .Config.Labels}}{{$label.stands-in-for\"}} {{$label.recipe\"}}{{end}}"
  for image; do
    made=$(docker image inspect --format "$labels" "$image" 2>/dev/null) || made="$image -"
    case "$made" in
      "$image $(recipe "$image")") ;;
      "$image "*) echo "$image" ;;
    esac
  done
}

# recipe IMAGE: a number that changes with the files its stand-in is built from; 0 if there is none.
recipe() {
  local folder=engine/stand-in/${1%%:*}
  if [ -d "$folder" ]; then cat "$folder"/* | cksum | cut -d ' ' -f 1; else echo 0; fi
}

# in_own_lab [NAME=VALUE]... COMMAND...: with none of the reader's own settings, but with all by which
# the Docker client finds its engine.
in_own_lab() {
  local name passed=()
  for name in PATH HOME XDG_RUNTIME_DIR SSH_AUTH_SOCK LAB_COMPOSE RABBITMQ_IMAGE DOCKER_HOST \
    DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS_VERIFY DOCKER_CERT_PATH; do
    if [ -n "${!name:-}" ]; then passed+=("$name=${!name}"); fi
  done
  env -i "${passed[@]}" DOCKER_SOCK="${DOCKER_SOCK:-$(docker_socket)}" "$@"
}

# docker_socket: where the engine has its socket, for a container that uses the Docker API. An engine
# in a virtual machine or on another one has it where it usually is; only here may it be elsewhere.
docker_socket() {
  local engine=${DOCKER_HOST:-}
  [ -n "$engine" ] ||
    engine=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null) || true
  case "$(uname) $engine" in
    Darwin* | */.docker/desktop/*) echo /var/run/docker.sock ;;
    *" unix://"*) echo "${engine#unix://}" ;;
    *) echo /var/run/docker.sock ;;
  esac
}

# can_install: may this script install packages? As root on Debian or Ubuntu, unless LAB_INSTALL=no.
can_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ "${LAB_INSTALL:-}" != no ]
}

# quietly WHAT COMMAND...: its output goes to a log that is shown only if the command fails.
quietly() {
  local what=$1 log
  shift
  log=$(mktemp "${TMPDIR:-/tmp}/rabbitmq-lab.XXXXXX")
  if "$@" >"$log" 2>&1 </dev/null; then
    rm -f "$log"
  else
    tail -n 15 "$log" >&2
    die "$what failed; above is the end of its log, all of it is in $log" \
      "If this machine has no network now, try again when it has one."
  fi
}

# install_packages PACKAGE...: from the distribution.
install_packages() { quietly "Installing $*" install_or_refresh "$@"; }

# Looking for news first would cost some seconds each time; old lists fail at once.
install_or_refresh() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "$@" || {
    # One unreachable source of many makes `update` fail; the packages may be there all the same.
    apt-get update || true
    apt-get install -y --no-install-recommends "$@"
  }
}

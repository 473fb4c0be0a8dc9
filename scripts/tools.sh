# shellcheck shell=bash
# Sourced by the scripts: finds the tools that the build needs, installs what Debian or Ubuntu can give, and says in one
# line what could not be had. Sets JAVA_HOME and PATH.

say() { printf '\033[1m%s\033[0m %s\n' '==>' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# A line every ten seconds while a quiet command runs, so that nobody thinks it hangs.
with_progress() {
  local what=$1 started=$SECONDS pid ticker status=0
  shift
  "$@" &
  pid=$!
  (while sleep 10; do printf '    … %s: %s s\n' "$what" "$((SECONDS - started))" >&2; done) &
  ticker=$!
  wait "$pid" || status=$?
  kill "$ticker" 2>/dev/null || :
  wait "$ticker" 2>/dev/null || :
  return "$status"
}

java_major() { "$1/bin/javac" -version 2>/dev/null | sed -n 's/^javac \([0-9]*\).*/\1/p'; }

# A JDK of 25 or later: JAVA_HOME, then javac on PATH, then the usual places.
find_jdk() {
  local candidate major
  for candidate in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac || true)")")")" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    [ -x "$candidate/bin/javac" ] || continue
    major=$(java_major "$candidate")
    if [ "${major:-0}" -ge 25 ]; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}

apt_updated=
apt_install() {
  [ "$(id -u)" = 0 ] || die "$* missing: run as root, or: sudo apt-get install $*"
  command -v apt-get >/dev/null || die "$* missing and there is no apt-get: install it by your package manager"
  if [ -z "$apt_updated" ]; then
    with_progress "apt-get update" apt-get update -qq || die "apt-get update failed, so $* cannot be installed"
    apt_updated=1
  fi
  say "installing $*"
  DEBIAN_FRONTEND=noninteractive with_progress "apt-get install $*" \
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null || die "apt-get install $* failed"
}

# need COMMAND PACKAGE: installs the package when the command is missing.
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || apt_install "$2"; }

require_jdk() {
  local found
  if ! found=$(find_jdk); then
    apt_install openjdk-25-jdk-headless
    found=$(find_jdk) || die "no JDK 25 found: install one (for instance openjdk-25-jdk-headless or Temurin 25) and set JAVA_HOME"
  fi
  export JAVA_HOME=$found PATH="$found/bin:$PATH"
  # Maven's own libraries use what newer JDKs warn of.
  export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
}

require_build_tools() {
  require_jdk
  need mvn maven
  need gcc gcc
  [ -e /usr/include/linux/ip_vs.h ] || apt_install linux-libc-dev
  [ -e /usr/include/stdio.h ] || apt_install libc6-dev
}

require_go() {
  PATH="$PATH:/usr/local/go/bin:/usr/lib/go/bin"
  export PATH
  command -v go >/dev/null 2>&1 || apt_install golang-go
  local minor
  minor=$(go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [ "${minor:-0}" -ge 21 ] || die "Go $(go env GOVERSION) is too old: install Go 1.21 or later (it fetches the version that go.mod names)"
}

# The oracles and lab tools of the kernel tests.
require_lab_tools() {
  [ "$(id -u)" = 0 ] || die "the lab makes network namespaces: run as root (sudo make …)"
  need ip iproute2
  need ipvsadm ipvsadm
  need keepalived keepalived
  need tcpdump tcpdump
  need nft nftables
  need iptables iptables # kube-proxy, and ipset for its ipvs mode
  need ipset ipset
  need setpriv util-linux
  need python3 python3
}

# train_agent KUBECONFIG: the agent's ahead-of-time cache, made anew when its jar is newer. Without it everything works, but
# starts more slowly.
train_agent() {
  local jar cache=node-agent/target/node-agent.aot
  jar=$(ls node-agent/target/node-agent-*.jar | head -n 1)
  [ "$cache" -nt "$jar" ] || with_progress "training the agent's start" node-agent/bin/train "$1" || say "the agent starts without a cache"
}

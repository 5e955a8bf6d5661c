import { agentNodeFlags, agentPlaces, agentUnit } from './agent-unit.ts';

/** A URL that can stand in a shell script as it is: no blank, no quote, nothing a shell looks into. */
const urlForm =
  /^https?:\/\/(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?(?:\/[A-Za-z0-9._~-]{1,64}){0,8}\/?$/;

/** Whether a text is a URL of a server that can stand in a script. */
export function isServerUrl(text: string): boolean {
  return urlForm.test(text) && URL.canParse(text);
}

/** What to paste on a host: fetches the script and gives it the token through a pipe, which no list of processes shows. */
export function enrollCommand(url: string, token: string): string {
  return `curl -fsS '${url}/api/v1/enrollment/install.sh' -o meridian-agent.sh && printf '%s' '${token}' | sudo sh meridian-agent.sh`;
}

/**
 * A script that installs the agent and enrolls it. It holds no secret; the token comes from standard input, or from the
 * environment. With the hash of an agent, that one is fetched from the server and compared; without, the host must have
 * the program. The URL has been checked by {@link isServerUrl}.
 */
export function installScript(url: string, agentSha256: string | undefined): string {
  const { user, program, config, state, run, unit } = agentPlaces;
  return `#!/bin/sh
# Installs the Meridian agent on this host and enrolls it at ${url}.
# The enrollment token is read from standard input, or from MERIDIAN_ENROLLMENT_TOKEN.
set -eu
umask 022

server='${url}'
fail() { printf '%s\\n' "meridian-agent: $1" >&2; exit 1; }

[ "$(id -u)" -eq 0 ] || fail 'run this as root'
command -v systemctl >/dev/null || fail 'this host has no systemd'
token=\${MERIDIAN_ENROLLMENT_TOKEN:-}
unset MERIDIAN_ENROLLMENT_TOKEN
if [ -z "$token" ]; then
  [ -t 0 ] && fail 'give the enrollment token on standard input'
  token=$(head -c 256)
fi
case "$token" in
  mde_*) ;;
  *) fail 'what was given is no enrollment token: those begin with mde_' ;;
esac

${agentSha256 === undefined ? ownProgram : fetchedProgram(program, agentSha256)}
id ${user} >/dev/null 2>&1 || useradd --system --home-dir ${state} --shell /usr/sbin/nologin ${user}
install -d -m 0700 -o ${user} -g ${user} ${state}
install -d -m 0755 ${config.slice(0, config.lastIndexOf('/'))}
if [ ! -e ${config} ]; then
  printf 'servers:\\n  - %s\\nstatusFile: ${run}/status.json\\n' "$server" > ${config}
fi

printf '%s' "$token" | runuser -u ${user} -- $agent enroll --config ${config} --server "$server" --token-file -
unset token

cat > ${unit} <<UNIT
${agentUnit(`$agent run --config ${config}`)}UNIT
systemctl daemon-reload
systemctl enable meridian-agent.service
systemctl restart meridian-agent.service
printf '%s\\n' 'meridian-agent: installed and enrolled; look at it with: systemctl status meridian-agent'
`;
}

/** Finds the program on the host. */
const ownProgram = `meridian=$(command -v meridian) || fail 'install Meridian first: this server has no agent to hand out'
agent="$meridian agent"`;

/** Fetches the agent as one file, and takes it only when it is the one the server meant. */
function fetchedProgram(program: string, sha256: string): string {
  return `node=$(command -v node) || fail 'install Node.js 20.20 or later first'
"$node" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 20) ? 0 : 1)' \\
  || fail 'Node.js is older than 20.20'
fetched=$(mktemp)
trap 'rm -f "$fetched"' EXIT
curl -fsS "$server/api/v1/enrollment/agent.mjs" -o "$fetched"
printf '%s  %s\\n' '${sha256}' "$fetched" | sha256sum -c --quiet - || fail 'the agent that came is not the one that was meant'
install -d -m 0755 ${program.slice(0, program.lastIndexOf('/'))}
install -m 0755 "$fetched" ${program}
agent="$node ${agentNodeFlags} ${program}"`;
}

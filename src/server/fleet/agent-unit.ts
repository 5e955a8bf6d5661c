/** Account the agent runs as, and where its things are. */
export const agentPlaces = {
  user: 'meridian-agent',
  program: '/usr/local/lib/meridian-agent/agent.mjs',
  config: '/etc/meridian/agent.yaml',
  state: '/var/lib/meridian-agent',
  run: '/run/meridian-agent',
  unit: '/etc/systemd/system/meridian-agent.service',
} as const;

/**
 * What the runtime is told when the agent is one file: to clear up memory itself, since for the little there is further
 * threads cost more than they save; and old memory from the start, not only when a quarter of a gigabyte has come
 * together. It cannot be told so by the environment.
 */
export const agentNodeFlags = '--single-threaded-gc --initial-old-space-size=8';

/**
 * The systemd unit of the agent. It may read any log, for those of directory servers belong to their own account, and
 * write nothing but its state; of what it could read besides, the worst is hidden from it.
 */
export function agentUnit(execStart: string): string {
  return `[Unit]
Description=Meridian agent
Documentation=man:systemd.exec(5)
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart=${execStart}
User=${agentPlaces.user}
Group=${agentPlaces.user}
StateDirectory=meridian-agent
StateDirectoryMode=0700
# Where the configuration may have the status written, for people who are not root.
RuntimeDirectory=meridian-agent
RuntimeDirectoryMode=0755
UMask=0077
Restart=always
RestartSec=5
TimeoutStopSec=30

# Frugal beside the server whose logs it reads: memory is cleared up, and given back, sooner than by default.
Environment=NODE_OPTIONS=--max-semi-space-size=1
Environment=MALLOC_ARENA_MAX=1
Environment=MALLOC_TRIM_THRESHOLD_=131072
Nice=10
IOSchedulingClass=idle
CPUWeight=20
CPUQuota=100%
MemoryHigh=192M
MemoryMax=384M
TasksMax=64
LimitNOFILE=8192

# Reads logs of other accounts; may do nothing else that it could not do anyway.
AmbientCapabilities=CAP_DAC_READ_SEARCH
CapabilityBoundingSet=CAP_DAC_READ_SEARCH
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
# AF_NETLINK: the addresses of the host.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
# The runtime asks for more open files when it starts, and goes on without.
SystemCallErrorNumber=EPERM
InaccessiblePaths=-/etc/shadow -/etc/gshadow -/etc/ssh -/root -/boot

[Install]
WantedBy=multi-user.target
`;
}

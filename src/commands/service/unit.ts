/** What a unit runs, and where. */
export type UnitOptions = Readonly<{
  /** `start` or a service. */
  name: string;
  summary: string;
  /** Node and the folder of this program. */
  node: string;
  program: string;
  config: string;
  data: string;
  user: string;
  /** Let it use cameras and accelerators of this machine. */
  devices: 'none' | 'video' | 'jetson';
}>;

/** File for passwords beside the configuration, as `ALPR_CAMERAS__0__PASSWORD=…`; only root reads it. */
const SECRETS = 'secrets.env';

/**
 * A unit of systemd that may do what the program needs and nothing else. Node compiles code while it runs, so
 * MemoryDenyWriteExecute is not in it, and ONNX Runtime reads `/proc/cpuinfo` to choose its kernels, so ProcSubset is not either.
 */
export function renderUnit(options: UnitOptions): string {
  const { name, summary, node, program, config, data, user } = options;
  const folder = config.slice(0, Math.max(1, config.lastIndexOf('/')));
  const command = [node, `${program}/bin/alpr.js`, name, '--config', config, '--data', data];
  const isAtHome = [node, program, config].some((path) => /^\/(home|root|run\/user)\//.test(path));
  const lines = [
    '[Unit]',
    `Description=OVR-ALPR ${name}: ${summary}`.replaceAll('%', '%%'),
    'Wants=network-online.target',
    'After=network-online.target time-sync.target',
    '',
    '[Service]',
    'Type=exec',
    `User=${user}`,
    `WorkingDirectory=${folder.replaceAll('%', '%%')}`,
    `ExecStart=${command.map(quote).join(' ')}`,
    `EnvironmentFile=-${`${folder}/${SECRETS}`.replaceAll('%', '%%')}`,
    'Restart=always',
    'RestartSec=5',
    'TimeoutStopSec=60',
    'LimitNOFILE=65536',
    'UMask=0077',
    // Lines of the journal would be called after Node; deploy/alloy looks for these.
    'SyslogIdentifier=alpr',
    ...describeData(data),
    '',
    ...HARDENING,
    `ProtectHome=${isAtHome ? 'read-only' : 'yes'}`,
    ...DEVICES[options.devices],
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return `${lines.join('\n')}\n`;
}

/** systemd makes the folder where it lies in /var/lib; elsewhere it must be there and is opened for writing. */
function describeData(data: string): readonly string[] {
  const inState = /^\/var\/lib\/([^/].*)$/.exec(data)?.[1];
  if (inState === undefined) return [`ReadWritePaths=${quote(data)}`];
  return [`StateDirectory=${quote(inState)}`, 'StateDirectoryMode=0700'];
}

const HARDENING = [
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'SecureBits=noroot-locked',
  'ProtectSystem=strict',
  'PrivateTmp=yes',
  'PrivateMounts=yes',
  'ProtectHostname=yes',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectProc=invisible',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'RemoveIPC=yes',
  'LockPersonality=yes',
  'KeyringMode=private',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged',
  'SystemCallErrorNumber=EPERM',
];

const DEVICES: Readonly<Record<UnitOptions['devices'], readonly string[]>> = {
  none: ['PrivateUsers=yes', 'PrivateDevices=yes', 'DevicePolicy=closed', 'ProtectClock=yes'],
  video: ['SupplementaryGroups=video', 'DevicePolicy=closed', 'DeviceAllow=char-video4linux rw'],
  // The names of its devices differ between versions of L4T, and all belong to these groups: their owners decide, not this list.
  jetson: ['SupplementaryGroups=video render'],
};

/** An argument as systemd reads it back. */
function quote(text: string): string {
  const escaped = text.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./:@%$=+-]+$/.test(text) ? escaped : `"${escaped.replaceAll(/["\\]/g, '\\$&')}"`;
}

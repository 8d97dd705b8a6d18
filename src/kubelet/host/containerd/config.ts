import { readFileSync } from 'node:fs'
import { hostArchitecture } from '../images/sandbox-image.ts'
import { isInstalled, type LowLevelRuntime } from './low-level-runtime.ts'

export interface ContainerdConfig {
  /** Where images and containers are kept for good. */
  readonly root: string
  /** Where sockets and running state live; short, because paths of sockets may have 107 bytes only. */
  readonly state: string
  readonly sandboxImage: string
  readonly cniConfDir: string
  readonly cniBinDir: string
  readonly cgroupDriver: 'cgroupfs' | 'systemd'
  /** `overlayfs` where the file system can, else `native`. */
  readonly snapshotter: string
  /** What starts containers of pods whose RuntimeClass names nobody. */
  readonly lowLevelRuntime: LowLevelRuntime
  /** Folder with a `hosts.toml` per registry. */
  readonly registryConfigDir?: string
  /** Never asks for an OOM score below our own: for machines that withhold CAP_SYS_RESOURCE. */
  readonly restrictOomScoreAdj?: boolean
}

export const socketOf = (state: string): string => `${state}/containerd.sock`

/** Plugins that a node has no use for; each costs start-up time and memory. */
const disabledPlugins = [
  'io.containerd.snapshotter.v1.aufs',
  'io.containerd.snapshotter.v1.btrfs',
  'io.containerd.snapshotter.v1.devmapper',
  'io.containerd.snapshotter.v1.zfs',
  'io.containerd.tracing.processor.v1.otlp',
  'io.containerd.internal.v1.tracing',
  'io.containerd.internal.v1.opt',
]

const handlers: readonly LowLevelRuntime[] = ['runc', 'crun']

/** A containerd configuration file (version 2, which 1.6 to 2.x read). */
export function containerdToml(
  config: ContainerdConfig,
  hasProgram: (program: string) => boolean = isInstalled,
): string {
  const systemd = config.cgroupDriver === 'systemd'
  const runtimes = handlers.filter((handler) => handler === 'runc' || hasProgram(handler))
  return [
    'version = 2',
    `root = ${quoted(config.root)}`,
    `state = ${quoted(config.state)}`,
    `disabled_plugins = [${disabledPlugins.map(quoted).join(', ')}]`,
    '[grpc]',
    `  address = ${quoted(socketOf(config.state))}`,
    '[ttrpc]',
    `  address = ${quoted(`${socketOf(config.state)}.ttrpc`)}`,
    '[plugins."io.containerd.grpc.v1.cri"]',
    `  sandbox_image = ${quoted(config.sandboxImage)}`,
    '  disable_tcp_service = true',
    '  netns_mounts_under_state_dir = true',
    '  stream_server_address = "127.0.0.1"',
    '  stream_server_port = "0"',
    '  max_container_log_line_size = 16384',
    '  device_ownership_from_security_context = true',
    // Otherwise limits of huge pages hold the pod as a whole only. Machines without the controller are no matter.
    '  disable_hugetlb_controller = false',
    '  tolerate_missing_hugetlb_controller = true',
    // 1.7 knows CDI and leaves it off; older ones go past it.
    '  enable_cdi = true',
    ...(config.restrictOomScoreAdj ? ['  restrict_oom_score_adj = true'] : []),
    `  [plugins."io.containerd.grpc.v1.cri".cni]`,
    `    bin_dir = ${quoted(config.cniBinDir)}`,
    `    conf_dir = ${quoted(config.cniConfDir)}`,
    '    max_conf_num = 1',
    // From 2.0 on; older ones go past it and run a plugin, twice for each pod.
    '    use_internal_loopback = true',
    '  [plugins."io.containerd.grpc.v1.cri".containerd]',
    `    snapshotter = ${quoted(config.snapshotter)}`,
    `    default_runtime_name = ${quoted(config.lowLevelRuntime)}`,
    ...runtimes.flatMap((handler) => [
      `    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${handler}]`,
      '      runtime_type = "io.containerd.runc.v2"',
      `      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${handler}.options]`,
      `        BinaryName = ${quoted(handler)}`,
      `        SystemdCgroup = ${systemd}`,
      // Beside the rest of what runs, and gone with it.
      `        Root = ${quoted(`${config.state}/runc`)}`,
    ]),
    ...(config.registryConfigDir === undefined
      ? []
      : ['  [plugins."io.containerd.grpc.v1.cri".registry]', `    config_path = ${quoted(config.registryConfigDir)}`]),
    // From 2.0 on, images are unpacked by a service that knows the default snapshotter only.
    '[plugins."io.containerd.transfer.v1.local"]',
    '  [[plugins."io.containerd.transfer.v1.local".unpack_config]]',
    `    platform = ${quoted(`linux/${hostArchitecture()}`)}`,
    `    snapshotter = ${quoted(config.snapshotter)}`,
    '',
  ].join('\n')
}

/** TOML's basic strings are JSON's. */
const quoted = (text: string): string => JSON.stringify(text)

/** Whether this process may lower OOM scores (CAP_SYS_RESOURCE is bit 24). */
export function mayLowerOomScores(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${effective}`) >> 24n) & 1n) === 1n
}

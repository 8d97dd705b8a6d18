import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Terminal } from '../command.ts'
import { parseFlags } from '../flags/parse.ts'
import { commands } from '../registry.ts'
import { runCommandLine } from '../run.ts'
import { controllerManagerSettings } from '../commands/controller-manager.ts'
import { apiServerFlags, toleratedApiServerFlags } from './apiserver-flags.ts'
import { controllerManagerFlags, toleratedControllerManagerFlags } from './controller-manager-flags.ts'
import { configurationOf } from './kubelet-configuration.ts'
import { kubeletFlags, toleratedKubeletFlags } from './kubelet-flags.ts'
import { proxyFlags, toleratedProxyFlags } from './proxy-flags.ts'
import { schedulerFlags, toleratedSchedulerFlags } from './scheduler-flags.ts'

const sets = {
  apiserver: [apiServerFlags, toleratedApiServerFlags],
  'controller-manager': [controllerManagerFlags, toleratedControllerManagerFlags],
  kubelet: [kubeletFlags, toleratedKubeletFlags],
  proxy: [proxyFlags, toleratedProxyFlags],
  scheduler: [schedulerFlags, toleratedSchedulerFlags],
} as const

const page = readFileSync(new URL('../../../docs/flags.md', import.meta.url), 'utf8')
const [taken] = page.split('## Not taken')

test("files and texts that are upstream's are absent when they are empty", () => {
  const parameters = ['--client-ca-file=', '--kubelet-certificate-authority', '', '--audit-log-path=']
  const { values } = parseFlags(parameters, { command: 'k8ts apiserver', flags: apiServerFlags })
  const { 'client-ca-file': ca, 'kubelet-certificate-authority': kubeletCa, 'audit-log-path': log } = values
  expect([ca, kubeletCa, log]).toEqual([undefined, undefined, undefined])
})

describe.each(Object.entries(sets))('flags of k8ts %s', (name, [flags, { toggles, values, fixed = {} }]) => {
  test('have one meaning each', () => {
    const names = [...Object.keys(flags), ...toggles, ...values, ...Object.keys(fixed)]
    expect(names.filter((each, index) => names.indexOf(each) !== index)).toEqual([])
  })

  test('that change nothing are told in docs/flags.md, with the reason', () => {
    const unsaid = [...toggles, ...values, ...Object.keys(fixed)].filter((each) => !taken?.includes(`\`${each}\``))
    expect(unsaid).toEqual([])
    expect(page).toContain(`k8ts ${name}`)
  })

  test('that docs/flags.md says are not taken are not', () => {
    const row =
      page
        .split('## Not taken')[1]
        ?.split('\n')
        .find((line) => line.startsWith(`| \`${name}\``)) ?? ''
    const untaken = [...row.matchAll(/`([a-z\d-]+)`/g)].map(([, each = '']) => each).slice(1)
    expect(untaken.length).toBeGreaterThan(1)
    const known = [...Object.keys(flags), ...toggles, ...values, ...Object.keys(fixed)]
    expect(untaken.filter((each) => known.includes(each))).toEqual([])
  })
})

describe('--feature-gates', () => {
  const parse = (text: string): unknown =>
    parseFlags([`--feature-gates=${text}`], { command: 'k8ts scheduler', flags: schedulerFlags }).values[
      'feature-gates'
    ]

  test('names gates that are as they are', () => {
    expect(parse('APIServerIdentity=true,AllAlpha=false')).toEqual({ APIServerIdentity: true, AllAlpha: false })
  })

  test.each([
    [
      'APIServerIdentity=false',
      "flag --feature-gates: APIServerIdentity is on in this release, and can't be turned off",
    ],
    ['AllAlpha=true', "flag --feature-gates: AllAlpha is off in this release, and can't be turned on"],
    [
      'ApiServerIdentity=true',
      'flag --feature-gates: unrecognized feature gate: ApiServerIdentity, did you mean APIServerIdentity?',
    ],
    ['AllAlpha', 'flag --feature-gates: missing bool value for AllAlpha'],
    ['AllAlpha=no', 'flag --feature-gates: invalid value of AllAlpha=no: it is neither true nor false'],
  ])('%s is refused', (text, message) => {
    expect(() => parse(text)).toThrow(message)
  })
})

test('flags that can say one thing only say so', () => {
  const parse = (flag: string): unknown =>
    parseFlags([flag], { command: 'k8ts apiserver', flags: apiServerFlags, tolerated: toleratedApiServerFlags })
  expect(() => parse('--service-account-lookup')).not.toThrow()
  expect(() => parse('--service-account-lookup=false')).toThrow(
    'flag --service-account-lookup: it is "false", must be true: nothing else is possible here',
  )
})

test.each(commands.filter(({ name }) => name !== 'agent').map(({ name }) => name))(
  'k8ts %s --help tells its flags',
  async (name) => {
    const lines: string[] = []
    const terminal: Terminal = {
      print: (line) => void lines.push(line),
      complain: (line) => void lines.push(line),
      isInteractive: false,
      signal: new AbortController().signal,
    }
    expect(await runCommandLine([name, '--help'], commands, terminal)).toBe(0)
    expect(lines.join('\n')).toMatch(new RegExp(`^Usage: k8ts ${name}`))
  },
)

describe('configurationOf()', () => {
  const read = (...parameters: string[]): ReturnType<typeof configurationOf> => {
    const { values, given } = parseFlags(parameters, { command: 'k8ts kubelet', flags: kubeletFlags })
    return configurationOf(values, given)
  }

  test('takes what was given, in the form of a KubeletConfiguration', () => {
    expect(
      read(
        '--max-pods=5',
        '--cluster-dns=10.96.0.10',
        '--sync-frequency=90s',
        '--oom-score-adj=-500',
        '--minimum-image-ttl-duration=1h',
        '--rotate-certificates',
        '--eviction-hard=memory.available<50Mi,nodefs.available<5%',
        '--eviction-hard=imagefs.available<1Gi',
        '--eviction-soft=memory.available<1Gi',
        '--eviction-soft-grace-period=memory.available=30s',
        '--eviction-minimum-reclaim=memory.available=1Gi',
        '--eviction-max-pod-grace-period=20',
        '--eviction-pressure-transition-period=1m',
        '--container-log-max-size=1Mi',
        '--container-log-max-files=3',
        '--volume-stats-agg-period=10s',
        '--client-ca-file=/ca',
        '--kubeconfig=/kubeconfig',
        '--manifest-url=http://pods/',
        '--manifest-url-header=a:hello,b:again,c: world',
        '--manifest-url-header=b:http://beautiful',
        '--http-check-frequency=5s',
        '--register-with-taints=dedicated=gpu:NoSchedule,spare:NoExecute',
      ),
    ).toEqual({
      maxPods: 5,
      clusterDNS: ['10.96.0.10'],
      syncFrequency: '90000ms',
      oomScoreAdj: -500,
      imageMinimumGCAge: '3600000ms',
      rotateCertificates: true,
      evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '5%', 'imagefs.available': '1Gi' },
      evictionSoft: { 'memory.available': '1Gi' },
      evictionSoftGracePeriod: { 'memory.available': '30s' },
      evictionMinimumReclaim: { 'memory.available': '1Gi' },
      evictionMaxPodGracePeriod: 20,
      evictionPressureTransitionPeriod: '60000ms',
      containerLogMaxSize: '1Mi',
      containerLogMaxFiles: 3,
      volumeStatsAggPeriod: '10000ms',
      authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: '/ca' } },
      authorization: { mode: 'Webhook' },
      staticPodURL: 'http://pods/',
      staticPodURLHeader: { a: ['hello'], b: ['again', 'http://beautiful'], c: ['world'] },
      httpCheckFrequency: '5000ms',
      registerWithTaints: [
        { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' },
        { key: 'spare', value: '', effect: 'NoExecute' },
      ],
    })
  })

  test('has nobody asked without --kubeconfig, but for those who want it', () => {
    expect(read('--pod-manifest-path=/manifests')).toEqual({
      staticPodPath: '/manifests',
      authentication: { anonymous: { enabled: false }, webhook: { enabled: false } },
      authorization: { mode: 'AlwaysAllow' },
    })
    expect(read('--authorization-mode=Webhook', '--authentication-token-webhook')).toEqual({
      authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
      authorization: { mode: 'Webhook' },
    })
  })

  test('wants thresholds as upstream writes them', () => {
    expect(() => read('--eviction-hard=memory.available=50Mi')).toThrow(
      'flag --eviction-hard: malformed pair, expect string<string',
    )
  })

  test('leaves to a file what it says, unless a flag says otherwise', () => {
    expect(read('--config=/kubelet.yaml', '--port=0')).toEqual({ port: 0 })
    expect(read('--config=/kubelet.yaml', '--anonymous-auth')).toMatchObject({
      authentication: { anonymous: { enabled: true } },
    })
  })
})

test('flags of the controller manager say how fast pods leave nodes that are ill', () => {
  const { values } = parseFlags(
    [
      '--node-eviction-rate=0.5',
      '--secondary-node-eviction-rate=0.2',
      '--unhealthy-zone-threshold=0.9',
      '--large-cluster-size-threshold=7',
    ],
    { command: 'k8ts controller-manager', flags: controllerManagerFlags },
  )
  expect(controllerManagerSettings(values).options).toMatchObject({
    nodeHealth: { rates: { rate: 0.5, secondaryRate: 0.2, unhealthyShare: 0.9, largeZone: 7 } },
  })
})

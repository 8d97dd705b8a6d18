import { describe, expect, test } from 'vitest'
import type { FlagSet } from './flag.ts'
import { describeFlags } from './help.ts'
import * as kind from './kinds.ts'
import { nearest } from './nearest.ts'
import { parseFlags } from './parse.ts'

interface Values {
  readonly 'secure-port': number
  readonly 'bind-address': string
  readonly 'allow-privileged': boolean
  readonly 'feature-gates': { readonly [name: string]: string }
  readonly 'api-audiences': readonly string[]
  readonly 'service-account-issuer': readonly string[]
  readonly 'service-cluster-ip-range': readonly string[]
  readonly 'service-node-port-range': kind.PortRange
  readonly 'event-ttl': number
  readonly runtime: 'containerd' | 'simulated'
  readonly v: number
}

const flags: FlagSet<Values> = {
  'secure-port': kind.port(6443, 'Port of HTTPS.'),
  'bind-address': kind.address('0.0.0.0', 'Address to listen at.'),
  'allow-privileged': kind.toggle(false, 'Privileged containers.'),
  'feature-gates': kind.pairs('Features.'),
  'api-audiences': kind.list([], 'Audiences.'),
  'service-account-issuer': kind.repeated('Issuers.'),
  'service-cluster-ip-range': kind.blocks(['10.96.0.0/12'], 'Services.'),
  'service-node-port-range': kind.portRange({ from: 30_000, to: 32_767 }, 'Node ports.'),
  'event-ttl': kind.duration(3_600_000, 'How long events stay.'),
  runtime: kind.choice(['containerd', 'simulated'], 'containerd', 'Runtime.'),
  v: { ...kind.integer(0, 'Level of the log.'), short: 'v' },
}
const tolerated = { toggles: ['profiling'], values: ['goaway-chance'] }
const read = (...parameters: string[]): ReturnType<typeof parseFlags<Values>> =>
  parseFlags(parameters, { command: 'k8ts apiserver', flags, tolerated })

describe('parseFlags()', () => {
  test('gives defaults where nothing was given', () => {
    const { values, given, rest, help } = read()
    expect(values).toEqual({
      'secure-port': 6443,
      'bind-address': '0.0.0.0',
      'allow-privileged': false,
      'feature-gates': {},
      'api-audiences': [],
      'service-account-issuer': [],
      'service-cluster-ip-range': ['10.96.0.0/12'],
      'service-node-port-range': { from: 30_000, to: 32_767 },
      'event-ttl': 3_600_000,
      runtime: 'containerd',
      v: 0,
    })
    expect([given.size, rest, help]).toEqual([0, [], false])
  })

  test('takes values after an equals sign or as the next word, and underscores for dashes', () => {
    expect(read('--secure-port=1').values['secure-port']).toBe(1)
    expect(read('--secure-port', '2').values['secure-port']).toBe(2)
    expect(read('--secure_port=3').values['secure-port']).toBe(3)
    expect(read('-v=4').values.v).toBe(4)
    expect(read('-v', '5').values.v).toBe(5)
    expect(read('-v6').values.v).toBe(6)
    expect(read('--v=7').given).toEqual(new Set(['v']))
  })

  test('toggles need no value and never take the next word', () => {
    const { values, rest } = read('--allow-privileged', 'false')
    expect([values['allow-privileged'], rest]).toEqual([true, ['false']])
    expect(read('--allow-privileged=F').values['allow-privileged']).toBe(false)
  })

  test('lists, maps and repeated flags add up, and replace the default', () => {
    const { values } = read(
      '--api-audiences=a,b',
      '--api-audiences',
      'c',
      '--feature-gates=A=true,B=false',
      '--feature-gates=C=true',
      '--service-account-issuer=x,y',
      '--service-account-issuer=z',
      '--service-cluster-ip-range=10.0.0.0/24,fd00::/112',
    )
    expect(values['api-audiences']).toEqual(['a', 'b', 'c'])
    expect(values['feature-gates']).toEqual({ A: 'true', B: 'false', C: 'true' })
    expect(values['service-account-issuer']).toEqual(['x,y', 'z'])
    expect(values['service-cluster-ip-range']).toEqual(['10.0.0.0/24', 'fd00::/112'])
  })

  test('reads durations and ranges', () => {
    const { values } = read('--event-ttl=1h30m', '--service-node-port-range=1-2')
    expect([values['event-ttl'], values['service-node-port-range']]).toEqual([5_400_000, { from: 1, to: 2 }])
  })

  test('two dashes end the flags, and help is heard anywhere', () => {
    expect(read('a', '--', '--secure-port=1')).toMatchObject({ rest: ['a', '--secure-port=1'], help: false })
    expect(read('a', '-h').help).toBe(true)
    expect(read('--help').help).toBe(true)
  })

  test('flags of the twin without effect here are passed over, with their values', () => {
    expect(read('--profiling', '--goaway-chance', '0.1', 'x').rest).toEqual(['x'])
  })

  test.each([
    [['--secure-prot=1'], 'unknown flag --secure-prot, did you mean --secure-port? (see k8ts apiserver --help)'],
    [['--event_tll', '1'], 'unknown flag --event-tll, did you mean --event-ttl? (see k8ts apiserver --help)'],
    [['--zzzzzz'], 'unknown flag --zzzzzz (see k8ts apiserver --help)'],
    [['-x'], 'unknown flag -x (see k8ts apiserver --help)'],
    [['--constructor'], 'unknown flag --constructor (see k8ts apiserver --help)'],
    [['--secure-port'], 'flag --secure-port needs a value: --secure-port=int'],
    [['--secure-port=x'], 'flag --secure-port: "x" is no whole number'],
    [['--secure-port=70000'], 'flag --secure-port: it is 70000, must be at most 65535'],
    [['--allow-privileged=maybe'], 'flag --allow-privileged: "maybe" is neither true nor false'],
    [['--bind-address=localhost'], 'flag --bind-address: "localhost" is no IP address'],
    [['--feature-gates=A'], 'flag --feature-gates: "A" is no pair of the form name=value'],
    [
      ['--service-cluster-ip-range=10.0.0.0'],
      'flag --service-cluster-ip-range: "10.0.0.0" is no address block like 10.96.0.0/12',
    ],
    [['--service-node-port-range=9-1'], 'flag --service-node-port-range: "9-1" is no range of ports like 30000-32767'],
    [['--event-ttl=soon'], 'flag --event-ttl: "soon" is no duration like 30s or 1h30m'],
    [['--runtime=docker'], 'flag --runtime: it is "docker", must be one of containerd, simulated'],
  ])('%j is refused in words', (parameters, message) => {
    expect(() => read(...parameters)).toThrow(expect.objectContaining({ message, exitCode: 2 }))
  })
})

describe('nearest()', () => {
  test('counts swapped neighbours as one edit, and finds words inside others', () => {
    expect(nearest('pu', ['up', 'down'])).toBe('up')
    expect(nearest('prot', ['port', 'root'])).toBe('port')
    expect(nearest('kubeconfig', ['authorization-kubeconfig', 'v'])).toBe('authorization-kubeconfig')
    expect(nearest('elephant', ['up', 'down'])).toBeUndefined()
  })
})

describe('describeFlags()', () => {
  test('shows type, default and help in two columns', () => {
    const lines = describeFlags(flags).split('\n')
    expect(lines[0]).toMatch(/^ {6}--secure-port int {2,}Port of HTTPS\. \(default 6443\)$/)
    expect(lines.find((line) => line.includes('-v, --v int'))).toMatch(
      /^ {2}-v, --v int {2,}Level of the log\. \(default 0\)$/,
    )
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  test('shows defaults as one would give them', () => {
    const page = describeFlags(flags)
    for (const words of ['How long events stay. (default 1h0m0s)', 'Node ports. (default 30000-32767)']) {
      expect(page).toContain(words)
    }
  })
})

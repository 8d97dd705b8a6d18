import type {
  ExecAction,
  GRPCAction,
  HTTPGetAction,
  Lifecycle,
  PodOS,
  Probe,
  SleepAction,
  TCPSocketAction,
} from '#api/core/v1'
import {
  fieldForbidden,
  invalidValue,
  isHTTPHeaderName,
  isPortName,
  isPortNumber,
  notSupported,
  required,
} from '#machinery'
import type { FieldError, IntOrString, Path } from '#machinery'

/** What a probe or a hook does. */
interface Handler {
  readonly exec?: ExecAction
  readonly httpGet?: HTTPGetAction
  readonly tcpSocket?: TCPSocketAction
  readonly grpc?: GRPCAction
  readonly sleep?: SleepAction
}

function validateHandler(handler: Handler, grace: number | undefined, path: Path): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler
  const checks: { readonly [kind in keyof Handler]: (at: Path) => FieldError[] } = {
    ...(exec ? { exec: (at) => ((exec.command ?? []).length === 0 ? [required(at.child('command'))] : []) } : {}),
    ...(httpGet ? { httpGet: (at) => validateHTTPGet(httpGet, at) } : {}),
    ...(tcpSocket ? { tcpSocket: (at) => validatePort(tcpSocket.port, at.child('port')) } : {}),
    ...(grpc ? { grpc: (at) => validatePort(grpc.port, at.child('port')) } : {}),
    ...(sleep ? { sleep: (at) => validateSleep(sleep, grace, at) } : {}),
  }
  const all = Object.entries(checks)
  if (all.length === 0) return [required(path, 'must specify a handler type')]
  return all.flatMap(([kind, check], index) =>
    index === 0
      ? check(path.child(kind))
      : [fieldForbidden(path.child(kind), 'may not specify more than 1 handler type')],
  )
}

function validateHTTPGet(get: HTTPGetAction, path: Path): FieldError[] {
  const errors: FieldError[] = []
  if (!get.path) errors.push(required(path.child('path')))
  errors.push(...validatePort(get.port, path.child('port')))
  const schemes = ['HTTP', 'HTTPS']
  if (!schemes.includes(get.scheme ?? '')) errors.push(notSupported(path.child('scheme'), get.scheme ?? '', schemes))
  for (const { name } of get.httpHeaders ?? []) {
    for (const problem of isHTTPHeaderName(name)) errors.push(invalidValue(path.child('httpHeaders'), name, problem))
  }
  return errors
}

function validatePort(port: IntOrString, at: Path): FieldError[] {
  const problems = typeof port === 'number' ? isPortNumber(port) : isPortName(port)
  return problems.map((problem) => invalidValue(at, port, problem))
}

function validateSleep({ seconds }: SleepAction, grace: number | undefined, at: Path): FieldError[] {
  if (grace === undefined || (seconds >= 0 && seconds <= grace)) return []
  const why = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`
  return [invalidValue(at, seconds, why)]
}

/** Hooks; `grace` are the seconds a pod has to end. */
export function validateLifecycle(
  { postStart, preStop, stopSignal }: Lifecycle,
  grace: number | undefined,
  os: PodOS | undefined,
  path: Path,
): FieldError[] {
  return [
    ...(postStart ? validateHandler(postStart, grace, path.child('postStart')) : []),
    ...(preStop ? validateHandler(preStop, grace, path.child('preStop')) : []),
    ...(stopSignal === undefined ? [] : validateStopSignal(stopSignal, os, path.child('stopSignal'))),
  ]
}

const realTime = (name: 'SIGRTMIN+' | 'SIGRTMAX-', count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index + 1}`)

const linuxSignals: readonly string[] = [
  ...'SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE'.split(
    ' ',
  ),
  ...'SIGPOLL SIGPROF SIGPWR SIGQUIT SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN'.split(' '),
  ...'SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIGRTMIN SIGRTMAX'.split(' '),
  ...realTime('SIGRTMIN+', 15),
  ...realTime('SIGRTMAX-', 14),
].toSorted()

function validateStopSignal(signal: string, os: PodOS | undefined, at: Path): FieldError[] {
  if (!os) return [fieldForbidden(at, 'may not be set for containers with empty `spec.os.name`')]
  const known = os.name === 'windows' ? ['SIGKILL', 'SIGTERM'] : os.name === 'linux' ? linuxSignals : [signal]
  return known.includes(signal) ? [] : [notSupported(at, signal, known)]
}

interface Probes {
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly startupProbe?: Probe
}

export function validateProbes(
  { livenessProbe, readinessProbe, startupProbe }: Probes,
  grace: number | undefined,
  path: Path,
): FieldError[] {
  const errors: FieldError[] = []
  if (livenessProbe) errors.push(...validateOnceProbe(livenessProbe, grace, path.child('livenessProbe')))
  if (readinessProbe) {
    const at = path.child('readinessProbe')
    errors.push(...validateProbe(readinessProbe, grace, at))
    const { terminationGracePeriodSeconds: own } = readinessProbe
    if (own !== undefined) {
      const why = 'must not be set for readinessProbes'
      errors.push(invalidValue(at.child('terminationGracePeriodSeconds'), own, why))
    }
  }
  if (startupProbe) errors.push(...validateOnceProbe(startupProbe, grace, path.child('startupProbe')))
  return errors
}

/** A probe that has succeeded when it has succeeded once. */
function validateOnceProbe(probe: Probe, grace: number | undefined, path: Path): FieldError[] {
  const errors = validateProbe(probe, grace, path)
  const { successThreshold = 0 } = probe
  if (successThreshold !== 1) errors.push(invalidValue(path.child('successThreshold'), successThreshold, 'must be 1'))
  return errors
}

const counts = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const

function validateProbe(probe: Probe, grace: number | undefined, path: Path): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc } = probe
  const handler = {
    ...(exec ? { exec } : {}),
    ...(httpGet ? { httpGet } : {}),
    ...(tcpSocket ? { tcpSocket } : {}),
    ...(grpc ? { grpc } : {}),
  }
  const errors = validateHandler(handler, grace, path)
  for (const field of counts) {
    const value = probe[field] ?? 0
    if (value < 0) errors.push(invalidValue(path.child(field), value, 'must be greater than or equal to 0'))
  }
  const own = probe.terminationGracePeriodSeconds
  if (own !== undefined && own <= 0)
    errors.push(invalidValue(path.child('terminationGracePeriodSeconds'), own, 'must be greater than 0'))
  return errors
}

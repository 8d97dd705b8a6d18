import type { PodSpec } from '#api/core/v1'
import { duplicate, invalidValue, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'

const longest = 253
const pattern = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'
const regex = new RegExp(pattern)

export function validateSysctls(spec: PodSpec, path: Path, options: PodValidationOptions): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const [index, { name }] of (spec.securityContext?.sysctls ?? []).entries()) {
    const at = path.index(index).child('name')
    if (name === '') errors.push(required(at))
    else if (name.length > longest || !regex.test(name))
      errors.push(invalidValue(at, name, `must have at most ${longest} characters and match regex ${pattern}`))
    else if (seen.has(name)) errors.push(duplicate(at, name))
    const onHost = options.allowNamespacedSysctlsOnHost ? undefined : hostSysctlError(name, spec, at)
    if (onHost) errors.push(onHost)
    seen.add(name)
  }
  return errors
}

/** A pod can't set what belongs to a namespace that it shares with the host. */
export function hostSysctlError(name: string, spec: PodSpec, at: Path): FieldError | undefined {
  const namespace = namespaceOf(name)
  if (spec.hostNetwork === true && namespace === 'net')
    return invalidValue(at, name, "may not be specified when 'hostNetwork' is true")
  if (spec.hostIPC === true && namespace === 'ipc')
    return invalidValue(at, name, "may not be specified when 'hostIPC' is true")
  return undefined
}

const ipcNames = new Set(
  ['sem', 'shmall', 'shmmax', 'shmmni', 'shm_rmid_forced', 'shm', 'msgmax', 'msgmnb', 'msgmni', 'msg'].map(
    (name) => `kernel.${name}`,
  ),
)

/** The kernel namespace that a sysctl, or all those up to a `*`, belong to. */
function namespaceOf(name: string): 'ipc' | 'net' | undefined {
  const [known = ''] = withDots(name).split('*', 1)
  if (ipcNames.has(known) || known.startsWith('fs.mqueue.')) return 'ipc'
  return known.startsWith('net.') ? 'net' : undefined
}

/** Sysctls are written with either separator; the first one that comes says which. */
function withDots(name: string): string {
  if (/[./]/.exec(name)?.[0] !== '/') return name
  return name.replaceAll(/[./]/g, (separator) => (separator === '/' ? '.' : '/'))
}

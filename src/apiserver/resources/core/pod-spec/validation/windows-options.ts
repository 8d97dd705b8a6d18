import type { PodSpec, WindowsSecurityContextOptions } from '#api/core/v1'
import { byteLength, invalidValue, isDNS1123Subdomain, named } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { containersWithPath } from '../visit.ts'

const largestCredentialSpec = 64 * 1024
const longestDomain = 256
const longestUser = 104

const netBiosName = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/
const dnsLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const dnsName = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`)

export function validateWindowsOptions(options: WindowsSecurityContextOptions | undefined, path: Path): FieldError[] {
  if (!options) return []
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: credentials, runAsUserName: user } = options
  const errors: FieldError[] = []
  if (name !== undefined) {
    for (const problem of isDNS1123Subdomain(name))
      errors.push(invalidValue(path.child('gmsaCredentialSpecName'), named(name), problem))
  }
  if (credentials !== undefined) {
    const at = path.child('gmsaCredentialSpec')
    if (credentials === '')
      errors.push(invalidValue(at, named(credentials), 'gmsaCredentialSpec cannot be an empty string'))
    else if (byteLength(credentials) > largestCredentialSpec)
      errors.push(invalidValue(at, named(credentials), 'gmsaCredentialSpec size must be under 64 KiB'))
  }
  if (user !== undefined) {
    for (const problem of userProblems(user))
      errors.push(invalidValue(path.child('runAsUserName'), named(user), problem))
  }
  return errors
}

function userProblems(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string']
  if (hasControlCharacter(name)) return ['runAsUserName cannot contain control characters']
  const parts = name.split('\\')
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash']
  const user = parts.at(-1) ?? ''
  const domain = parts.length === 2 ? (parts[0] ?? '') : undefined
  const problems: string[] = []
  if (domain !== undefined && byteLength(domain) >= longestDomain)
    problems.push(`runAsUserName's Domain length must be under ${longestDomain} characters`)
  if (domain !== undefined && !netBiosName.test(domain) && !dnsName.test(domain))
    problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
  if (user === '') problems.push("runAsUserName's User cannot be empty")
  else if (byteLength(user) > longestUser)
    problems.push(`runAsUserName's User length must not be longer than ${longestUser} characters`)
  if (/^[. ]+$/.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces")
  if (/["/\\:;|=,+*?<>@[\]]/.test(user))
    problems.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]')
  return problems
}

const hasControlCharacter = (text: string): boolean =>
  Array.from(text).some((character) => character < ' ' || character === '\u007f')

/** Containers of a pod run as processes of the host all or none, and then on its network. */
export function validateHostProcesses(spec: PodSpec, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess
  let all = 0
  let onHost = 0
  for (const [container, at] of containersWithPath(spec, path)) {
    all++
    const own = container.securityContext?.windowsOptions?.hostProcess
    if (ofPod !== undefined && own !== undefined && own !== ofPod) {
      const why = `pod hostProcess value must be identical if both are specified, was ${ofPod}`
      errors.push(invalidValue(at.child('securityContext', 'windowsOptions', 'hostProcess'), own, why))
    }
    if (own ?? ofPod) onHost++
  }
  if (onHost === 0) return errors
  if (onHost !== all) {
    const why = 'If pod contains any hostProcess containers then all containers must be HostProcess containers'
    errors.push(invalidValue(path, '', why))
  }
  if (spec.hostNetwork !== true) {
    const why = 'hostNetwork must be true if pod contains any hostProcess containers'
    errors.push(invalidValue(path.child('hostNetwork'), false, why))
  }
  return errors
}

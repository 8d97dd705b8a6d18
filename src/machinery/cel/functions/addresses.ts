import { quote } from '../../errors/quote.ts'

/** Why a text is no address, in the words of upstream's parser; `undefined` when it is one. */
export function addressProblem(text: string): string | undefined {
  const found = /[.:%]/.exec(text)?.[0]
  const problem = found === '.' ? ipv4Problem(text) : found === ':' ? ipv6Problem(text) : { why: unnamed(found) }
  if (!problem) return undefined
  const { why, at } = problem
  return `ParseAddr(${quote(text)}): ${why}${at === undefined || at === '' ? '' : ` (at ${quote(at)})`}`
}

const unnamed = (found: string | undefined): string => (found === '%' ? 'missing IPv6 address' : 'unable to parse IP')

interface Problem {
  readonly why: string
  readonly at?: string
}

function ipv4Problem(text: string): Problem | undefined {
  let fields = 0
  let digits = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (/\d/.test(character)) {
      if (digits === '0') return { why: 'IPv4 field has octet with leading zero' }
      digits += character
      if (Number(digits) > 255) return { why: 'IPv4 field has value >255' }
    } else if (character === '.') {
      if (at === 0 || at === text.length - 1 || text[at - 1] === '.')
        return { why: 'IPv4 field must have at least one digit', at: text.slice(at) }
      if (fields === 3) return { why: 'IPv4 address too long' }
      fields++
      digits = ''
    } else return { why: 'unexpected character', at: text.slice(at) }
  }
  return fields < 3 ? { why: 'IPv4 address too short' } : undefined
}

function ipv6Problem(text: string): Problem | undefined {
  const [whole = '', zone] = text.split(/%([^]*)/)
  if (zone === '') return { why: 'zone must be a non-empty string' }
  let rest = whole
  let groups = 0
  let gap = rest.startsWith('::')
  if (gap) rest = rest.slice(2)
  while (rest !== '' && groups < 8) {
    const digits = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? ''
    if (digits.length > 4) return { why: 'each group must have 4 or less digits', at: rest }
    if (digits === '') return { why: 'each colon-separated field must have at least one digit', at: rest }
    if (rest[digits.length] === '.') return embeddedProblem(rest, groups, gap)
    groups++
    rest = rest.slice(digits.length)
    if (rest === '') break
    if (!rest.startsWith(':')) return { why: 'unexpected character, want colon', at: rest }
    if (rest === ':') return { why: 'colon must be followed by more characters', at: rest }
    rest = rest.slice(1)
    if (!rest.startsWith(':')) continue
    if (gap) return { why: 'multiple :: in address', at: rest }
    gap = true
    rest = rest.slice(1)
  }
  if (rest !== '') return { why: 'trailing garbage after address', at: rest }
  if (groups < 8) return gap ? undefined : { why: 'address string too short' }
  return gap ? { why: 'the :: must expand to at least one field of zeros' } : undefined
}

/** An IPv4 address at the end of one of IPv6. */
function embeddedProblem(rest: string, groups: number, gap: boolean): Problem | undefined {
  if (!gap && groups !== 6)
    return { why: 'embedded IPv4 address must replace the final 2 fields of the address', at: rest }
  if (groups > 6) return { why: 'too many hex fields to fit an embedded IPv4 at the end of the address', at: rest }
  return ipv4Problem(rest)
}

/** Why a text is no network, in the words of upstream's parser; `undefined` when it is one. */
export function networkProblem(text: string): string | undefined {
  const slash = text.lastIndexOf('/')
  const refuse = (why: string): string => `netip.ParsePrefix(${quote(text)}): ${why}`
  if (slash < 0) return refuse("no '/'")
  const address = text.slice(0, slash)
  const problem = addressProblem(address)
  if (problem !== undefined) return refuse(problem)
  if (address.includes('%')) return refuse('IPv6 zones cannot be present in a prefix')
  const bits = text.slice(slash + 1)
  if (!/^(?:0|[1-9]\d*)$/.test(bits)) return refuse(`bad bits after slash: ${quote(bits)}`)
  return Number(bits) > (address.includes(':') ? 128 : 32) ? refuse('prefix length out of range') : undefined
}

import { expect, test } from 'vitest'
import { errorBody } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import { Path } from '../field/path.ts'
import * as dns from './dns.ts'
import * as domains from './domains.ts'
import * as ip from './ip.ts'
import * as keys from './keys.ts'
import { nameIsDNS1035Label, nameIsDNSLabel, nameIsDNSSubdomain, nameIsPathSegment } from './names.ts'
import * as numbers from './numbers.ts'

type Check = (value: string) => readonly string[]

const accepted = (check: Check, values: readonly string[]): readonly string[] =>
  values.filter((value) => check(value).length === 0)

const errorsOf = (errors: readonly FieldError[]): readonly string[] =>
  errors.map((error) => `${error.field}: ${errorBody(error)}`)

const long = (length: number): string => 'a'.repeat(length)

test('names of DNS keep their alphabets and lengths', () => {
  const values = [
    'a',
    'a-1',
    '1-a',
    'A',
    '-a',
    'a-',
    'a.b',
    'a_b',
    '_a',
    '*.a.b',
    '',
    'a\n',
    long(63),
    long(64),
    long(254),
  ]
  const some = (check: Check): readonly string[] => accepted(check, values).filter((value) => value.length < 20)
  expect([
    some(dns.isDNS1123Label),
    some(dns.isDNS1123Subdomain),
    some(dns.isDNS1123SubdomainWithUnderscore),
    some(dns.isDNS1035Label),
    some(dns.isWildcardDNS1123Subdomain),
  ]).toEqual([
    ['a', 'a-1', '1-a'],
    ['a', 'a-1', '1-a', 'a.b'],
    ['a', 'a-1', '1-a', 'a.b', 'a_b', '_a'],
    ['a', 'a-1'],
    ['*.a.b'],
  ])
  expect(accepted(dns.isDNS1123Label, [long(63), long(64)])).toEqual([long(63)])
  expect(accepted(dns.isDNS1123Subdomain, [long(253), long(254)])).toEqual([long(253)])
})

test('names of DNS say what is wrong in the words of the API', () => {
  expect([dns.isDNS1123Label('a.b'), dns.isDNS1123Label(`${long(64)}_`)]).toEqual([
    ['must not contain dots'],
    [
      'must be no more than 63 characters',
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ])
})

test('qualified names are a name, maybe after a subdomain and a slash', () => {
  const values = ['a', 'A_b.c-1', 'x.io/a', '-a', 'a/', '/a', 'a/b/c', 'X/a', '', long(63), long(64)]
  expect(accepted(keys.isQualifiedName, values)).toEqual(['a', 'A_b.c-1', 'x.io/a', long(63)])
  expect([keys.isQualifiedName('/a'), keys.isQualifiedName(long(64)), keys.isQualifiedName('X/a')[0]]).toEqual([
    ['prefix part must be non-empty'],
    ['name part must be no more than 63 bytes'],
    "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ])
})

test('label values, config map keys, environment variables and others keep their rules', () => {
  const values = [
    '',
    'a',
    '-a',
    'A.b_c-d',
    '.',
    '..',
    '..a',
    '1a',
    'a b',
    'a=b',
    '5%',
    'X-H',
    'a/b',
    'a%',
    '7',
    '-7',
    '07',
    '\u00e9',
  ]
  expect({
    labelValue: accepted(keys.isLabelValue, values),
    configMapKey: accepted(keys.isConfigMapKey, values),
    envVarName: accepted(keys.isEnvVarName, values),
    relaxed: accepted(keys.isRelaxedEnvVarName, values).length,
    identifier: accepted(keys.isCIdentifier, values),
    header: accepted(keys.isHTTPHeaderName, values),
    percent: accepted(keys.isPercent, values),
    integer: accepted(keys.isDecimalInteger, values),
    notSegment: values.filter((value) => nameIsPathSegment(value, false).length > 0),
    notPrefix: values.filter((value) => nameIsPathSegment(value, true).length > 0),
  }).toEqual({
    labelValue: ['', 'a', 'A.b_c-d', '1a', 'X-H', '7', '07'],
    configMapKey: ['a', '-a', 'A.b_c-d', '1a', 'X-H', '7', '-7', '07'],
    envVarName: ['a', '-a', 'A.b_c-d', 'X-H', '-7'],
    relaxed: 15,
    identifier: ['a'],
    header: ['a', '-a', '1a', 'X-H', '7', '-7', '07'],
    percent: ['5%'],
    integer: ['7', '-7'],
    notSegment: ['.', '..', '5%', 'a/b', 'a%'],
    notPrefix: ['5%', 'a/b', 'a%'],
  })
  expect(nameIsPathSegment('a/b%', false)).toEqual(["may not contain '/'", "may not contain '%'"])
})

test('port names and numbers keep their rules', () => {
  expect(numbers.isPortName('-a--B-')).toEqual([
    'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    'must not contain consecutive hyphens',
    'must not begin or end with a hyphen',
  ])
  expect([numbers.isPortName('80'), numbers.isPortName(long(16)), numbers.isPortName('http')]).toEqual([
    ['must contain at least one letter (a-z)'],
    ['must be no more than 15 characters'],
    [],
  ])
  expect([
    numbers.isPortNumber(0),
    numbers.isPortNumber(65_535),
    numbers.isUserID(-1),
    numbers.isGroupID(2 ** 31),
  ]).toEqual([
    ['must be between 1 and 65535, inclusive'],
    [],
    ['must be between 0 and 2147483647, inclusive'],
    ['must be between 0 and 2147483647, inclusive'],
  ])
})

test('the beginning of a generated name may end with a dash', () => {
  const checks = [nameIsDNSSubdomain, nameIsDNSLabel, nameIsDNS1035Label]
  expect(checks.map((check) => [check('ab-', true).length, check('ab-', false).length])).toEqual([
    [0, 1],
    [0, 1],
    [0, 1],
  ])
})

test('domains are checked part by part', () => {
  const at = Path.of('x')
  expect(
    [
      domains.isFullyQualifiedName(at, 'a.b'),
      domains.isFullyQualifiedName(at, 'a.b.c'),
      domains.isFullyQualifiedDomainName(at, 'a.'),
      domains.isFullyQualifiedDomainName(at, 'a.b.'),
      domains.isFullyQualifiedDomainName(at, `a.${long(64)}`),
      domains.isDomainPrefixedPath(at, 'a.io/b'),
      domains.isDomainPrefixedPath(at, 'b'),
      domains.isDomainPrefixedPath(at, 'a.io/#'),
      domains.isDomainPrefixedKey(at, 'b'),
      domains.isDomainPrefixedKey(at, ''),
    ].map(errorsOf),
  ).toEqual([
    ['x: Invalid value: "a.b": should be a domain with at least three segments separated by dots'],
    [],
    ['x: Invalid value: "a": should be a domain with at least two segments separated by dots'],
    [],
    [`x: Invalid value: "${long(64)}": must be no more than 63 characters`],
    [],
    ['x: Invalid value: "b": must be a domain-prefixed path (such as "acme.io/foo")'],
    ["x: Invalid value: \"#\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"],
    ['x: Invalid value: "b": must be a domain-prefixed key (such as "acme.io/foo")'],
    ['x: Required value'],
  ])
})

test('addresses and blocks are checked for clear and canonical spelling', () => {
  const at = Path.of('x')
  const body = (errors: readonly FieldError[]): string => errors.map((error) => error.detail).join()
  expect(
    ['10.0.0.1', 'fe80::1', '010.0.0.1', '::ffff:1.2.3.4', 'FE80::1', 'x'].map((value) =>
      body(ip.isValidIP(at, value)),
    ),
  ).toEqual([
    '',
    '',
    'must not have leading 0s',
    'must not be an IPv4-mapped IPv6 address',
    'must be in canonical form ("fe80::1")',
    'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ])
  const blocks = ['10.0.0.0/8', '10.0.0.1/8', '10.0.0.0/08', '::ffff:1.2.3.4/120', '2001:DB8::/32', '10.0.0.0']
  expect(blocks.map((value) => body(ip.isValidCIDR(at, value)))).toEqual([
    '',
    'must not have bits set beyond the prefix length',
    'must not have leading 0s in IP or prefix length',
    'must not have an IPv4-mapped IPv6 address',
    'must be in canonical form ("2001:db8::/32")',
    'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
  ])
  expect([
    ip.isValidIPForLegacyField(at, '010.0.0.1', ['010.0.0.1']),
    ip.isValidCIDRForLegacyField(at, 'x', ['x']),
    ip.isValidInterfaceAddress(at, '192.168.1.5/24'),
    ip.warningsForIP(at, '10.0.0.1'),
    ip.warningsForCIDR(at, '10.0.0.0/8'),
  ]).toEqual([[], [], [], [], []])
})

test('warnings tell how addresses and blocks should be written', () => {
  expect([
    ip.warningsForIP('x', '010.0.0.1'),
    ip.warningsForIP('x', 'FE80::1'),
    ip.warningsForCIDR('x', '10.0.0.1/8'),
    ip.warningsForCIDR('x', 'FE80::/64'),
  ]).toEqual([
    ['x: non-standard IP address "010.0.0.1" is invalid: use "10.0.0.1"'],
    ['x: IPv6 address "FE80::1" should be in RFC 5952 canonical format ("fe80::1")'],
    ['x: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)'],
    ['x: IPv6 CIDR value "FE80::/64" should be in RFC 5952 canonical format ("fe80::/64")'],
  ])
})

/** Texts that mean something somewhere in the API, and texts that nobody expects. */

/** Names are few, so that requests meet each other's objects. */
export const names: readonly string[] = ['fz-a', 'fz-b']
export const namespaces: readonly string[] = ['fz-1', 'fz-2']

export const odd: readonly string[] = [
  '',
  ' ',
  'a b',
  '..',
  '%2F',
  '-',
  'UPPER',
  'ä',
  '😀',
  '\ud800',
  '\u0000',
  'x'.repeat(64),
  'x'.repeat(300),
  'null',
  '__proto__',
  'constructor',
  'toString',
  'kubernetes.io/x',
  'a.b.c/d',
  '1e9',
  '-1',
  '<&>"\'\\',
]

/** Properties that every object of the platform has. */
export const inherited: readonly string[] = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty']

export const labelKeys: readonly string[] = ['app', 'fuzz', 'k8s.io/x', 'kubernetes.io/hostname']
export const labelValues: readonly string[] = ['a', 'b', '', 'a.b_c', '1']

export const quantities: readonly string[] = [
  '0',
  '1',
  '100m',
  '1Gi',
  '1.5',
  '-1',
  '1e3',
  '1n',
  '9'.repeat(30),
  'abc',
  '',
]
export const times: readonly string[] = [
  '2024-01-01T00:00:00Z',
  '2024-01-01T00:00:00.123456Z',
  '2038-01-19T03:14:08+02:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2024-13-01T00:00:00Z',
  'yesterday',
]
export const numbers: readonly number[] = [
  0,
  1,
  2,
  3,
  5,
  80,
  443,
  8080,
  30_000,
  65_535,
  65_536,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 53,
  1e15,
  0.5,
]

/** Common Expression Language: right, wrong, and greedy. */
export const expressions: readonly string[] = [
  'true',
  'false',
  'object.metadata.name.startsWith("fz")',
  'object.spec.replicas <= 5',
  'has(object.spec) && has(object.spec.containers) && object.spec.containers.all(c, c.image != "")',
  'oldObject == null || oldObject.metadata.labels == object.metadata.labels',
  'request.userInfo.groups.exists(g, g == "system:masters")',
  'params.data["a"] == "b"',
  'authorizer.group("").resource("pods").namespace("fz-1").check("get").allowed()',
  'namespaceObject.metadata.labels["fuzz"] == "yes"',
  'variables.v == 1',
  'self.matches("^(a+)+$")',
  'self.a == oldSelf.a',
  'self.all(x, self.all(y, self.all(z, x == y && y == z)))',
  'self.map(x, self.map(y, self.map(z, [x, y, z])))',
  '"a".matches("(")',
  '1 / 0 == 1',
  'duration("1h") > duration("x")',
  'quantity("1Gi").isGreaterThan(quantity("x"))',
  'ip("::1").isLoopback()',
  'format.dns1123Label().validate("a").hasValue()',
  'Object{metadata: Object.metadata{labels: {"a": "b"}}}',
  '[JSONPatch{op: "add", path: "/metadata/labels/x", value: "y"}]',
  '(((((((((((((((((((((((((true)))))))))))))))))))))))))',
  'object.',
  '[1, 2, 3',
  '"\\u{110000}"',
  '{"a": 1}["b"] == 1',
  'optional.of(1).orValue(2) == 1',
  'cel.bind(x, 1, x + 1) == 2',
  '"ab".repeat(3)',
  `${'1 + '.repeat(200)}1 == 201`,
  `${'['.repeat(120)}${']'.repeat(120)} == []`,
]
export const patterns: readonly string[] = [
  '^a+$',
  '(a+)+$',
  '(',
  '[',
  'a{1000}',
  '(a{100}){100}',
  '\\p{L}',
  '(?=a)',
  '.*',
]

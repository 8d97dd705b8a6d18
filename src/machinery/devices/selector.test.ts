import { expect, test } from 'vitest'
import { compileDeviceSelector } from './selector.ts'

const device = {
  attributes: {
    model: { string: 'large' },
    cores: { int: 8 },
    ready: { bool: true },
    driverVersion: { version: '1.10.2' },
    'other.example.com/model': { string: 'odd' },
  },
  capacity: { memory: { value: '80Gi' } },
}

function matches(source: string): boolean | string {
  const program = compileDeviceSelector(source)
  if ('problems' in program) return program.problems.split('\n')[0] ?? ''
  try {
    return program.matches('gpu.example.com', device)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

const own = 'device.attributes["gpu.example.com"]'

test.each([
  ['device.driver == "gpu.example.com"', true],
  [`${own}.model == "large" && ${own}.cores >= 8`, true],
  [`${own}.ready`, true],
  [`${own}.driverVersion.isGreaterThan(semver("1.9.0"))`, true],
  ['device.capacity["gpu.example.com"].memory.isGreaterThan(quantity("40Gi"))', true],
  ['device.capacity["gpu.example.com"].memory.compareTo(quantity("80Gi")) == 0', true],
  ['device.attributes["other.example.com"].model == "odd"', true],
  [`cel.bind(gpu, ${own}, gpu.model == "large" && gpu.cores == 8)`, true],
  ['device.allowMultipleAllocations', false],
  ['"nowhere.example.com" in device.attributes', false],
  ['"other.example.com" in device.attributes', true],
  ['has(device.attributes["nowhere.example.com"].model)', false],
  [`${own}.serial == "1"`, 'no such key: serial'],
  ['device.name == "a"', "ERROR: <input>:1:7: undefined field 'name'"],
  [`${own}.model`, 'CEL result of type string could not be converted to bool'],
])('%s comes to %s', (source, expected) => {
  expect(matches(source)).toBe(expected)
})

test('a value that is bound and not used is not computed', () => {
  expect(matches('cel.bind(never, 1 / 0 == 0, true)')).toBe(true)
})

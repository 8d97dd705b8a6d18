import { expect, test } from 'vitest'
import { readConfiguration } from './configuration.ts'

const memory = (value: string): object => ({ 'memory.available': value })

test.each([
  [{ evictionHard: { 'disk.available': '1Gi' } }, 'unsupported eviction signal disk.available'],
  [{ evictionHard: memory('-5%') }, 'eviction percentage threshold memory.available must be >= 0%: -5%'],
  [{ evictionHard: memory('101%') }, 'eviction percentage threshold memory.available must be <= 100%: 101%'],
  [{ evictionHard: memory('0') }, 'eviction threshold memory.available must be positive: 0'],
  [{ evictionHard: memory('%') }, 'read configuration: % is no percentage'],
  [{ evictionSoft: memory('1Gi') }, 'grace period must be specified for the soft eviction threshold memory.available'],
  [
    { evictionSoftGracePeriod: memory('-1s') },
    'invalid eviction grace period specified: -1s, must be a positive value',
  ],
  [{ evictionSoftGracePeriod: { 'disk.available': '1s' } }, 'unsupported eviction signal disk.available'],
  [
    { evictionMinimumReclaim: memory('0%') },
    'eviction percentage minimum reclaim memory.available must be positive: 0%',
  ],
  [{ evictionMinimumReclaim: memory('-1') }, 'negative eviction minimum reclaim specified for memory.available'],
  [{ evictionMinimumReclaim: { 'disk.available': '1' } }, 'unsupported eviction signal disk.available'],
  [
    { imageGCHighThresholdPercent: 101 },
    'invalid configuration: imageGCHighThresholdPercent (--image-gc-high-threshold) 101 must be between 0 and 100, inclusive',
  ],
  [
    { imageGCLowThresholdPercent: -1 },
    'invalid configuration: imageGCLowThresholdPercent (--image-gc-low-threshold) -1 must be between 0 and 100, inclusive',
  ],
  [
    { imageGCLowThresholdPercent: 85 },
    'invalid configuration: imageGCLowThresholdPercent (--image-gc-low-threshold) 85 must be less than imageGCHighThresholdPercent (--image-gc-high-threshold) 85',
  ],
  [{ imageMinimumGCAge: '-1s' }, 'invalid configuration: imageMinimumGCAge -1s must not be negative'],
  [{ imageMaximumGCAge: '-1s' }, 'invalid configuration: imageMaximumGCAge -1s must not be negative'],
  [
    { imageMaximumGCAge: '2m' },
    'invalid configuration: imageMaximumGCAge 2m0s must be greater than imageMinimumGCAge 2m0s',
  ],
  [
    { containerLogMonitorInterval: '2s' },
    'invalid configuration: containerLogMonitorInterval must be a positive time duration greater than or equal to 3s',
  ],
  [{ containerLogMaxFiles: 1 }, 'invalid configuration: containerLogMaxFiles must be greater than 1'],
])('a node is not to run full by a mistake: %j is refused', (given, message) => {
  expect(() => readConfiguration(given)).toThrow(message)
})

test('thresholds that are off, and those of the file system that layers lie on, are taken', () => {
  const evictionHard = { 'memory.available': '0%', 'nodefs.available': '100%', 'containerfs.available': '5%' }
  const evictionSoft = { 'pid.available': '0%' }
  const config = readConfiguration({ evictionHard, evictionSoft, evictionMinimumReclaim: memory('5%') })
  expect(config).toMatchObject({ evictionHard, evictionSoft, evictionMinimumReclaim: memory('5%') })
})

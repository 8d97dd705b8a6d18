import { expect, test } from 'vitest'
import { formatDevices, parseDevices } from './checkpoint.ts'

/** As upstream's kubelet writes them. */
const written = [
  '{"Data":{"PodDeviceEntries":[{"PodUID":"uid-a","ContainerName":"c","ResourceName":"example.com/x",' +
    '"DeviceIDs":{"-1":["d2","d1"],"1":["d3"]},"AllocResp":"CgVh/yIK"}],' +
    '"RegisteredDevices":{"a.b/c":[],"example.com/x":["d1","d2"]}},"Checksum":3909576234}',
  '{"Data":{"PodDeviceEntries":null,"RegisteredDevices":{}},"Checksum":3467439661}',
  '{"Data":{"PodDeviceEntries":[],"RegisteredDevices":{"r/r":null}},"Checksum":3564537170}',
]

test('devices are kept as upstream’s kubelet keeps them, and read again', () => {
  for (const text of written) expect(JSON.parse(formatDevices(parseDevices(text)))).toEqual(JSON.parse(text))
})

test('what is broken is not read', () => {
  expect(() => parseDevices((written[0] ?? '').replace('d3', 'd4'))).toThrow('checkpoint is corrupted')
})

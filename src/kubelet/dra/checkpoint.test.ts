import { expect, test } from 'vitest'
import { formatClaims, parseClaims } from './checkpoint.ts'

/** As upstream's kubelet writes them. */
const written = [
  String.raw`{"Data":"{\"kind\":\"DRACheckpoint\",\"apiVersion\":\"checkpoint.dra.kubelet.k8s.io/v1\",\"ClaimInfoStateList\":[{\"ClaimUID\":\"uid-1\",\"ClaimName\":\"claim-1\",\"Namespace\":\"default\",\"PodUIDs\":{\"pod-a\":{},\"pod-b\":{}},\"DriverState\":{\"gpu.example.com\":{\"Devices\":[{\"PoolName\":\"node-1\",\"DeviceName\":\"gpu-0\",\"ShareID\":\"share-1\",\"RequestNames\":[\"gpu\"],\"CDIDeviceIDs\":[\"example.com/gpu=gpu-0\"]},{\"PoolName\":\"node-1\",\"DeviceName\":\"gpu-1\",\"ShareID\":null,\"RequestNames\":null,\"CDIDeviceIDs\":null}]},\"net.example.com\":{\"Devices\":null}}}]}","Checksum":3737648301}`,
  String.raw`{"Data":"{\"kind\":\"DRACheckpoint\",\"apiVersion\":\"checkpoint.dra.kubelet.k8s.io/v1\",\"ClaimInfoStateList\":null}","Checksum":4010664294}`,
]

test('claims are kept as upstream’s kubelet keeps them, and read again', () => {
  const [claims = '', none = ''] = written
  expect(formatClaims(parseClaims(claims))).toBe(claims)
  expect(parseClaims(none)).toEqual([])
  expect(parseClaims(formatClaims([]))).toEqual([])
})

test('what is broken is not read', () => {
  expect(() => parseClaims((written[0] ?? '').replace('gpu-1', 'gpu-2'))).toThrow('checkpoint is corrupted')
})

import {
  bool,
  bytes,
  double,
  duration,
  dyn,
  int,
  listType,
  mapType,
  nullType,
  string,
  timestamp,
  uint,
} from '../types/types.ts'
import type { CelType } from '../types/types.ts'

/** Names of types, which are values too. */
const types = new Map<string, CelType>([
  ['bool', bool],
  ['bytes', bytes],
  ['double', double],
  ['google.protobuf.Duration', duration],
  ['google.protobuf.Timestamp', timestamp],
  ['int', int],
  ['list', listType(dyn)],
  ['map', mapType(dyn, dyn)],
  ['net.CIDR', { kind: 'opaque', name: 'net.CIDR' }],
  ['net.IP', { kind: 'opaque', name: 'net.IP' }],
  ['null_type', nullType],
  ['optional_type', { kind: 'opaque', name: 'optional_type' }],
  ['string', string],
  ['type', { kind: 'type' }],
  ['uint', uint],
])

/** The type of that name. */
export function typeNamed(name: string): CelType | undefined {
  return types.get(name)
}

import type { Draft, StructType } from '#api'
import { copyJson } from '#base'
import {
  applyDefaults,
  comparedForm,
  decodeJson,
  fromUnstructured,
  mergeTypeOf,
  normalize,
  shownForm,
  storedForm,
} from '#machinery'
import type { Decoded, KubeObject } from '#machinery'
import type { DecodedObject, NamedKind, ObjectType } from './object-type.ts'
import type { ResourceRegistration } from './registration.ts'

/** The type of a built-in kind: canonical form and defaults by its struct, then those that code adds. */
export function builtinObjectType(
  { group, version, kind }: NamedKind,
  struct: StructType,
  defaults?: ResourceRegistration['defaults'],
): ObjectType {
  return {
    group,
    version,
    kind,
    struct,
    get mergeType() {
      return mergeTypeOf(struct)
    },
    decode: (body) => decodedObject(decodeJson(struct, body)),
    normalize: (object) => decodedObject(normalize(struct, copyJson(object))),
    assembled: (merged) => fromUnstructured(struct, copyJson(merged)).value as Draft<KubeObject>,
    shown: (object, base) => shownForm(struct, object, base),
    compared: (object, base) => comparedForm(struct, object, base),
    stored: storedAsJson.has(group)
      ? (object, base) => shownForm(struct, object, base)
      : (object, base) => storedForm(struct, object, base),
    applyDefaults(draft, base) {
      defaults?.(draft, base)
      return applyDefaults(struct, draft, base)
    },
  }
}

/** Groups whose objects are kept as JSON, which tells empty lists from none where it shows both; others are kept as protobuf. */
const storedAsJson: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io'])

function decodedObject({ value, strictErrors }: Decoded): DecodedObject {
  return { object: value as Draft<KubeObject>, strictErrors }
}

import { self } from '../fields/element.ts'
import type { PathElement } from '../fields/element.ts'
import { emptySet, NodeBuilder } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'

/** A declared field, with its position among all of its struct in the order of sets. */
export interface OrderedField {
  readonly element: PathElement
  readonly order: number
}

/** Stands, in a shape, for a node that is no shared one, to be put in its place each time. */
export const openNode: FieldSet = Object.freeze({ [self]: emptySet })

/** A field whose node is not in the shape. */
export interface OpenField {
  readonly field: OrderedField
  readonly node: FieldSet
}

/** Most shapes that are kept for a struct; who makes up ever new ones starts from nothing again. */
const maxShapes = 512

/**
 * The nodes that values of one struct give. Values of a struct nearly always have one of few sets of fields, so nodes are
 * found by walking from field to field, rather than made: all objects of a kind share them, and whole subtrees of sets
 * are equal because they are the same.
 */
export class Shapes {
  #start: Shape = new Shape(undefined, undefined, emptySet)
  #count = 0

  /** The shape without a field. */
  get start(): Shape {
    if (this.#count > maxShapes) {
      this.#start = new Shape(undefined, undefined, emptySet)
      this.#count = 0
    }
    return this.#start
  }

  /** The shape with one field more. */
  next(shape: Shape, field: OrderedField, node: FieldSet): Shape {
    const known = shape.known(field, node)
    if (known !== undefined) return known
    this.#count++
    return shape.learn(field, node)
  }
}

/** A node of a shape, with what it has in place of {@link openNode}. */
export function fillIn(node: FieldSet, open: readonly OpenField[]): FieldSet {
  const filled: { [element: PathElement]: FieldSet } = { ...node }
  for (const { field, node: below } of open) filled[field.element] = below
  return filled
}

/** Fields, in the order they came in, and the nodes below them. */
export class Shape {
  readonly #previous: Shape | undefined
  readonly #field: OrderedField | undefined
  readonly #node: FieldSet
  readonly #withLeaf: (Shape | undefined)[] = []
  readonly #withNode: (Map<FieldSet, Shape> | undefined)[] = []
  #bare: FieldSet | undefined
  #whole: FieldSet | undefined

  constructor(previous: Shape | undefined, field: OrderedField | undefined, node: FieldSet) {
    this.#previous = previous
    this.#field = field
    this.#node = node
  }

  known(field: OrderedField, node: FieldSet): Shape | undefined {
    return node === emptySet ? this.#withLeaf[field.order] : this.#withNode[field.order]?.get(node)
  }

  learn(field: OrderedField, node: FieldSet): Shape {
    const shape = new Shape(this, field, node)
    if (node === emptySet) this.#withLeaf[field.order] = shape
    else (this.#withNode[field.order] ??= new Map()).set(node, shape)
    return shape
  }

  get isEmpty(): boolean {
    return this.#previous === undefined
  }

  /** The fields, without what they lie in. */
  get bare(): FieldSet {
    return (this.#bare ??= this.builder(undefined).build(false))
  }

  /** The fields and what they lie in. */
  get whole(): FieldSet {
    if (this.isEmpty) return emptySet
    return (this.#whole ??= this.builder(undefined).build(true))
  }

  /** To go on with what is no shape. */
  builder(open: readonly OpenField[] | undefined): NodeBuilder {
    const builder = this.#previous?.builder(open) ?? new NodeBuilder()
    const field = this.#field
    if (field === undefined) return builder
    const filled = this.#node === openNode ? open?.find((one) => one.field === field)?.node : undefined
    builder.add(field.element, filled ?? this.#node, field.order)
    return builder
  }
}

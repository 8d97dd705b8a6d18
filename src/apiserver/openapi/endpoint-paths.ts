import { listStruct } from '../resource/builtin-types.ts'
import type { Endpoint, Subresource } from '../resource/resource.ts'
import { kindStruct, patchDefinition } from './definitions.ts'
import { pathItem } from './model.ts'
import type { Content, KindName, Method, Operation, Parameter, PathItem } from './model.ts'
import { identifier, operationNames } from './operation-ids.ts'
import {
  metaParameters,
  nameInPath,
  namespaceInPath,
  optionParameters,
  pretty,
  restOfPath,
} from './option-parameters.ts'

const status = { definition: 'io.k8s.apimachinery.pkg.apis.meta.v1.Status' }
const watchEvent = { definition: 'io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent' }
const deleteOptions = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions'

const textTypes = ['application/json', 'application/yaml']
const protobuf = 'application/vnd.kubernetes.protobuf'
const patchTypes = ['application/json-patch+json', 'application/merge-patch+json']
const strategicPatch = 'application/strategic-merge-patch+json'
const applyPatch = 'application/apply-patch+yaml'

/** What makes one operation of an endpoint another than the next. */
interface OperationParts {
  readonly method: Method
  /** What its id begins with. */
  readonly verb: string
  /** As documents call what it does; by its method when absent. */
  readonly action?: string
  /** What its id ends with. */
  readonly suffix: string
  readonly kind: KindName
  readonly answers: Operation['answers']
  /** Whether its id says that it is within a namespace; as the endpoint when absent. */
  readonly namespaced?: boolean | undefined
}

/** Every path of an endpoint. Paths of single watches, which are deprecated, are those of built-in resources only. */
export function endpointPaths(endpoint: Endpoint): PathItem[] {
  return new EndpointPaths(endpoint).all()
}

class EndpointPaths {
  readonly #endpoint: Endpoint
  readonly #builtin: boolean
  readonly #infix: string
  readonly #tag: string
  readonly #root: string
  readonly #media: readonly string[]
  readonly #streams: readonly string[]

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
    const { infix, tag } = operationNames(endpoint.group, endpoint.version)
    this.#infix = infix
    this.#tag = tag
    this.#root = endpoint.group === '' ? `/api/${endpoint.version}` : `/apis/${endpoint.group}/${endpoint.version}`
    this.#builtin = endpoint.type.struct !== undefined
    this.#media = this.#builtin ? [...textTypes, protobuf] : textTypes
    const streams = ['application/json;stream=watch', ...(this.#builtin ? [`${protobuf};stream=watch`] : [])]
    this.#streams = this.#builtin ? [...this.#media, ...streams] : this.#media
  }

  all(): PathItem[] {
    const { namespaced, plural, verbs } = this.#endpoint
    const within = namespaced ? `namespaces/{namespace}/${plural}` : plural
    const items = [this.#collection(`${this.#root}/${within}`)]
    if (namespaced && verbs.has('list')) items.push(this.#everywhere(`${this.#root}/${plural}`))
    items.push(this.#object(`${this.#root}/${within}/{name}`))
    for (const subresource of this.#endpoint.subresources.values()) {
      items.push(...this.#subresource(`${this.#root}/${within}/{name}/${subresource.name}`, subresource))
    }
    if (verbs.has('watch') && this.#builtin) items.push(...this.#watches(within))
    return items.filter(({ operations }) => operations.length > 0)
  }

  #collection(path: string): PathItem {
    const { verbs } = this.#endpoint
    const operations: Operation[] = []
    if (verbs.has('list')) operations.push(this.#list('list', '', this.#listContent()))
    if (verbs.has('create')) operations.push(this.#create(this.#content(), '', this.#endpoint))
    if (verbs.has('deletecollection')) operations.push(this.#deleteCollection())
    return pathItem(path, this.#scope(), operations)
  }

  #everywhere(path: string): PathItem {
    return pathItem(path, [pretty], [this.#list('list', 'ForAllNamespaces', this.#listContent(), false)])
  }

  #object(path: string): PathItem {
    const { verbs } = this.#endpoint
    const content = this.#content()
    const operations: Operation[] = []
    if (verbs.has('get')) operations.push(this.#read(content, '', this.#endpoint))
    if (verbs.has('update')) operations.push(this.#replace(content, '', this.#endpoint))
    if (verbs.has('delete')) operations.push(this.#delete(content))
    if (verbs.has('patch')) operations.push(this.#patch(content, '', this.#endpoint))
    return pathItem(path, [nameInPath, ...this.#scope()], operations)
  }

  #subresource(path: string, subresource: Subresource): PathItem[] {
    const { verbs, name } = subresource
    const suffix = identifier(name, true)
    const struct = kindStruct(subresource.group, subresource.version, subresource.kind)
    if (subresource.backing === 'connect') {
      if (name === 'log') return [this.#log(path)]
      const options = struct ? optionParameters(struct) : []
      return this.#connect(path, suffix, subresource, options)
    }
    const content = struct ? { definition: struct.definition } : this.#content()
    const operations: Operation[] = []
    // Subresources of custom resources all go by the kind of these.
    const kind = this.#endpoint.definition ? this.#endpoint : subresource
    if (verbs.has('get')) operations.push(this.#read(content, suffix, kind))
    if (verbs.has('update')) operations.push(this.#replace(content, suffix, kind))
    if (verbs.has('create')) operations.push(this.#create(content, suffix, kind))
    if (verbs.has('patch')) operations.push(this.#patch(content, suffix, kind))
    return [pathItem(path, [nameInPath, ...this.#scope()], operations)]
  }

  #log(path: string): PathItem {
    const options = kindStruct('', 'v1', 'PodLogOptions')
    const read = this.#operation({
      method: 'get',
      verb: 'read',
      suffix: 'Log',
      kind: this.#endpoint,
      answers: { 200: 'text' },
    })
    const operation = { ...read, produces: ['text/plain', ...this.#media] }
    const own = [nameInPath, ...this.#scope(), ...(options ? optionParameters(options) : [])]
    return pathItem(path, own, [operation])
  }

  /** Proxies take what follows them in the path, and every method. */
  #connect(path: string, suffix: string, subresource: Subresource, options: readonly Parameter[]): PathItem[] {
    const proxied = subresource.name === 'proxy'
    const methods: readonly Method[] = proxied
      ? ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']
      : ['get', 'post']
    const operations = (ending: string): Operation[] =>
      methods.map((method) => ({
        ...this.#operation({
          method,
          verb: 'connect',
          action: 'connect',
          suffix: ending,
          kind: subresource,
          answers: { 200: 'text' },
        }),
        id: `connect${this.#infix}${identifier(method, true)}${this.#subject()}${ending}`,
        produces: ['*/*'],
      }))
    const own = [nameInPath, ...this.#place(), ...options]
    const item = pathItem(path, own, operations(suffix))
    if (!proxied) return [item]
    return [item, pathItem(`${path}/{path}`, [...own, restOfPath], operations(`${suffix}WithPath`))]
  }

  #watches(within: string): PathItem[] {
    const { namespaced, plural } = this.#endpoint
    const root = `${this.#root}/watch`
    const items: PathItem[] = []
    const one = this.#list('watch', '', watchEvent)
    items.push(pathItem(`${root}/${within}/{name}`, [nameInPath, ...this.#scope()], [one]))
    items.push(pathItem(`${root}/${within}`, this.#scope(), [this.#list('watchlist', 'List', watchEvent)]))
    if (namespaced) {
      const everywhere = this.#list('watchlist', 'ListForAllNamespaces', watchEvent, false)
      items.push(pathItem(`${root}/${plural}`, [pretty], [everywhere]))
    }
    return items
  }

  /** Parameters of the place where the objects are. */
  #place(): Parameter[] {
    return this.#endpoint.namespaced ? [namespaceInPath] : []
  }

  #scope(): Parameter[] {
    return [...this.#place(), pretty]
  }

  #subject(namespaced: boolean | undefined = this.#endpoint.namespaced): string {
    return `${namespaced ? 'Namespaced' : ''}${this.#endpoint.kind}`
  }

  #content(): Content {
    return { definition: this.#endpoint.type.struct?.definition ?? this.#endpoint.definition?.name ?? '' }
  }

  #listContent(): Content {
    const list = listStruct(this.#endpoint.type)
    return { definition: list?.definition ?? this.#endpoint.definition?.listName ?? '' }
  }

  #operation({ method, verb, action = method, suffix, kind, answers, namespaced }: OperationParts): Operation {
    const { group, version, kind: name } = kind
    return {
      method,
      id: `${verb}${this.#infix}${this.#subject(namespaced)}${suffix}`,
      tag: this.#tag,
      action,
      kind: { group, version, kind: name },
      parameters: [],
      consumes: this.#builtin ? ['*/*'] : textTypes,
      produces: this.#media,
      answers,
    }
  }

  #read(content: Content, suffix: string, kind: KindName): Operation {
    const operation = this.#operation({ method: 'get', verb: 'read', suffix, kind, answers: { 200: content } })
    // The version that custom resources are read at may be asked for.
    const parameters = this.#builtin ? [] : metaParameters('GetOptions')
    return { ...operation, parameters }
  }

  #create(content: Content, suffix: string, kind: KindName): Operation {
    const answers = { 200: content, 201: content, 202: content }
    return {
      ...this.#operation({ method: 'post', verb: 'create', suffix, kind, answers }),
      parameters: metaParameters('CreateOptions'),
      body: bodyOf(content),
    }
  }

  #replace(content: Content, suffix: string, kind: KindName): Operation {
    return {
      ...this.#operation({ method: 'put', verb: 'replace', suffix, kind, answers: { 200: content, 201: content } }),
      parameters: metaParameters('UpdateOptions'),
      body: bodyOf(content),
    }
  }

  #patch(content: Content, suffix: string, kind: KindName): Operation {
    const answers: Operation['answers'] = this.#builtin ? { 200: content, 201: content } : { 200: content }
    return {
      ...this.#operation({ method: 'patch', verb: 'patch', suffix, kind, answers }),
      parameters: metaParameters('PatchOptions'),
      consumes: this.#builtin ? [...patchTypes, strategicPatch, applyPatch] : [...patchTypes, applyPatch],
      body: { definition: patchDefinition, required: true },
    }
  }

  #delete(content: Content): Operation {
    const { backing, group, plural } = this.#endpoint
    // Namespaces are given back, too, but upstream's documents do not say so.
    const told = group !== '' || plural !== 'namespaces'
    const returned =
      told && backing.kind === 'stored' && backing.resource.strategy.returnsDeletedObject ? content : status
    return {
      ...this.#operation({
        method: 'delete',
        verb: 'delete',
        suffix: '',
        kind: this.#endpoint,
        answers: { 200: returned, 202: returned },
      }),
      parameters: metaParameters('DeleteOptions'),
      body: { definition: deleteOptions, required: false },
    }
  }

  #deleteCollection(): Operation {
    const own = metaParameters('ListOptions').filter(({ name }) => name !== 'watch' && name !== 'allowWatchBookmarks')
    const operation = this.#operation({
      method: 'delete',
      verb: 'delete',
      action: 'deletecollection',
      suffix: '',
      kind: this.#endpoint,
      answers: { 200: status },
    })
    if (!this.#builtin) return { ...operation, id: this.#collectionId(), parameters: metaParameters('ListOptions') }
    return {
      ...operation,
      id: this.#collectionId(),
      parameters: [...own, ...metaParameters('DeleteOptions')],
      body: { definition: deleteOptions, required: false },
    }
  }

  #collectionId(): string {
    return `delete${this.#infix}Collection${this.#subject()}`
  }

  #list(action: 'list' | 'watch' | 'watchlist', suffix: string, content: Content, namespaced?: boolean): Operation {
    const verb = action === 'list' ? 'list' : 'watch'
    return {
      ...this.#operation({
        method: 'get',
        verb,
        action,
        suffix,
        kind: this.#endpoint,
        answers: { 200: content },
        namespaced,
      }),
      parameters: metaParameters('ListOptions'),
      produces: this.#streams,
    }
  }
}

function bodyOf(content: Content): { readonly definition: string; readonly required: true } {
  return { definition: content === 'text' ? '' : content.definition, required: true }
}

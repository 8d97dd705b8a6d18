/**
 * What a proxy shall do, whoever asked for it: Ingresses and Gateways are both turned into this, and engines are
 * configured from it. Everything in it is valid and self-contained.
 */
export interface RoutingModel {
  readonly listeners: readonly Listener[]
}

/** A port that clients connect to. */
export interface Listener {
  readonly port: number
  readonly tls: boolean
  /** By server name, the first that fits; clients that fit none get a certificate of the engine's own. */
  readonly certificates: readonly Certificate[]
  /** One for each pattern. A request belongs to the most specific that fits, and to no other. */
  readonly hosts: readonly VirtualHost[]
}

export interface Certificate {
  /** The object that asked for it, for messages. */
  readonly owner: string
  /** Server names for which it is shown (`a.example`, `*.example`); those it was issued for when empty. */
  readonly names: readonly string[]
  /** The certificate and those that lead to its authority, in PEM. */
  readonly certificate: string
  /** In PEM. */
  readonly key: string
}

/** Which host names: one, those one label below a domain, all those below a domain, all. */
export type HostPattern =
  | { readonly type: 'exact'; readonly name: string }
  /** `domain` has no leading dot. */
  | { readonly type: 'label' | 'suffix'; readonly domain: string }
  | { readonly type: 'any' }

export interface VirtualHost {
  readonly host: HostPattern
  /** The first that matches decides. */
  readonly rules: readonly Rule[]
}

export interface Rule {
  /** The object that asked for it, for messages: `Ingress default/web`. */
  readonly owner: string
  readonly match: Match
  readonly action: Action
}

/** All of it has to hold. */
export interface Match {
  readonly path: PathMatch
  readonly method?: string
  readonly conditions: readonly Condition[]
}

export interface PathMatch {
  /** `prefix` goes by whole elements between slashes; `regex` is found anywhere unless it has anchors. */
  readonly type: 'exact' | 'prefix' | 'regex'
  readonly value: string
  /** Of a regex: letters in either case. */
  readonly ignoreCase?: boolean
}

/** About one header, query parameter or cookie. */
export interface Condition {
  readonly of: 'header' | 'query' | 'cookie'
  readonly name: string
  readonly type: 'exact' | 'regex'
  readonly value: string
}

export type Action = Forward | Redirect | Answer

/** Answers without asking anybody. */
export interface Answer {
  readonly type: 'answer'
  readonly status: number
}

/** Sends the client elsewhere: what is absent stays as it was. */
export interface Redirect {
  readonly type: 'redirect'
  readonly status: number
  readonly scheme?: string
  readonly host?: string
  /** Not written when it is the usual one of the scheme; when absent that one, or the listener's where the scheme stays. */
  readonly port?: number
  readonly path?: PathRewrite
  /** A whole location, in place of all that. */
  readonly location?: string
  readonly filters?: readonly Filter[]
}

/** Asks one of several services, each as often as its weight says. */
export interface Forward {
  readonly type: 'forward'
  readonly targets: readonly Target[]
}

export interface Target {
  /** Share of the requests; whole. */
  readonly weight: number
  /** Where endpoints are found; nobody is asked and the answer is 500 when absent, because what was named is not there. */
  readonly pool?: PoolReference
  readonly protocol: BackendProtocol
  /** Whom the protocol, one of those with TLS, has to lead to; anybody when absent. */
  readonly tls?: BackendTls
  readonly filters: readonly Filter[]
  readonly limits: Limits
}

/** Who a backend has to be. */
export interface BackendTls {
  /** Whose certificates are believed: these, in PEM, or the system's. */
  readonly authority: 'system' | { readonly certificates: string }
  /** Asked for, and in the certificate unless there are `names`. */
  readonly hostname: string
  /** Of these the certificate has to have one. */
  readonly names?: readonly SubjectName[]
}

/** An alternative name of a certificate: of a host, where `*.` stands for any labels in front, or a URI. */
export interface SubjectName {
  readonly type: 'DNS' | 'URI'
  readonly value: string
}

/** `h2c` is HTTP/2 without TLS. */
export type BackendProtocol = 'http' | 'h2c' | 'https' | 'h2'

/** A port of a Service. */
export interface PoolReference {
  readonly namespace: string
  readonly service: string
  readonly port: number
}

/** Milliseconds, bytes and blocks of addresses; the engine's usual ones where absent. */
export interface Limits {
  readonly connectTimeout?: number
  /** For the answer to begin, and between two of its pieces. */
  readonly responseTimeout?: number
  readonly maxBody?: number
  readonly allowedSources?: readonly string[]
}

export type Filter =
  | {
      readonly type: 'request-headers' | 'response-headers'
      readonly set: readonly Header[]
      readonly add: readonly Header[]
      readonly remove: readonly string[]
    }
  | { readonly type: 'rewrite'; readonly host?: string; readonly path?: PathRewrite }
  | Mirror

/** Sends so many of the requests, `numerator` of `denominator`, to another service too, and nobody hears its answers. */
export interface Mirror {
  readonly type: 'mirror'
  readonly pool: PoolReference
  readonly protocol: BackendProtocol
  readonly tls?: BackendTls
  readonly numerator: number
  readonly denominator: number
}

export interface Header {
  readonly name: string
  readonly value: string
}

export type PathRewrite =
  | { readonly type: 'full'; readonly value: string }
  /** `prefix` is what matched. */
  | { readonly type: 'prefix'; readonly prefix: string; readonly value: string }
  /** `value` names groups of the expression as `$1`. */
  | { readonly type: 'regex'; readonly pattern: string; readonly ignoreCase: boolean; readonly value: string }

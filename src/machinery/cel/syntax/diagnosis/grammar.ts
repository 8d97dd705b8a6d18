/** Kinds of tokens in the order in which messages list them; what is not quoted stands for many texts. */
export const kinds = [
  '<EOF>',
  "'=='",
  "'!='",
  "'in'",
  "'<'",
  "'<='",
  "'>='",
  "'>'",
  "'&&'",
  "'||'",
  "'['",
  "']'",
  "'{'",
  "'}'",
  "'('",
  "')'",
  "'.'",
  "','",
  "'-'",
  "'!'",
  "'?'",
  "':'",
  "'+'",
  "'*'",
  "'/'",
  "'%'",
  "'true'",
  "'false'",
  "'null'",
  'NUM_FLOAT',
  'NUM_INT',
  'NUM_UINT',
  'STRING',
  'BYTES',
  'IDENTIFIER',
  'ESC_IDENTIFIER',
] as const

export type Kind = (typeof kinds)[number]

export type RuleName =
  | 'start'
  | 'expr'
  | 'conditionalOr'
  | 'conditionalAnd'
  | 'relation'
  | 'calc'
  | 'unary'
  | 'member'
  | 'primary'
  | 'exprList'
  | 'listInit'
  | 'fieldInitializerList'
  | 'optField'
  | 'mapInitializerList'
  | 'escapeIdent'
  | 'optExpr'
  | 'literal'

/** A part of a rule. */
export type Part =
  | { readonly is: 'token'; readonly kinds: readonly Kind[] }
  | { readonly is: 'rule'; readonly rule: RuleName; readonly precedence: number }
  /** Goes on only inside of what binds no tighter. */
  | { readonly is: 'binding'; readonly precedence: number }
  | { readonly is: 'sequence'; readonly parts: readonly Part[] }
  | { readonly is: 'choice'; readonly parts: readonly Part[] }
  | { readonly is: 'optional' | 'repeated' | 'atLeastOnce'; readonly part: Part }

const token = (...of: readonly Kind[]): Part => ({ is: 'token', kinds: of })
const symbol = (text: string): Part => token(`'${text}'` as Kind)
const rule = (name: RuleName, precedence = 0): Part => ({ is: 'rule', rule: name, precedence })
const binding = (precedence: number): Part => ({ is: 'binding', precedence })
const sequence = (...parts: readonly Part[]): Part => ({ is: 'sequence', parts })
const choice = (...parts: readonly Part[]): Part => ({ is: 'choice', parts })
const optional = (...parts: readonly Part[]): Part => ({ is: 'optional', part: sequence(...parts) })
const repeated = (part: Part): Part => ({ is: 'repeated', part })
const atLeastOnce = (part: Part): Part => ({ is: 'atLeastOnce', part })

const name = token('IDENTIFIER')
const separated = (part: Part): Part => sequence(part, repeated(sequence(symbol(','), part)))
const entry = (key: RuleName): Part => sequence(rule(key), symbol(':'), rule('expr'))
const args = sequence(symbol('('), optional(rule('exprList')), symbol(')'))
const literalEnd = (inner: RuleName, close: string): Part =>
  sequence(optional(rule(inner)), optional(symbol(',')), symbol(close))

/**
 * The grammar of the Common Expression Language, as its specification has it. Rules that stand at their own beginning are
 * loops, whose parts bind by precedence.
 */
export const grammar: { readonly [rule in RuleName]: Part } = {
  start: sequence(rule('expr'), token('<EOF>')),
  expr: sequence(rule('conditionalOr'), optional(symbol('?'), rule('conditionalOr'), symbol(':'), rule('expr'))),
  conditionalOr: sequence(rule('conditionalAnd'), repeated(sequence(symbol('||'), rule('conditionalAnd')))),
  conditionalAnd: sequence(rule('relation'), repeated(sequence(symbol('&&'), rule('relation')))),
  relation: sequence(
    rule('calc'),
    repeated(sequence(binding(1), token("'<'", "'<='", "'>='", "'>'", "'=='", "'!='", "'in'"), rule('relation', 2))),
  ),
  calc: sequence(
    rule('unary'),
    repeated(
      choice(
        sequence(binding(2), token("'*'", "'/'", "'%'"), rule('calc', 3)),
        sequence(binding(1), token("'+'", "'-'"), rule('calc', 2)),
      ),
    ),
  ),
  unary: choice(
    rule('member'),
    sequence(atLeastOnce(symbol('!')), rule('member')),
    sequence(atLeastOnce(symbol('-')), rule('member')),
  ),
  member: sequence(
    rule('primary'),
    repeated(
      choice(
        sequence(binding(3), symbol('.'), optional(symbol('?')), rule('escapeIdent')),
        sequence(binding(2), symbol('.'), name, args),
        sequence(binding(1), symbol('['), optional(symbol('?')), rule('expr'), symbol(']')),
      ),
    ),
  ),
  primary: choice(
    sequence(optional(symbol('.')), name),
    sequence(optional(symbol('.')), name, args),
    sequence(symbol('('), rule('expr'), symbol(')')),
    sequence(symbol('['), literalEnd('listInit', ']')),
    sequence(symbol('{'), literalEnd('mapInitializerList', '}')),
    sequence(
      optional(symbol('.')),
      name,
      repeated(sequence(symbol('.'), name)),
      symbol('{'),
      literalEnd('fieldInitializerList', '}'),
    ),
    rule('literal'),
  ),
  exprList: separated(rule('expr')),
  listInit: separated(rule('optExpr')),
  fieldInitializerList: separated(entry('optField')),
  optField: sequence(optional(symbol('?')), rule('escapeIdent')),
  mapInitializerList: separated(entry('optExpr')),
  escapeIdent: choice(name, token('ESC_IDENTIFIER')),
  optExpr: sequence(optional(symbol('?')), rule('expr')),
  literal: choice(
    sequence(optional(symbol('-')), token('NUM_INT')),
    token('NUM_UINT'),
    sequence(optional(symbol('-')), token('NUM_FLOAT')),
    token('STRING'),
    token('BYTES'),
    symbol('true'),
    symbol('false'),
    symbol('null'),
  ),
}

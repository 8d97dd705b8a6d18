/** Under which names OpenAPI 2 declares the parameters of the API that operations share: each name ends in a mark of what the parameter means. */
const shared = `
allowWatchBookmarks HC2hJt-J
continue QfD61s0i
fieldManager Qy4HdaTW
fieldManager@patch 7c6nTn1T
fieldSelector xIcQKXFG
force tOGGb0Yi
gracePeriodSeconds -K5HaBOS
ignoreStoreReadErrorWithClusterBreakingPotential QbNkfIqj
labelSelector 5Zw57w4C
limit 1NfNmdNH
namespace vgWSWtn3
orphanDependents uRB25kX5
pretty tJGM1-ng
propagationPolicy 6jk3prlO
resourceVersion 5WAnf1kx
resourceVersionMatch t8XhRHeC
sendInitialEvents rLXlEK_k
shardSelector Kgyki_3_
timeoutSeconds yvYezaOC
watch XNNPZGbK
command Py3eQybp
container@attach _Q-EJ3nR
container@exec i5dOmRiM
container@log 1GeXxFDC
stderr@attach 26jJhFUR
stderr@exec W_1TNlWc
stdin@attach sEFnN3IS
stdin@exec PSzNhyUC
stdout@attach 005YMKE6
stdout@exec -EZLRwV1
tty@attach g7MlET_l
tty@exec s0flW37O
follow 9OIXh_2R
insecureSkipTLSVerifyBackend gM00jVbe
limitBytes zwd1RXuc
previous 1jxDPu3y
sinceSeconds vE2NLdnP
stream l-48cgXv
tailLines 9xQLWHMV
timestamps c17fW1w_
ports 91KROJmm
path@pods oPbzgLUj
path@services QCf0eosM
path@nodes rFDtV0x9
path@path z6Ciiujn
body@delete 2Y1dVQaQ
body@patch 78PwaGsr`

const marks = new Map(
  shared
    .trim()
    .split('\n')
    .map((line): [string, string] => {
      const [name = '', mark = ''] = line.split(' ')
      return [name, mark]
    }),
)

/** Where a parameter stands. */
export interface Standing {
  /** The path with its parameters in braces. */
  readonly path: string
  /** Absent for parameters of all methods of the path. */
  readonly method?: string
  /** `path`, `query` or `body`. */
  readonly in: string
}

/** The name under which a parameter is declared for all; `undefined` where each operation says it itself. */
export function sharedName(name: string, { path, method, in: place }: Standing): string | undefined {
  const mark = marks.get(`${name}@${meaning(name, path, method, place)}`) ?? marks.get(name)
  return mark === undefined ? undefined : `${name}-${mark}`
}

/** What tells a parameter from others of its name. */
function meaning(name: string, path: string, method: string | undefined, place: string): string {
  if (name === 'path')
    return place === 'path' ? 'path' : (/(pods|services|nodes)\/\{name\}\/proxy/.exec(path)?.[1] ?? '')
  return method ?? path.slice(path.lastIndexOf('/') + 1)
}

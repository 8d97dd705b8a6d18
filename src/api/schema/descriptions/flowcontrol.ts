/** Which requests the API server takes first, and how many at a time. */
export const flowControlDescriptions = `
@flow.FlowSchema Requests that are alike, and the priority level at which the API server works on them.
spec The requests, and their priority level.
status What is known of the schema.

@flow.FlowSchemaSpec Requests that are alike, and their priority level.
distinguisherMethod What divides the requests into flows that share the server fairly; all are one flow when unset.
matchingPrecedence Of all schemas that match a request the one with the lowest number counts, 1 to 10000; 1000 when unset.
priorityLevelConfiguration Priority level of the requests; without it the schema has no effect.
rules Rules of which a request has to match one. Without any, no request is meant.

@flow.FlowDistinguisherMethod What divides requests into flows.
type ByUser, or ByNamespace: the namespace of the object that a request is about.

@flow.PriorityLevelConfigurationReference The priority level of requests.
name Name of the priority level.

@flow.PolicyRulesWithSubjects Requests of somebody for something: one of the subjects and one of the rules have to match.
nonResourceRules Requests for paths that are no resources; needed where resourceRules is empty.
resourceRules Requests for resources; needed where nonResourceRules is empty.
subjects Whose requests are meant; at least one.

@flow.Subject Somebody who makes requests. The field that kind names is set.
group Users of a group.
kind User, Group or ServiceAccount.
serviceAccount A service account, or all of a namespace.
user A user, or all of them.

@flow.UserSubject A user, or all of them.
name Name of the user; * for all.

@flow.GroupSubject Users of a group, or of any.
name Name of the group; * for all.

@flow.ServiceAccountSubject A service account, or all of a namespace.
name Name of the service account; * for all of the namespace.
namespace Namespace of the service account.

@flow.ResourcePolicyRule Requests for resources. They have to match all that is said.
apiGroups Groups of the resources; * alone for all.
clusterScope Whether requests without a namespace are meant: for objects that have none, or for all namespaces at once.
namespaces Namespaces of the requests; * for all of them, which leaves out requests without one. Needed unless clusterScope is true.
resources Resources, such as services or nodes/status; * alone for all.
verbs Verbs of the requests; * alone for all.

@flow.NonResourcePolicyRule Requests for paths that are no resources.
nonResourceURLs Paths, such as /healthz; /healthz/* for those below, * alone for all.
verbs Verbs of the requests; * alone for all.

@flow.FlowSchemaStatus What is known of a flow schema.
conditions Conditions of the schema, such as Dangling: whether its priority level is missing.

@flow.FlowSchemaCondition Something that is so, or is not, of a flow schema.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about: Dangling.

@flow.PriorityLevelConfiguration How many requests of a priority level the API server works on at a time, and what happens with more.
spec The limits.
status What is known of the priority level.

@flow.PriorityLevelConfigurationSpec Limits of a priority level.
exempt Seats of a level of type Exempt; not to be set for Limited.
limited Limits of a level of type Limited; needed there, and not to be set for Exempt.
type Exempt: requests never wait and have no limit; or Limited.

@flow.LimitedPriorityLevelConfiguration How many requests may be worked on at a time.
borrowingLimitPercent Seats that the level may borrow from others, in percent of its own; may be above 100, and there is no limit when unset.
lendablePercent Seats that others may borrow, in percent of the level's own, 0 to 100; 0 when unset.
limitResponse What happens with requests that there is no seat for.
nominalConcurrencyShares Share of the server's seats that the level has, in proportion to the shares of the other levels; 30 when unset. A request takes one seat or more.

@flow.ExemptPriorityLevelConfiguration Seats that are set aside for requests without a limit.
lendablePercent Seats that others may borrow, in percent of the level's own, 0 to 100; 0 when unset.
nominalConcurrencyShares Share of the server's seats that is set aside, in proportion to the shares of the other levels; 0 when unset. It does not limit the level's own requests.

@flow.LimitResponse What happens with requests that there is no seat for.
queuing Queues in which they wait; needed for type Queue, and not to be set for Reject.
type Queue, or Reject: they are refused with status 429.

@flow.QueuingConfiguration Queues in which requests of a priority level wait.
handSize Queues that a flow is dealt, by its hash; each of its requests waits in the shortest of them. At most queues, better far less; 8 when unset.
queueLengthLimit Requests that may wait in a queue; more are refused; 50 when unset.
queues How many queues each API server has for the level; 64 when unset. With 1, flows don't matter.

@flow.PriorityLevelConfigurationStatus What is known of a priority level.
conditions Conditions of the priority level.

@flow.PriorityLevelConfigurationCondition Something that is so, or is not, of a priority level.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about.
`

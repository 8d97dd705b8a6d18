/** Policies and webhooks that see requests before objects are stored. */
export const admissionDescriptions = `
@admission.ValidatingAdmissionPolicy Rules in CEL by which requests are let through, refused, warned of or audited. Bindings put it into force.
spec The rules, and which requests they are about.
status What is known of the policy, such as expressions whose types don't fit.

@admission.ValidatingAdmissionPolicySpec Rules of a policy, and which requests they are about. It needs a validation or an audit annotation.
auditAnnotations Annotations that the policy adds to the audit event of a request; at most 20.
failurePolicy What happens when the policy can't be evaluated, such as for an error in an expression or a wrong configuration: Fail or Ignore; Fail when unset.
matchConditions Conditions that must all be true for the policy to be evaluated; at most 64. None lets every request through that matchConstraints match.
matchConstraints Requests that the policy is about. At least one resource rule is needed; policies and their bindings themselves are never matched.
paramKind Kind of the objects that bindings give to the policy as parameters; without it there is no variable params.
validations Expressions that must be true for a request to be valid.
variables Named expressions that others use as variables.NAME; each may use those before it. Match conditions don't see them.

@admission.ValidatingAdmissionPolicyStatus What is known of a policy.
conditions Conditions of the policy.
observedGeneration Generation of the spec that this status is about.
typeChecking What came out when the types of the expressions were checked; set once that is done.

@admission.TypeChecking What came out when the types of a policy's expressions were checked.
expressionWarnings Expressions whose types don't fit.

@admission.ExpressionWarning An expression whose types don't fit.
fieldRef Path of the field with the expression, such as spec.validations[0].expression.
warning What does not fit, for people: each type that the expression was checked against, and the error of the compiler.

@admission.Validation An expression that must be true.
expression Expression in CEL that yields true or false. It sees object, oldObject, request, params, namespaceObject, variables and authorizer.
message What the client is told when the expression is false; it must not contain line breaks. Tells the expression when unset.
messageExpression Expression in CEL that yields the message, and goes before message. It sees the same variables but for authorizer; message is used when it fails or yields nothing or line breaks.
reason Reason, and with it the HTTP status, of the refusal: Forbidden, Invalid or RequestEntityTooLarge; Invalid when unset.

@admission.Variable A named expression that others use.
expression Expression in CEL for the value, evaluated when it is first used. It sees the same variables as a validation.
name Name of the variable: an identifier of CEL, unique in the policy. Others use it as variables.NAME.

@admission.AuditAnnotation An annotation for the audit event of a request.
key Name of the annotation, unique in the policy, of at most 63 characters. The policy's name and a slash are put before it.
valueExpression Expression in CEL of at most 5 KiB that yields the value, or null or an empty string for no annotation. Values are cut at 10 KiB; different ones of several bindings are joined by commas.

@admission.MatchCondition An expression that decides whether a webhook is called or a policy is evaluated.
expression Expression in CEL that yields true or false. It sees object, oldObject, request and authorizer, and in policies with a paramKind params.
name Name of the condition, unique in its list; it may begin with a domain and a slash.

@admission.ParamKind Kind of the objects that are parameters of a policy.
apiVersion Group and version of the kind, as GROUP/VERSION; the version alone for the core group.
kind Kind of the parameters.

@admission.ParamRef Objects that are the parameters of a policy. One of name and selector is set.
name Name of the object.
namespace Namespace of the objects; that of the object in the request when unset. It must be unset for a kind without namespaces.
parameterNotFoundAction What happens when there is no such object: Allow takes the request as valid, Deny leaves it to the policy's failurePolicy.
selector Labels of the objects; an empty selector means all of the kind. The policy is evaluated for each of them, and all have to agree.

@admission.MatchResources Requests that match a rule, no excluding rule, and both selectors.
excludeResourceRules Requests that are left out, even if resourceRules match them.
matchPolicy Exact, or Equivalent: requests for the same resource in another group or version count, too; Equivalent when unset.
namespaceSelector Labels of the object's namespace, or of the object when it is a namespace itself; all match when unset. Other objects without a namespace always match.
objectSelector Labels of the object, in its old or its new state; all match when unset. Users can set labels to get around it.
resourceRules Operations and resources of which a request has to match one. A binding without any takes all that its policy matches.

@admission.NamedRuleWithOperations Operations on resources, and names of the objects.
apiGroups Groups of the resources; * alone for all.
apiVersions Versions of the resources; * alone for all.
operations CREATE, UPDATE, DELETE, CONNECT, or * alone for all.
resourceNames Names of the objects; all when unset.
resources Resources, such as pods, pods/log, pods/* for all subresources of pods, * for all but subresources, or */* for all.
scope Cluster, Namespaced or *: whether the resources have namespaces. Subresources count as their resource does; * when unset.

@admission.ValidatingAdmissionPolicyBinding Puts a validating admission policy into force: where, with which parameters, and with what effect.
spec The policy, and how it is put into force.

@admission.ValidatingAdmissionPolicyBindingSpec How a validating admission policy is put into force.
matchResources Narrows down the requests that the policy is about; all that the policy matches when unset.
paramRef Parameters for the policy; without a meaning when the policy has no paramKind.
policyName Name of the policy; a binding to one that does not exist has no effect.
validationActions What a failed validation leads to: Deny refuses the request, Warn sends a warning to the client, Audit adds to the audit event. At least one; not Deny and Warn together.

@admission.MutatingAdmissionPolicy Changes to objects, written in CEL, that are made before they are stored. Bindings put it into force.
spec The changes, and which requests they are about.

@admission.MutatingAdmissionPolicySpec Changes that a policy makes, and which requests they are about.
failurePolicy What happens when the policy can't be evaluated, such as for an error in an expression or a wrong configuration: Fail or Ignore; Fail when unset.
matchConditions Conditions that must all be true for the policy to be evaluated; at most 64. None lets every request through that matchConstraints match.
matchConstraints Requests that the policy is about: CREATE, UPDATE and CONNECT, never DELETE. At least one resource rule is needed; policies and their bindings themselves are never matched.
mutations Changes, made one after the other; at least one.
paramKind Kind of the objects that bindings give to the policy as parameters; without it there is no variable params.
reinvocationPolicy Never, or IfNeeded: the changes may be made again in the same request when somebody else changed the object after them.
variables Named expressions that others use as variables.NAME; each may use those before it. Match conditions don't see them.

@admission.Mutation A change to an object, in the form that patchType says.
applyConfiguration Fields to be set, merged as server-side apply does; for patchType ApplyConfiguration alone.
jsonPatch Operations of a JSON Patch; for patchType JSONPatch alone.
patchType ApplyConfiguration or JSONPatch.

@admission.ApplyConfiguration Fields of an object that are to be set.
expression Expression in CEL that yields an Object with the fields, such as Object{spec: Object.spec{replicas: 3}}. It must not touch atomic lists, maps or structs.

@admission.JSONPatch Operations of a JSON Patch (RFC 6902).
expression Expression in CEL that yields a list of JSONPatch{op, path, from, value}. The function jsonpatch.escapeKey() escapes keys in paths.

@admission.MutatingAdmissionPolicyBinding Puts a mutating admission policy into force: where, and with which parameters.
spec The policy, and how it is put into force.

@admission.MutatingAdmissionPolicyBindingSpec How a mutating admission policy is put into force.
matchResources Narrows down the requests that the policy is about; all that the policy matches when unset. DELETE can't be matched.
paramRef Parameters for the policy; without a meaning when the policy has no paramKind.
policyName Name of the policy; a binding to one that does not exist has no effect.

@admission.ValidatingWebhookConfiguration Webhooks that are asked whether a request is let through.
webhooks The webhooks, with names of their own each.

@admission.MutatingWebhookConfiguration Webhooks that may change objects before they are stored, or refuse the request.
webhooks The webhooks, with names of their own each.

@admission.ValidatingWebhook A webhook that is asked whether a request is let through.
admissionReviewVersions Versions of AdmissionReview that the webhook understands, the best first. The server takes the first that it knows, too; there must be one.
clientConfig How the webhook is reached.
failurePolicy What happens when the webhook can't be reached or does not answer as it should: Fail or Ignore; Fail when unset.
matchConditions Conditions that must all be true for the webhook to be called; at most 64. When one has an error and none is false, failurePolicy decides.
matchPolicy Exact, or Equivalent: requests for the same resource in another group or version count, too, and are converted for the webhook; Equivalent when unset.
name Name of the webhook: a domain name of at least three parts, unique in the configuration.
namespaceSelector Labels of the object's namespace, or of the object when it is a namespace itself; all match when unset. Other objects without a namespace always match.
objectSelector Labels of the object, in its old or its new state; all match when unset. Users can set labels to get around it.
rules Operations and resources of which a request has to match one. Webhooks are never called for webhook configurations.
sideEffects Whether a call changes anything elsewhere: None, or NoneOnDryRun: it may, but not in a dry run.
timeoutSeconds Seconds until a call without an answer counts as failed, 1 to 30; 10 when unset.

@admission.MutatingWebhook A webhook that may change an object before it is stored, or refuse the request.
admissionReviewVersions Versions of AdmissionReview that the webhook understands, the best first. The server takes the first that it knows, too; there must be one.
clientConfig How the webhook is reached.
failurePolicy What happens when the webhook can't be reached or does not answer as it should: Fail or Ignore; Fail when unset.
matchConditions Conditions that must all be true for the webhook to be called; at most 64. When one has an error and none is false, failurePolicy decides.
matchPolicy Exact, or Equivalent: requests for the same resource in another group or version count, too, and are converted for the webhook; Equivalent when unset.
name Name of the webhook: a domain name of at least three parts, unique in the configuration.
namespaceSelector Labels of the object's namespace, or of the object when it is a namespace itself; all match when unset. Other objects without a namespace always match.
objectSelector Labels of the object, in its old or its new state; all match when unset. Users can set labels to get around it.
reinvocationPolicy Never, or IfNeeded: it may be called again in the same request when somebody else changed the object after its call; Never when unset.
rules Operations and resources of which a request has to match one. Webhooks are never called for webhook configurations.
sideEffects Whether a call changes anything elsewhere: None, or NoneOnDryRun: it may, but not in a dry run.
timeoutSeconds Seconds until a call without an answer counts as failed, 1 to 30; 10 when unset.

@admission.RuleWithOperations Operations on resources.
apiGroups Groups of the resources; * alone for all.
apiVersions Versions of the resources; * alone for all.
operations CREATE, UPDATE, DELETE, CONNECT, or * alone for all.
resources Resources, such as pods, pods/log, pods/* for all subresources of pods, * for all but subresources, or */* for all.
scope Cluster, Namespaced or *: whether the resources have namespaces. Subresources count as their resource does; * when unset.

@admission.Rule Resources by group, version, name and scope.
apiGroups Groups of the resources; * alone for all.
apiVersions Versions of the resources; * alone for all.
resources Resources, such as pods, pods/log, pods/* for all subresources of pods, * for all but subresources, or */* for all.
scope Cluster, Namespaced or *: whether the resources have namespaces. Subresources count as their resource does; * when unset.

@admission.WebhookClientConfig How a webhook is reached. One of url and service is set.
caBundle Certificates of the authorities, in PEM, by which the webhook's certificate is checked; those of the API server's system when unset.
service Service of the cluster that the webhook is behind.
url Address of the webhook, beginning with https://; without user, query and fragment.

@admission.ServiceReference A service that a webhook is behind.
name Name of the service.
namespace Namespace of the service.
path Path that requests go to.
port Port of the service, 1 to 65535; 443 when unset.
`

/** Kinds that users add to the API. */
export const extensionDescriptions = `
@extensions.CustomResourceDefinition A kind that is added to the API. Its name is PLURAL.GROUP.
spec What the kind is like.
status Whether it is served, and under which names.

@extensions.CustomResourceDefinitionSpec What an added kind is like.
conversion How objects are converted between versions.
group Group of the kind, such as example.com: it is served below /apis/GROUP.
names Names of the kind.
preserveUnknownFields Must be false; true is what old definitions still have. Schemas say with x-kubernetes-preserve-unknown-fields which fields stay.
scope Namespaced or Cluster: whether objects are in namespaces.
versions Versions of the kind. Clients prefer v2 to v1, v1 to v1beta1 and that to v1alpha1; other names come last, in alphabetical order.

@extensions.CustomResourceDefinitionNames Names of an added kind.
categories Groups of resources that it belongs to, such as all, for kubectl get all.
kind Name of the kind in objects, in CamelCase and singular.
listKind Name of the kind of lists; the kind and List when unset.
plural Name of the resource in paths, plural and in small letters.
shortNames Short names for clients, in small letters.
singular Name of one object for clients, in small letters; the kind in small letters when unset.

@extensions.CustomResourceDefinitionStatus Whether an added kind is served, and under which names.
acceptedNames Names that it is served under. They differ from those of the spec while others have these.
conditions Conditions such as NamesAccepted and Established.
observedGeneration Generation of the definition that this status is about.
storedVersions Versions in which objects were ever stored. One that is in here can not be taken out of the spec; who has rewritten the objects removes it here first.

@extensions.CustomResourceDefinitionCondition Something that is so, or is not, of an added kind.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
observedGeneration Generation of the definition that this condition is about.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about, such as Established, NamesAccepted, NonStructuralSchema or Terminating.

@extensions.CustomResourceDefinitionVersion A version of an added kind.
additionalPrinterColumns Columns that kubectl get shows after the name; the age when unset.
deprecated Whether clients that use the version are warned.
deprecationWarning Text of that warning, in the place of the usual one; only with deprecated.
name Name of the version, such as v1beta1.
schema What objects look like; by it they are checked and completed, and lose fields that it does not have.
selectableFields Fields that objects can be selected by, besides name and namespace; at most 8.
served Whether requests for the version are answered.
storage Whether objects are stored in this version; true of exactly one.
subresources Subresources that objects have: status and scale.

@extensions.CustomResourceColumnDefinition A column that kubectl get shows.
description What the column is, for people.
format Format of the values: int32, int64, float, double, byte, date, date-time or password.
jsonPath Path of the value in the object, such as .spec.replicas.
name Title of the column.
priority 0 for columns that are always shown; others are only shown with -o wide.
type Type of the values: integer, number, string, boolean or date.

@extensions.SelectableField A field that objects can be selected by.
jsonPath Path of the field, such as .spec.color: a text, boolean or whole number, without lists on the way and outside of metadata. Selects as empty where it is absent.

@extensions.CustomResourceConversion How objects are converted between versions.
strategy None changes the apiVersion alone, Webhook asks a webhook; None when unset.
webhook The webhook; for strategy Webhook.

@extensions.WebhookConversion A webhook that converts objects.
clientConfig Where the webhook is, and whom to trust there.
conversionReviewVersions Versions of ConversionReview that the webhook understands, best first. The server takes the first that it knows; one has to be.

@extensions.WebhookClientConfig Where a webhook is: a URL or a service, one of the two.
caBundle Certificates, in PEM and base64, of authorities that the webhook's certificate may come from; those that the server's system trusts when unset.
service Service of the cluster that is the webhook.
url Address of the webhook, beginning with https://. It has no user, query or fragment.

@extensions.ServiceReference The service that is a webhook.
name Name of the service.
namespace Namespace of the service.
path Path that requests go to.
port Port of the service, 1 to 65535; 443 when unset.

@extensions.CustomResourceSubresources Subresources of an added kind.
scale Whether and how objects can be scaled, as kubectl scale and autoscalers do.
status Whether status is a subresource: the object itself then takes no changes of it, and the subresource no others.

@extensions.CustomResourceSubresourceStatus That status is a subresource; there is nothing to say about it.

@extensions.CustomResourceSubresourceScale Where in an object its scale is. Paths lead through no lists.
labelSelectorPath Path, below .status or .spec, of a text with the labels of the pods; autoscalers need it.
specReplicasPath Path, below .spec, of how many instances there should be. Objects without a value there have no scale.
statusReplicasPath Path, below .status, of how many instances there are; 0 when there is no value.

@extensions.CustomResourceValidation What objects look like.
openAPIV3Schema The schema, as OpenAPI 3 has it.

@extensions.JSONSchemaProps A schema: what a value has to look like.
$ref Not allowed in definitions of kinds.
$schema Which version of JSON Schema this is; without effect.
additionalItems Not allowed in definitions of kinds.
additionalProperties What values of an object are like whose keys are free; not together with properties.
allOf Schemas that all have to match. They add limits to types and fields that are declared outside of them.
anyOf Schemas of which at least one has to match. They add limits to types and fields that are declared outside of them.
default Value of a field that is absent.
definitions Not allowed in definitions of kinds.
dependencies Not allowed in definitions of kinds.
description What the value is, for people; kubectl explain shows it.
enum Values that are allowed.
example A value, as an example.
exclusiveMaximum Whether the maximum itself is too much.
exclusiveMinimum Whether the minimum itself is too little.
externalDocs Where there is more to read.
format Format of the value, such as int64, date-time, ipv4, uuid or byte. It is checked where the server knows it.
id Not allowed in definitions of kinds.
items What the elements of a list are like; one schema for all of them.
maxItems The most elements that a list may have.
maxLength The most characters that a text may have.
maxProperties The most fields that an object may have.
maximum The most that a number may be.
minItems The fewest elements that a list may have.
minLength The fewest characters that a text may have.
minProperties The fewest fields that an object may have.
minimum The least that a number may be.
multipleOf Number that the value has to be a multiple of.
not A schema that must not match.
nullable Whether the value may be null.
oneOf Schemas of which exactly one has to match. They add limits to types and fields that are declared outside of them.
pattern Regular expression that the text has to match somewhere.
patternProperties Not allowed in definitions of kinds.
properties Fields of an object, by name.
required Names of fields that have to be there.
title Title of the schema, for people.
type Type of the value: object, array, string, integer, number or boolean. Every value needs one, but for those that may be numbers or texts and those whose unknown fields stay.
uniqueItems Whether elements must differ; only false is allowed. A list of type set does what it is for.
x-kubernetes-embedded-resource Whether the value is an object of the API, with apiVersion, kind and metadata.
x-kubernetes-int-or-string Whether the value may be a whole number or a text. Type is left out then.
x-kubernetes-list-map-keys Fields that tell the elements of a list of type map apart; all of them required, or with defaults.
x-kubernetes-list-type How a list is merged: atomic as a whole, set by its values, map by the keys of its elements; atomic when unset.
x-kubernetes-map-type How an object is merged: granular by its fields, atomic as a whole; granular when unset.
x-kubernetes-preserve-unknown-fields Whether fields that the schema does not have stay in the object; true or unset. It holds down to where the schema has properties again.
x-kubernetes-validations Rules in CEL that the value has to meet.

@extensions.ExternalDocumentation Where there is more to read.
description What is there.
url Address of it.

@extensions.ValidationRule A rule that a value has to meet.
fieldPath Path of the field that the error names, from the value on, such as .foo; the value itself when unset.
message Text of the error, in one line; needed when the rule has several lines.
messageExpression CEL expression that makes the text, and goes before message. When it fails or is empty, the message is used.
optionalOldSelf Whether a rule with oldSelf is also tried when there is no old value; oldSelf is an optional then.
reason Reason of the error: FieldValueInvalid, FieldValueForbidden, FieldValueRequired or FieldValueDuplicate. FieldValueInvalid when unset.
rule CEL expression that has to be true, of self, the value. Rules with oldSelf, the value before, are only tried on changes.

@extensions.JSONSchemaPropsOrArray A schema, or a list of them.

@extensions.JSONSchemaPropsOrBool A schema, or whether any value is allowed at all.

@extensions.JSONSchemaPropsOrStringArray A schema, or a list of names.
`

"""Does with the official Python client what operators do with it, and prints as JSON what it saw. Parameter: kubeconfig."""

import json
import sys
import threading
import time

import kubernetes
from kubernetes import client, config, dynamic, utils, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import portforward, stream

config.load_kube_config(sys.argv[1])
core, apps = client.CoreV1Api(), client.AppsV1Api()
NAMESPACE = "default"
SERVER = "mkdir /www; echo served > /www/index.html; httpd -p 8080 -h /www; i=0; while true; do i=$((i+1)); echo line $i; sleep 0.2; done"


def until(task):
    deadline = time.time() + 60
    while time.time() < deadline:
        value = task()
        if value:
            return value
        time.sleep(0.1)
    raise RuntimeError("waited in vain")


def pod(name, script=SERVER):
    return client.V1Pod(
        metadata=client.V1ObjectMeta(name=name, labels={"app": name}),
        spec=client.V1PodSpec(
            termination_grace_period_seconds=0,
            containers=[client.V1Container(name="c", image="busybox:1.36", command=["sh", "-c", script])],
        ),
    )


def watched():
    """Everything that happens to one pod, from before it is there."""
    seen, begun = [], core.list_namespaced_pod(NAMESPACE).metadata.resource_version

    def follow():
        for event in watch.Watch().stream(
            core.list_namespaced_pod, NAMESPACE, label_selector="app=py", resource_version=begun, timeout_seconds=90
        ):
            seen.append(f"{event['type']} {event['object'].status.phase}")
            if event["type"] == "DELETED":
                return

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    return seen, thread


seen, thread = watched()
core.create_namespaced_pod(NAMESPACE, pod("py"))
until(lambda: core.read_namespaced_pod_status("py", NAMESPACE).status.phase == "Running")

execution = stream(
    core.connect_get_namespaced_pod_exec,
    "py",
    NAMESPACE,
    command=["sh", "-c", "read word; echo heard $word; echo no >&2; exit 3"],
    stdin=True,
    stdout=True,
    stderr=True,
    tty=False,
    _preload_content=False,
)
execution.write_stdin("word\n")
execution.run_forever(timeout=20)
executed = {"out": execution.read_stdout(), "err": execution.read_stderr(), "code": execution.returncode}

forward = portforward(core.connect_get_namespaced_pod_portforward, "py", NAMESPACE, ports="8080")
socket = forward.socket(8080)
socket.sendall(b"GET / HTTP/1.0\r\n\r\n")
answer = b""
while chunk := socket.recv(1024):
    answer += chunk

lines = []
for line in watch.Watch().stream(core.read_namespaced_pod_log, "py", NAMESPACE):
    lines.append(line)
    if len(lines) == 2:
        break

patched = core.patch_namespaced_pod("py", NAMESPACE, {"metadata": {"labels": {"patched": "yes"}}})
core.delete_namespaced_pod("py", NAMESPACE)
thread.join(60)

utils.create_from_dict(
    client.ApiClient(),
    {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": NAMESPACE},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {
                    "terminationGracePeriodSeconds": 0,
                    "containers": [{"name": "c", "image": "busybox:1.36", "command": ["sleep", "3600"]}],
                },
            },
        },
    },
)
apps.patch_namespaced_deployment_scale("web", NAMESPACE, {"spec": {"replicas": 2}})
until(lambda: apps.read_namespaced_deployment("web", NAMESPACE).status.ready_replicas == 2)

for index in range(5):
    core.create_namespaced_config_map(
        NAMESPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name=f"page-{index}", labels={"page": "yes"}))
    )
pages, token = [], None
while token != "":
    page = core.list_namespaced_config_map(NAMESPACE, label_selector="page=yes", limit=2, _continue=token)
    pages.append([item.metadata.name for item in page.items])
    token = page.metadata._continue or ""

resources = dynamic.DynamicClient(client.ApiClient())
deployments = resources.resources.get(api_version="apps/v1", kind="Deployment")
# Clients before 25 send apply patches only as text, later ones only as objects.
annotated = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "annotations": {"by": "apply"}}}
applied = resources.server_side_apply(
    deployments,
    body=json.dumps(annotated) if int(kubernetes.__version__.split(".")[0]) < 25 else annotated,
    name="web",
    namespace=NAMESPACE,
    field_manager="python",
)

try:
    core.read_namespaced_pod("nobody", NAMESPACE)
    refused = None
except ApiException as error:
    refused = {"code": error.status, "message": json.loads(error.body)["message"]}

print(
    json.dumps(
        {
            "exec": executed,
            "portForward": answer.decode().splitlines()[-1],
            "log": lines,
            "patch": patched.metadata.labels,
            "watched": sorted(set(seen)),
            "pages": pages,
            "apply": [entry.manager for entry in applied.metadata.managedFields if entry.operation == "Apply"],
            "error": refused,
        }
    )
)

package workspace

import (
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A podKind says where a kind of object keeps its pod template. A new kind is a line of this table. "*" in a path stands for
// each item of a list.
type podKind struct {
	Group, Kind string
	Spec        []string // path to the pod spec
	Immutable   bool     // the template of an object that is in the cluster cannot be changed
	Rules       PodRules
}

// PodRules are what a kind demands beyond Kubernetes.
type PodRules struct {
	// ContainerLevel: what both levels know is written to the containers, because a controller adds containers of its own to
	// the pod, or does not take a security context for it.
	ContainerLevel bool
	// NoPodLevel: a security context of the pod is rejected.
	NoPodLevel bool
	// Foreign says why the pod is left to its controller, "" if it is not.
	Foreign string
}

var (
	atSpec     = []string{"spec"}
	atTemplate = []string{"spec", "template", "spec"}
	cronPath   = []string{"spec", "jobTemplate", "spec", "template", "spec"}
	steps      = []string{"spec", "templates", "*"}
	argo       = PodRules{ContainerLevel: true}
	knative    = PodRules{ContainerLevel: true, NoPodLevel: true}
	tekton     = PodRules{Foreign: "its steps are run by Tekton, which adds containers of its own and often builds images; set podTemplate.securityContext in the runs"}
)

var podKinds = []podKind{
	{"", "Pod", atSpec, true, PodRules{}},
	{"", "PodTemplate", []string{"template", "spec"}, false, PodRules{}},
	{"", "ReplicationController", atTemplate, false, PodRules{}},
	{"apps", "Deployment", atTemplate, false, PodRules{}},
	{"apps", "StatefulSet", atTemplate, false, PodRules{}},
	{"apps", "DaemonSet", atTemplate, false, PodRules{}},
	{"apps", "ReplicaSet", atTemplate, false, PodRules{}},
	{"extensions", "Deployment", atTemplate, false, PodRules{}},
	{"extensions", "DaemonSet", atTemplate, false, PodRules{}},
	{"extensions", "ReplicaSet", atTemplate, false, PodRules{}},
	{"batch", "Job", atTemplate, true, PodRules{}},
	{"batch", "CronJob", cronPath, false, PodRules{}},
	{"argoproj.io", "Rollout", atTemplate, false, PodRules{}},
	{"argoproj.io", "Workflow", steps, true, argo},
	{"argoproj.io", "WorkflowTemplate", steps, false, argo},
	{"argoproj.io", "ClusterWorkflowTemplate", steps, false, argo},
	{"argoproj.io", "CronWorkflow", []string{"spec", "workflowSpec", "templates", "*"}, false, argo},
	{"apps.kruise.io", "CloneSet", atTemplate, false, PodRules{}},
	{"apps.kruise.io", "StatefulSet", atTemplate, false, PodRules{}},
	{"apps.kruise.io", "DaemonSet", atTemplate, false, PodRules{}},
	{"apps.kruise.io", "BroadcastJob", atTemplate, true, PodRules{}},
	{"apps.kruise.io", "AdvancedCronJob", []string{"spec", "template", "jobTemplate", "spec", "template", "spec"}, false, PodRules{}},
	{"apps.kruise.io", "UnitedDeployment", []string{"spec", "template", "statefulSetTemplate", "spec", "template", "spec"}, false, PodRules{}},
	{"apps.kruise.io", "UnitedDeployment", []string{"spec", "template", "deploymentTemplate", "spec", "template", "spec"}, false, PodRules{}},
	{"apps.openshift.io", "DeploymentConfig", atTemplate, false, PodRules{}},
	{"serving.knative.dev", "Service", atTemplate, false, knative},
	{"serving.knative.dev", "Configuration", atTemplate, false, knative},
	{"keda.sh", "ScaledJob", []string{"spec", "jobTargetRef", "template", "spec"}, false, PodRules{}},
	{"tekton.dev", "Task", atSpec, false, tekton},
	{"tekton.dev", "ClusterTask", atSpec, false, tekton},
}

func pods(objects []*Object) []*Pod {
	var all []*Pod
	for _, o := range objects {
		for _, kind := range podKinds {
			if o.Group() != kind.Group || o.Kind != kind.Kind {
				continue
			}
			for _, spec := range follow(o.Node, kind.Spec) {
				if p := newPod(o, spec); spec.Kind() == yamldoc.Mapping && p != nil {
					p.Immutable, p.Rules = kind.Immutable, kind.Rules
					all = append(all, p)
				}
			}
		}
	}
	return all
}

// follow returns the nodes at a path.
func follow(n *yamldoc.Node, path []string) []*yamldoc.Node {
	for i, key := range path {
		if key == "*" {
			var all []*yamldoc.Node
			for _, item := range n.Items() {
				all = append(all, follow(item, path[i+1:])...)
			}
			return all
		}
		n = n.Get(key)
	}
	return []*yamldoc.Node{n}
}

// containerLists are the lists of a pod spec that hold containers, and those of the kinds that call them otherwise.
var containerLists = []string{"initContainers", "containers", "ephemeralContainers", "sidecars", "steps"}

func newPod(o *Object, spec *yamldoc.Node) *Pod {
	p := &Pod{Object: o, Spec: spec}
	for _, list := range containerLists {
		for _, n := range spec.Get(list).Items() {
			p.addContainer(n, list)
		}
	}
	for _, n := range spec.Get("containerSet").Get("containers").Items() {
		p.addContainer(n, "containers")
	}
	for _, key := range []string{"container", "script"} {
		p.addContainer(spec.Get(key), "containers")
	}
	images := 0
	for _, c := range p.Containers {
		if c.Image.Ref != "" {
			images++
		}
	}
	if list := spec.Parent(); list.Kind() == yamldoc.Sequence {
		p.Outer = list.Parent().Get("securityContext")
	}
	if len(p.Containers) == 0 && spec.Get("containers") == nil && spec.Parent().Kind() == yamldoc.Sequence {
		return nil // a template that only calls others
	}
	// A template without a single image is no pod but a patch, whoever lays it over.
	if images == 0 {
		o.Patch = true
	}
	return p
}

func (p *Pod) addContainer(n *yamldoc.Node, list string) {
	if n.Kind() != yamldoc.Mapping {
		return
	}
	c := &Container{Pod: p, Node: n, Name: n.Get("name").Text(), List: list}
	if c.Name == "" {
		c.Name = p.Spec.Get("name").Text()
	}
	if img := n.Get("image"); img != nil {
		c.Image.Ref, c.Image.Place = img.Text(), img.Place()
	}
	p.Containers = append(p.Containers, c)
}

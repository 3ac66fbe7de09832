package workspace

import (
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A podKind says where a kind of object keeps its pod template. A new kind is a line of this table.
type podKind struct {
	Group, Kind string
	Spec        []string // path to the pod spec
	Immutable   bool     // the template of an object that is in the cluster cannot be changed
}

var podKinds = []podKind{
	{"", "Pod", []string{"spec"}, true},
	{"", "PodTemplate", []string{"template", "spec"}, false},
	{"", "ReplicationController", []string{"spec", "template", "spec"}, false},
	{"apps", "Deployment", []string{"spec", "template", "spec"}, false},
	{"apps", "StatefulSet", []string{"spec", "template", "spec"}, false},
	{"apps", "DaemonSet", []string{"spec", "template", "spec"}, false},
	{"apps", "ReplicaSet", []string{"spec", "template", "spec"}, false},
	{"extensions", "Deployment", []string{"spec", "template", "spec"}, false},
	{"extensions", "DaemonSet", []string{"spec", "template", "spec"}, false},
	{"extensions", "ReplicaSet", []string{"spec", "template", "spec"}, false},
	{"batch", "Job", []string{"spec", "template", "spec"}, true},
	{"batch", "CronJob", []string{"spec", "jobTemplate", "spec", "template", "spec"}, false},
	{"argoproj.io", "Rollout", []string{"spec", "template", "spec"}, false},
	{"apps.kruise.io", "CloneSet", []string{"spec", "template", "spec"}, false},
	{"apps.kruise.io", "StatefulSet", []string{"spec", "template", "spec"}, false},
	{"apps.kruise.io", "DaemonSet", []string{"spec", "template", "spec"}, false},
	{"apps.openshift.io", "DeploymentConfig", []string{"spec", "template", "spec"}, false},
	{"serving.knative.dev", "Service", []string{"spec", "template", "spec"}, false},
	{"serving.knative.dev", "Configuration", []string{"spec", "template", "spec"}, false},
	{"keda.sh", "ScaledJob", []string{"spec", "jobTargetRef", "template", "spec"}, false},
}

// A Pod is a pod template: the spec that a workload object starts pods from.
type Pod struct {
	Object     *Object
	Spec       *yamldoc.Node
	Containers []*Container // init containers first, then containers, then ephemeral ones
	Immutable  bool
	// Patches are the partial objects that kustomize lays over this one.
	Patches []*Pod
	// Overlaid names a place outside of plain YAML that changes the security context: a JSON patch, or a patch that is
	// written inside of a kustomization. Zero if there is none.
	Overlaid source.Place
	// Chart is the Helm chart whose template the pod is written in: the nodes are those of a skeleton of the template, and no
	// op may name them. Slot is where values flow into its security context, nil if none do.
	Chart *Chart
	Slot  *Slot

	links []Link
}

// A Container is one container of a pod template.
type Container struct {
	Pod   *Pod
	Node  *yamldoc.Node
	Name  string
	List  string // "initContainers", "containers", "ephemeralContainers"
	Image Image
	Slot  *Slot // of a container in a Helm template: where values flow into its security context
}

// Place is the line of the object.
func (p *Pod) Place() source.Place { return p.Object.Place() }

// Name of the object.
func (p *Pod) Name() string { return p.Object.Name }

// Place is the first line of the container.
func (c *Container) Place() source.Place { return c.Node.Place() }

// Init reports whether the container runs before the others and ends (a sidecar with restartPolicy Always does not).
func (c *Container) Init() bool {
	return c.List == "initContainers" && c.Node.Get("restartPolicy").Text() != "Always"
}

func pods(objects []*Object) []*Pod {
	var all []*Pod
	for _, o := range objects {
		for _, kind := range podKinds {
			if o.Group() != kind.Group || o.Kind != kind.Kind {
				continue
			}
			spec := o.Node
			for _, key := range kind.Spec {
				spec = spec.Get(key)
			}
			if spec.Kind() != yamldoc.Mapping {
				continue
			}
			all = append(all, newPod(o, spec, kind.Immutable))
		}
	}
	return all
}

func newPod(o *Object, spec *yamldoc.Node, immutable bool) *Pod {
	p := &Pod{Object: o, Spec: spec, Immutable: immutable}
	images := 0
	for _, list := range []string{"initContainers", "containers", "ephemeralContainers"} {
		for _, n := range spec.Get(list).Items() {
			if n.Kind() != yamldoc.Mapping {
				continue
			}
			c := &Container{Pod: p, Node: n, Name: n.Get("name").Text(), List: list}
			if img := n.Get("image"); img != nil {
				c.Image.Ref, c.Image.Place = img.Text(), img.Place()
				images++
			}
			p.Containers = append(p.Containers, c)
		}
	}
	// A template without a single image is no pod but a patch, whoever lays it over.
	if images == 0 {
		o.Patch = true
	}
	return p
}

// Volumes returns the volumes of the pod by name, with the kind of their source. Claim templates of a StatefulSet count as
// persistentVolumeClaim.
func (p *Pod) Volumes() map[string]Mount {
	m := map[string]Mount{}
	for _, v := range p.Spec.Get("volumes").Items() {
		mount := Mount{Node: v, Source: v.Get("name").Text()}
		for _, key := range v.Keys() {
			if key != "name" {
				mount.Kind = key
			}
		}
		m[mount.Source] = mount
	}
	for _, c := range p.Object.Node.Get("spec").Get("volumeClaimTemplates").Items() {
		name := c.Get("metadata").Get("name").Text()
		m[name] = Mount{Node: c, Source: name, Kind: "persistentVolumeClaim"}
	}
	return m
}

// Mounts returns the volumes that the container mounts, with the kind of their source.
func (c *Container) Mounts() []Mount {
	volumes := c.Pod.Volumes()
	var all []Mount
	for _, n := range c.Node.Get("volumeMounts").Items() {
		m := volumes[n.Get("name").Text()]
		m.Source = n.Get("name").Text()
		m.Target = n.Get("mountPath").Text()
		m.ReadOnly, _ = n.Get("readOnly").Bool()
		all = append(all, m)
	}
	return all
}

// Links say why containers of the pod belong to images of this repository.
func (p *Pod) Links() []Link { return p.links }

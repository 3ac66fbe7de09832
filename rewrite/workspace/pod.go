package workspace

import (
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Pod is a pod template: the spec that a workload object starts pods from.
type Pod struct {
	Object     *Object
	Spec       *yamldoc.Node
	Containers []*Container // init containers first, then containers, then ephemeral ones
	Immutable  bool
	Rules      PodRules
	// Outer is the security context that an object gives to all its pod templates, for kinds that hold several.
	Outer *yamldoc.Node
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

package judges

import (
	"fmt"
	"path"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// JudgeServices says of every port of every Service of a repository, for each pod that the Service selects, whether the pod
// has the port that the Service sends to. A pod that lists no port for it may listen all the same, so only what differs
// between two states of a repository tells something. Files that are no manifests are left out.
//
// Where the directory of a Service holds pods that it selects, it is judged with these alone: repositories hold variants of
// one application side by side, with the same labels.
func JudgeServices(files map[string][]byte) map[string]bool {
	var services []service
	var pods []pod
	for file, content := range files {
		if !isManifest(file) {
			continue
		}
		s, p := parts(file, content)
		services, pods = append(services, s...), append(pods, p...)
	}
	reached := map[string]bool{}
	for _, s := range services {
		for _, p := range s.selected(pods) {
			for _, port := range s.Spec.Ports {
				key := fmt.Sprintf("%s port %d/%s to %s", s.id, port.Port, protocol(port.Protocol), p.id)
				reached[key] = p.listens(port)
			}
		}
	}
	return reached
}

type service struct {
	*corev1.Service
	id, dir string
}

type pod struct {
	*corev1.PodTemplateSpec
	id, dir, namespace string
}

// parts are the services and the pods of a file. The nth object of a file keeps its number, so that names may be missing.
func parts(file string, content []byte) (services []service, pods []pod) {
	objects, err := decode(content)
	if err != nil {
		return nil, nil
	}
	for i, o := range flatten(objects) {
		object, _, err := typed(o)
		if err != nil || object == nil {
			continue
		}
		kind, _ := o["kind"].(string)
		id := fmt.Sprintf("%s#%d %s/%s", file, i+1, kind, name(o))
		if s, ok := object.(*corev1.Service); ok {
			services = append(services, service{s, id, path.Dir(file)})
		} else if t := podTemplate(object); t != nil {
			pods = append(pods, pod{t, id, path.Dir(file), object.(metav1.Object).GetNamespace()})
		}
	}
	return services, pods
}

func (s service) selected(pods []pod) []pod {
	var near, all []pod
	for _, p := range pods {
		if !s.selects(p) {
			continue
		}
		all = append(all, p)
		if p.dir == s.dir {
			near = append(near, p)
		}
	}
	if near != nil {
		return near
	}
	return all
}

// selects: a namespace that is not stated can be any, since kustomize and kubectl may state it.
func (s service) selects(p pod) bool {
	if len(s.Spec.Selector) == 0 || s.Namespace != "" && p.namespace != "" && s.Namespace != p.namespace {
		return false
	}
	for key, value := range s.Spec.Selector {
		if have, ok := p.Labels[key]; !ok || have != value {
			return false
		}
	}
	return true
}

// listens reports whether a container of the pod has the target of a port.
func (p pod) listens(port corev1.ServicePort) bool {
	target := port.TargetPort
	if target == intstr.FromInt32(0) || target == intstr.FromString("") {
		target = intstr.FromInt32(port.Port)
	}
	for _, c := range append(append([]corev1.Container{}, p.Spec.InitContainers...), p.Spec.Containers...) {
		for _, have := range c.Ports {
			named := target.Type == intstr.String && have.Name == target.StrVal
			numbered := target.Type == intstr.Int && have.ContainerPort == target.IntVal
			if (named || numbered) && protocol(have.Protocol) == protocol(port.Protocol) {
				return true
			}
		}
	}
	return false
}

func protocol(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}

func isManifest(file string) bool {
	ext := path.Ext(file)
	return ext == ".yaml" || ext == ".yml" || ext == ".json"
}

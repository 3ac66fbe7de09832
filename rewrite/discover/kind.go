package discover

import "fmt"

// A Kind is what a file is to offroot.
type Kind int

const (
	Other         Kind = iota
	Dockerfile         // a Dockerfile or Containerfile with a FROM instruction
	Compose            // a compose file, also an override or a fragment
	Kubernetes         // documents with apiVersion and kind; JSON too
	Kustomization      // kustomization.yaml
	HelmChart          // Chart.yaml
	HelmTemplate       // below templates/ of a chart: no YAML before it is rendered
	HelmValues         // values files, in a chart or for one
	DaemonJSON         // daemon.json of the Docker daemon
	DockerIgnore       // .dockerignore and its kin
	GitHubAction       // action.yml: a Dockerfile that it names has to run as root
	DevContainer       // devcontainer.json: its Dockerfile is no image that is shipped
)

var kindNames = [...]string{
	Other: "other", Dockerfile: "Dockerfile", Compose: "compose", Kubernetes: "Kubernetes", Kustomization: "kustomization",
	HelmChart: "Helm chart", HelmTemplate: "Helm template", HelmValues: "Helm values", DaemonJSON: "daemon.json",
	DockerIgnore: ".dockerignore", GitHubAction: "GitHub action", DevContainer: "dev container",
}

// String is the name of the kind as a message has it.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("Kind(%d)", int(k))
	}
	return kindNames[k]
}

// isManifest reports whether offroot can change files of this kind, so that naming one on the command line makes sense.
func (k Kind) isManifest() bool {
	switch k {
	case Dockerfile, Compose, Kubernetes, Kustomization, HelmTemplate, HelmValues:
		return true
	}
	return false
}

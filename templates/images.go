package templates

import (
	"bytes"
	_ "embed"
	"fmt"
	"sync"

	"gopkg.in/yaml.v3"
)

//go:embed images.yaml
var imagesYAML []byte

var embeddedImages = sync.OnceValue(func() *ImageTable {
	t, err := DecodeImages(imagesYAML)
	if err != nil {
		panic("templates: images.yaml: " + err.Error())
	}
	return t
})

// Images returns the embedded table of images. All callers share one table; nobody may change it.
func Images() *ImageTable { return embeddedImages() }

// DecodeImages reads a table strictly and checks every value. The error of a bad table names the entry.
func DecodeImages(data []byte) (*ImageTable, error) {
	var t ImageTable
	if err := decodeStrictly(data, &t); err != nil {
		return nil, err
	}
	if err := checkImages(&t); err != nil {
		return nil, err
	}
	return &t, nil
}

func decodeStrictly(data []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	return nil
}

// An ImageTable is images.yaml. The comment at its head explains every key and how an image is looked up.
type ImageTable struct {
	Version  int       `yaml:"version"`
	Checked  string    `yaml:"checked"`
	Rewrites []Rewrite `yaml:"rewrites"`
	Images   []*Image  `yaml:"images"`
}

// A Rewrite replaces a prefix of a name: another registry that serves the same images.
type Rewrite struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

// An Image is what is known of the images under some names.
type Image struct {
	ID            string            `yaml:"id"`
	Names         []string          `yaml:"names"`
	DoubtfulNames map[string]string `yaml:"doubtful_names"`
	Since         []string          `yaml:"since"` // the oldest version of each line for which the entry holds, ascending
	ImageFields   `yaml:",inline"`
	Variants      []Variant `yaml:"variants"`
}

// A Variant replaces keys of an entry for some tags: all that Tag, Since and Before leave.
type Variant struct {
	Tag         string   `yaml:"tag"`    // RE2, searched in the tag
	Since       string   `yaml:"since"`  // for no version before this one
	Before      string   `yaml:"before"` // for versions before this one alone
	See         string   `yaml:"see"`    // go on in the entry with this id
	Without     []string `yaml:"without"`
	ImageFields `yaml:",inline"`
}

// ImageFields are the keys that an entry and a variant share. A zero value (nil, "") means that the key is absent, an empty
// list that is not nil means "none".
type ImageFields struct {
	Kind               string            `yaml:"kind"`
	Family             string            `yaml:"family"`
	Shell              *bool             `yaml:"shell"`
	PackageManager     string            `yaml:"package_manager"`
	DefaultUser        *ImageUser        `yaml:"default_user"`
	RunAs              string            `yaml:"run_as"` // uid:gid
	Users              []ImageAccount    `yaml:"users"`
	TakenUIDs          []int             `yaml:"taken_uids"`
	Entrypoint         *Entrypoint       `yaml:"entrypoint"`
	Capabilities       []string          `yaml:"capabilities"`
	FileCapabilities   []string          `yaml:"file_capabilities"`
	GroupZero          *bool             `yaml:"group_zero"`
	FSGroup            *FSGroup          `yaml:"fs_group"`
	Ports              []ImagePort       `yaml:"ports"`
	Writable           []WritablePath    `yaml:"writable"`
	Volumes            []string          `yaml:"volumes"`
	Workdir            string            `yaml:"workdir"`
	Stock              *Stock            `yaml:"stock"`
	MustBeRoot         string            `yaml:"must_be_root"`
	NonRootAlternative []Alternative     `yaml:"nonroot_alternative"`
	Note               string            `yaml:"note"`
	Confidence         string            `yaml:"confidence"`
	Weak               map[string]string `yaml:"weak"`
	Source             []string          `yaml:"source"`
	Checked            string            `yaml:"checked"`
}

// An ImageUser is USER of the image configuration. UID and GID are nil where the number behind a name is not known.
type ImageUser struct {
	Value string `yaml:"value"`
	UID   *int   `yaml:"uid"`
	GID   *int   `yaml:"gid"`
}

// An ImageAccount is a line of /etc/passwd. UID and GID are nil where the number is not known.
type ImageAccount struct {
	Name       string `yaml:"name"`
	UID        *int   `yaml:"uid"`
	GID        *int   `yaml:"gid"`
	Home       string `yaml:"home"`
	ForRunning bool   `yaml:"for_running"`
}

// An Entrypoint says whether the image gives up root by itself and whether it starts without root.
type Entrypoint struct {
	Drops          string `yaml:"drops"`
	WorkersOnly    bool   `yaml:"workers_only"`
	WorksAsNonRoot string `yaml:"works_as_nonroot"`
	Note           string `yaml:"note"`
}

// An FSGroup says whether the image bears the modes that a Kubernetes fsGroup sets on its volume.
type FSGroup struct {
	OK   bool   `yaml:"ok"`
	Note string `yaml:"note"`
}

// An ImagePort is a listening port and the place that decides it.
type ImagePort struct {
	Port      int      `yaml:"port"`
	Proto     string   `yaml:"proto"`
	Via       string   `yaml:"via"`
	Where     string   `yaml:"where"`
	Also      []string `yaml:"also"`
	Directive string   `yaml:"directive"`
	Env       string   `yaml:"env"`
	Value     string   `yaml:"value"`
	Movable   bool     `yaml:"movable"`
	Move      []string `yaml:"move"`
	Note      string   `yaml:"note"`
}

// A WritablePath is a file or directory that the process writes.
type WritablePath struct {
	Path  string `yaml:"path"`
	File  bool   `yaml:"file"`
	Owner string `yaml:"owner"` // uid:gid, or "-"
	Mode  string `yaml:"mode"`
	What  string `yaml:"what"`
	When  string `yaml:"when"`
}

// Stock is what a manifest adds to run the image as it is without root.
type Stock struct {
	Tmpfs []string          `yaml:"tmpfs"`
	Env   map[string]string `yaml:"env"`
	Note  string            `yaml:"note"`
}

// An Alternative is another image that does the same without root, and how it differs.
type Alternative struct {
	Image   string `yaml:"image"`
	Differs string `yaml:"differs"`
}

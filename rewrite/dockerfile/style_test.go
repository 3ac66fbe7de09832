package dockerfile

import (
	"slices"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

func TestStyled(t *testing.T) {
	lines := []string{"# Why.", "RUN useradd app \\", "    && CHECK it", "USER 1:1"}
	for _, test := range []struct {
		name, file string
		want       []string
	}{
		{"capitals", "FROM a\nRUN b\n", lines},
		{"lower case", "from a\nrun b\nUSER c\n", []string{"# Why.", "run useradd app \\", "    && CHECK it", "user 1:1"}},
		{"as many of each", "from a\nRUN b\n", lines},
		{"another escape", "# escape=`\nFROM a\n", []string{"# Why.", "RUN useradd app `", "    && CHECK it", "USER 1:1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := Parse(source.NewFile("Dockerfile", []byte(test.file)))
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Styled(lines); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

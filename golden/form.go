package golden

import "bytes"

// A form is a property of bytes that a txtar file cannot show.
type form string

const (
	crlf form = "crlf"
	bom  form = "bom"
	chop form = "chop"
)

var mark = []byte("\xef\xbb\xbf")

// apply gives text the forms.
func apply(text []byte, forms []form) []byte {
	for _, f := range forms {
		switch f {
		case crlf:
			text = WithCRLF(text)
		case bom:
			text = append(bytes.Clone(mark), text...)
		case chop:
			text = WithoutFinalNewline(text)
		}
	}
	return text
}

// strip is the opposite of apply: what an archive shows of a file that has these forms.
func strip(content []byte, forms []form) []byte {
	for _, f := range forms {
		switch f {
		case crlf:
			content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
		case bom:
			content = bytes.TrimPrefix(content, mark)
		}
	}
	if len(content) > 0 && content[len(content)-1] != '\n' {
		content = append(bytes.Clone(content), '\n')
	}
	return content
}

// WithCRLF ends every line in CRLF, also where some did already.
func WithCRLF(content []byte) []byte {
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))
}

// WithoutFinalNewline takes away the last line ending.
func WithoutFinalNewline(content []byte) []byte {
	content = bytes.TrimSuffix(content, []byte("\n"))
	return bytes.TrimSuffix(content, []byte("\r"))
}

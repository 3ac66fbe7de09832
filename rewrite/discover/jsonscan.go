package discover

import "bytes"

// scanJSON is scanYAML for JSON: the keys at the top of each value of the stream. It knows strings and brackets, nothing
// more.
func scanJSON(content []byte) shape {
	s := jsonScanner{content: content}
	for s.at < len(content) {
		s.step()
	}
	return s.shape
}

type jsonScanner struct {
	shape
	content []byte
	at      int
	depth   int
	doc     document
	last    string // the last string at the top, a key if a colon follows
	key     string // the key whose value is next
}

func (s *jsonScanner) step() {
	c := s.content[s.at]
	s.at++
	switch c {
	case '"':
		s.str()
	case '{', '[':
		if c == '{' && s.at < len(s.content) && s.content[s.at] == '{' && s.template == 0 {
			s.template = lineAt(s.content, s.at)
		}
		s.depth++
	case '}', ']':
		if s.depth--; s.depth == 0 {
			s.documents = append(s.documents, s.doc)
			s.doc = document{}
		}
	case ':':
		if s.depth == 1 {
			s.key = s.last
			s.doc.keys = append(s.doc.keys, s.key)
		}
	case ',':
		s.key = ""
	}
}

// str takes a string whose opening quote was read.
func (s *jsonScanner) str() {
	start := s.at
	for s.at < len(s.content) && s.content[s.at] != '"' {
		if s.content[s.at] == '\\' {
			s.at++
		}
		s.at++
	}
	text := string(s.content[start:min(s.at, len(s.content))])
	s.at++
	if s.depth != 1 {
		return
	}
	s.last = text
	switch s.key {
	case "apiVersion":
		s.doc.apiVersion = text
	case "kind":
		s.doc.kind = text
	}
	s.key = ""
}

// looksLikeJSON reports whether the first character opens an object, also in a file that is called YAML.
func looksLikeJSON(content []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(content, []byte("\ufeff")), " \t\r\n")
	return len(text) > 0 && text[0] == '{' && !bytes.HasPrefix(text, []byte("{{")) && !bytes.HasPrefix(text, []byte("{%"))
}

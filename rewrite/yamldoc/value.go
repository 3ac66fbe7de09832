package yamldoc

import (
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Map is a new mapping. It is written with its keys in alphabetical order, drop before add, but as an item of a
// block list with its name first, unless the names of its neighbours stand elsewhere.
type Map []Pair

// A Pair is a key of a Map. Value is a string, int, bool, nil, Map, List, Inline or Quoted.
type Pair struct {
	Key   string
	Value any
}

// A List is a new sequence of values.
type List []any

// Inline is a List that is written in flow style, [a, b], also where a block would do.
type Inline []any

// Quoted is a string that is always written with double quotes.
type Quoted string

// pending is a list that Append ops make: unlike a List of a Set it may grow.
type pending []any

// sortKey orders keys as people write them: alphabetically, but what is dropped before what is added.
func sortKey(key string) string {
	switch key {
	case "drop":
		return "add\x00"
	case "add":
		return "add\x01"
	case "cap_drop":
		return "cap_add\x00"
	case "cap_add":
		return "cap_add\x01"
	}
	return key
}

func (m Map) sorted() Map {
	s := append(Map(nil), m...)
	sort.SliceStable(s, func(i, j int) bool { return sortKey(s[i].Key) < sortKey(s[j].Key) })
	return s
}

// nameFirst moves the name to the front.
func (m Map) nameFirst() Map {
	s := append(Map(nil), m...)
	sort.SliceStable(s, func(i, j int) bool { return s[i].Key == "name" && s[j].Key != "name" })
	return s
}

func (m Map) find(key string) int {
	for i, p := range m {
		if p.Key == key {
			return i
		}
	}
	return -1
}

// listItems returns the items of any kind of list.
func listItems(v any) ([]any, bool) {
	switch l := v.(type) {
	case List:
		return l, true
	case Inline:
		return l, true
	case pending:
		return l, true
	}
	return nil, false
}

// longestKey is how long a new key may be: YAML wants keys within 1024 characters.
const longestKey = 256

func validKey(key string) bool { return len(key) <= longestKey && utf8.ValidString(key) }

// checkValue returns an error for a value that cannot be written.
func checkValue(v any) error {
	if text, ok := scalarText(v); ok {
		if !utf8.ValidString(text) {
			return fmt.Errorf("%.40q is no text", text)
		}
		return nil
	}
	switch v := v.(type) {
	case Map:
		for i, p := range v {
			if v[:i].find(p.Key) >= 0 || !validKey(p.Key) {
				return fmt.Errorf("key %q is given twice or cannot be a key", p.Key)
			}
			if err := checkValue(p.Value); err != nil {
				return err
			}
		}
		return nil
	}
	items, ok := listItems(v)
	if !ok {
		return fmt.Errorf("a value of type %T cannot be written", v)
	}
	for _, item := range items {
		if err := checkValue(item); err != nil {
			return err
		}
	}
	return nil
}

// merge joins two values that are wanted at one place: maps key by key, appended items one after the other, equal ones
// once. It is false if they contradict each other.
func merge(a, b any) (any, bool) {
	am, aMap := a.(Map)
	bm, bMap := b.(Map)
	if aMap && bMap {
		return mergeMaps(am, bm)
	}
	ap, aGrows := a.(pending)
	bp, bGrows := b.(pending)
	if aGrows && bGrows {
		return appendNew(ap, bp), true
	}
	return a, reflect.DeepEqual(a, b)
}

func mergeMaps(a, b Map) (any, bool) {
	out := append(Map(nil), a...)
	for _, p := range b {
		i := out.find(p.Key)
		if i < 0 {
			out = append(out, p)
			continue
		}
		v, ok := merge(out[i].Value, p.Value)
		if !ok {
			return nil, false
		}
		out[i].Value = v
	}
	return out, true
}

func appendNew(a, b pending) pending {
	out := append(pending(nil), a...)
	for _, v := range b {
		known := false
		for _, w := range out {
			known = known || reflect.DeepEqual(v, w)
		}
		if !known {
			out = append(out, v)
		}
	}
	return out
}

// scalarText returns the text of a scalar value, false for maps and lists.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "null", true
	case string:
		return v, true
	case Quoted:
		return string(v), true
	case int:
		return strconv.Itoa(v), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// isString reports whether a scalar value must be read back as a string.
func isString(v any) bool {
	switch v.(type) {
	case string, Quoted:
		return true
	}
	return false
}

// printValue shows a value on one line, for notes and errors.
func printValue(v any) string {
	if text, ok := scalarText(v); ok {
		if _, quoted := v.(Quoted); quoted || strings.Contains(text, "\n") {
			return strconv.Quote(text)
		}
		return text
	}
	var parts []string
	if m, ok := v.(Map); ok {
		for _, p := range m.sorted() {
			parts = append(parts, p.Key+": "+printValue(p.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	items, _ := listItems(v)
	for _, item := range items {
		parts = append(parts, printValue(item))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

package render

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// Where two captures can differ.
const (
	InRequest = "request" // Path is method, target or proto
	InHeader  = "header"  // Path is the name, in lower case
	InBody    = "body"    // Path is a JSON pointer, or "line N", or "" for the body as a whole
)

// How two values can differ.
const (
	Changed = "changed"
	Added   = "added"
	Removed = "removed"
	// Rewritten values mean the same and are spelled differently, such as 10.0 and 10.
	Rewritten = "rewritten"
)

// A Difference is one thing in which two captures differ. Values in JSON bodies
// are given as JSON, as they were written.
type Difference struct {
	Where string `json:"where"`
	Path  string `json:"path"`
	Kind  string `json:"kind"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
}

// Diff returns in what the requests a and b differ, nothing where they are alike:
// first the request line, then headers by name, then the body, as JSON where both
// are, as lines where both are text, else as a whole. Values are exact, those of
// sensitive headers too. It fails where a body cannot be read.
func Diff(a, b *hook.Capture) ([]Difference, error) {
	var list differences
	list.compare(InRequest, "method", a.Method, b.Method)
	list.compare(InRequest, "target", a.Target, b.Target)
	list.compare(InRequest, "proto", a.Proto, b.Proto)
	list.headers(a.Header, b.Header)
	if err := list.bodies(a, b); err != nil {
		return nil, err
	}
	return list, nil
}

type differences []Difference

func (d *differences) compare(where, path, before, after string) {
	if before != after {
		*d = append(*d, Difference{where, path, Changed, before, after})
	}
}

// headers compares field by field under each name. The order of names among each
// other says nothing, that of values under one name does.
func (d *differences) headers(a, b hook.Header) {
	seen := map[string]bool{}
	for _, f := range append(append(hook.Header{}, a...), b...) {
		name := strings.ToLower(f.Name)
		if !seen[name] {
			seen[name] = true
			d.fields(name, named(a, name), named(b, name))
		}
	}
}

func named(h hook.Header, name string) hook.Header {
	return h.Without(func(other string) bool { return !strings.EqualFold(other, name) })
}

func (d *differences) fields(name string, a, b hook.Header) {
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			*d = append(*d, Difference{Where: InHeader, Path: name, Kind: Added, New: b[i].Value})
		case i >= len(b):
			*d = append(*d, Difference{Where: InHeader, Path: name, Kind: Removed, Old: a[i].Value})
		case a[i].Value != b[i].Value:
			d.compare(InHeader, name, a[i].Value, b[i].Value)
		case a[i].Name != b[i].Name:
			*d = append(*d, Difference{InHeader, name, Rewritten, a[i].Name, b[i].Name})
		}
	}
}

// maxCompared bounds the bodies that are compared part by part.
const maxCompared = 8 << 20

func (d *differences) bodies(a, b *hook.Capture) error {
	if a.BodySHA256 == b.BodySHA256 && a.BodySize == b.BodySize {
		return nil
	}
	if a.BodySize > maxCompared || b.BodySize > maxCompared || a.Body == nil || b.Body == nil {
		d.wholeBodies(a, b)
		return nil
	}
	before, err := readStart(a.Body)
	if err != nil {
		return fmt.Errorf("%s: reading the body: %w", a.ID, err)
	}
	after, err := readStart(b.Body)
	if err != nil {
		return fmt.Errorf("%s: reading the body: %w", b.ID, err)
	}
	if !d.json(before, after) && !d.lines(before, after) {
		d.wholeBodies(a, b)
	}
	return nil
}

func (d *differences) wholeBodies(a, b *hook.Capture) {
	d.compare(InBody, "", bodyInWords(a), bodyInWords(b))
}

func bodyInWords(c *hook.Capture) string {
	return strconv.FormatInt(c.BodySize, 10) + " bytes, sha256 " + fmt.Sprintf("%x", c.BodySHA256)
}

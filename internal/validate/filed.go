package validate

import (
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/catalog"
)

// wordsOf are the words of a name in lower case: "order", "created" of order/created,
// Order-Created, order_created and OrderCreated.
func wordsOf(name string) []string {
	words, _ := splitWords(name)
	return words
}

// splitWords is wordsOf, with where each word ends in the name.
func splitWords(name string) (words []string, ends []int) {
	start, previous := -1, byte(0)
	end := func(at int) {
		if start >= 0 {
			words, ends = append(words, strings.ToLower(name[start:at])), append(ends, at)
		}
		start = -1
	}
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
		if !letter || c >= 'A' && c <= 'Z' && previous >= 'a' && previous <= 'z' {
			end(i)
		}
		if letter && start < 0 {
			start = i
		}
		previous = c
	}
	end(len(name))
	return words, ends
}

// folded is a name by which it is found however it is written.
func folded(name string) string { return strings.Join(wordsOf(name), "-") }

// partsOf are the folders of a path and the file's name without its ending.
func partsOf(name string) []string {
	parts := strings.Split(name, "/")
	last := &parts[len(parts)-1]
	for _, ending := range []string{".json", ".ndjson", ".jsonl", ".har"} {
		if len(*last) > len(ending) && strings.EqualFold((*last)[len(*last)-len(ending):], ending) {
			*last = (*last)[:len(*last)-len(ending)]
			break
		}
	}
	return parts
}

// A folder is one of a path that is called like a provider.
type folder struct {
	provider string
	at       int // which part of the path it is
}

// filedUnder returns the folders of a path that are called like providers, the nearest to
// its end first, and last the file itself where it is called so.
func filedUnder(parts []string, known func(string) bool) []folder {
	var found []folder
	add := func(i int) {
		if name := strings.ToLower(parts[i]); known(name) {
			found = append(found, folder{name, i})
		}
	}
	for i := len(parts) - 2; i >= 0; i-- {
		add(i)
	}
	if len(parts) > 0 {
		add(len(parts) - 1)
	}
	return found
}

// A nameSet is the events of a catalog by their folded names.
type nameSet struct {
	// full are the names of one event each, short those that several have in common:
	// aliases and families.
	full, short map[string]string
	// dotted are the beginnings of names that go on behind a dot.
	dotted map[string]bool
}

// eventNames are the names of a catalog's events.
func eventNames(c *catalog.Catalog) *nameSet {
	n := &nameSet{full: make(map[string]string, 2*len(c.Events)), short: map[string]string{}, dotted: map[string]bool{}}
	for i := range c.Events {
		n.add(n.full, c.Events[i].Type, c.Events[i].Type)
	}
	for i := range c.Events {
		n.add(n.full, c.Events[i].Wire, c.Events[i].Type)
	}
	for _, alias := range c.Aliases {
		n.add(n.short, alias.Name, alias.Event)
	}
	for i := range c.Families {
		n.add(n.short, c.Families[i].Type, c.Families[i].Type)
	}
	return n
}

func (n *nameSet) add(to map[string]string, name, event string) {
	if key := folded(name); key != "" && n.full[key] == "" && to[key] == "" {
		to[key] = event
	}
	for i := range len(name) {
		if name[i] == '.' {
			n.dotted[folded(name[:i])] = true
		}
	}
}

// maxParts is how many parts of a path may make up an event's name.
const maxParts = 4

// A filing is what the end of a path says of an event.
type filing struct {
	event string
	rest  []string // the words that follow its name
	// unknown is a name that begins like that of events and is none.
	unknown string
}

// filedAs returns the event that the end of a path names: "order/created" of [fixtures
// order created], [order-created], [order created.2]. Of several it is the one that begins
// furthest up in the path, and then the longest. A name that events have in common is
// taken only where none has one of its own, and nothing follows that could be a part of
// another.
func filedAs(parts []string, names *nameSet) filing {
	if names == nil {
		return filing{}
	}
	if f := names.find(parts, names.full); f.event != "" {
		return f
	}
	return names.find(parts, names.short)
}

func (n *nameSet) find(parts []string, among map[string]string) filing {
	unknown := ""
	for from := max(0, len(parts)-maxParts); from < len(parts); from++ {
		name := path.Join(parts[from:]...)
		words, ends := splitWords(name)
		for i := len(words); i > 0; i-- {
			key := strings.Join(words[:i], "-")
			switch event := among[key]; {
			case event == "":
			case n.full[key] != "" || endsName(name[ends[i-1]:], n.dotted[key]):
				return filing{event: event, rest: words[i:]}
			case unknown == "":
				unknown = name
			}
		}
	}
	return filing{unknown: unknown}
}

// endsName reports whether what follows a name is no part of it: a number or a version,
// or what the user adds behind a dot, unless names go on so.
func endsName(rest string, dotted bool) bool {
	words, ends := splitWords(rest)
	for i, word := range words {
		if strings.Trim(strings.TrimPrefix(word, "v"), "0123456789") == "" {
			continue
		}
		if i > 0 {
			rest = rest[ends[i-1]:]
		}
		return !dotted && strings.HasPrefix(rest, ".") && !strings.Contains(rest, "/")
	}
	return true
}

// versionIn returns the API version that a path names: one of its folders, or what
// follows the event's name. "" where there is none.
func versionIn(parts, rest []string, versions []string) string {
	after := strings.Join(rest, "-")
	for _, version := range versions {
		if key := folded(version); slices.Contains(parts, version) || after == key || strings.HasPrefix(after, key+"-") {
			return version
		}
	}
	return ""
}

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
	var words []string
	start, previous := -1, byte(0)
	end := func(at int) {
		if start >= 0 {
			words = append(words, strings.ToLower(name[start:at]))
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
	return words
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

// eventNames are the events of a catalog by their folded names.
func eventNames(c *catalog.Catalog) map[string]string {
	names := make(map[string]string, 2*len(c.Events))
	add := func(name, event string) {
		if key := folded(name); key != "" && names[key] == "" {
			names[key] = event
		}
	}
	for i := range c.Events {
		add(c.Events[i].Type, c.Events[i].Type)
	}
	for i := range c.Events {
		add(c.Events[i].Wire, c.Events[i].Type)
	}
	for _, alias := range c.Aliases {
		add(alias.Name, alias.Event)
	}
	return names
}

// maxParts is how many parts of a path may make up an event's name.
const maxParts = 4

// filedAs returns the event that the end of a path names, with what follows its name:
// "order/created" of [fixtures order created], [order-created], [order created.2]. Of
// several it is the one that begins furthest up in the path, and then the longest.
func filedAs(parts []string, names map[string]string) (event string, rest []string) {
	for from := max(0, len(parts)-maxParts); from < len(parts); from++ {
		words := wordsOf(path.Join(parts[from:]...))
		for n := len(words); n > 0; n-- {
			if event := names[strings.Join(words[:n], "-")]; event != "" {
				return event, words[n:]
			}
		}
	}
	return "", nil
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

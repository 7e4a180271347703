package cli

import (
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
)

// nameEvents returns what makes an example that was generated say which event it is,
// where the provider's profile finds that in the body: the schema may be that of several
// events.
func (a *app) nameEvents(c *catalog.Catalog) func(*catalog.Event, string, *catalog.Example) {
	set, err := a.providers()
	if err != nil {
		return func(*catalog.Event, string, *catalog.Example) {}
	}
	profile, err := set.profileOf(c.Name)
	if err != nil { // a catalog may be there without one
		return func(*catalog.Event, string, *catalog.Example) {}
	}
	says := func(text []byte) string {
		return profile.EventOf(&provider.Message{Method: "POST", Body: text}).Type
	}
	return func(e *catalog.Event, version string, one *catalog.Example) {
		if one == nil || one.How == "" || says(one.Text) == wireOf(e) {
			return
		}
		for _, path := range textPaths(one.Text) {
			text, err := jsontext.SetText(one.Text, path, wireOf(e))
			if err != nil || says(text) != wireOf(e) {
				continue
			}
			if v := c.Validate(e.Type, version, text); v.Outcome.Passed() {
				one.Text, one.Validation = text, v
				return
			}
		}
	}
}

// textPaths lead to the strings in a body, and in the objects in it.
func textPaths(text []byte) []jsontext.Path {
	var paths []jsontext.Path
	members := jsontext.MembersOf(text)
	for key := range members.Keys() {
		path := jsontext.Path{{Key: string(key)}}
		value, ok := members.Lookup(path)
		switch {
		case !ok || len(key) == 0:
		case value[0] == '"':
			paths = append(paths, path)
		case value[0] == '{':
			for inner := range jsontext.MembersOf(value).Keys() {
				at := jsontext.Path{path[0], {Key: string(inner)}}
				if v, ok := jsontext.Lookup(text, at); ok && v[0] == '"' && len(inner) > 0 {
					paths = append(paths, at)
				}
			}
		}
	}
	return paths
}

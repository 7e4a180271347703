package validate

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// findProvider says whose the payload is: as the user says, as its request was recorded,
// as the path has it, or by its body. Where nothing does the reason says what was tried.
func (r *Resolver) findProvider(s *subject) (reason string, err error) {
	if s.provider = r.Provider; s.provider != "" {
		return "", nil
	}
	names, err := r.names()
	if err != nil {
		return "", err
	}
	if s.Capture != nil {
		if s.provider = recordedProvider(s.Capture, names); s.provider != "" {
			return "", nil
		}
		if reason, err = r.detect(s); s.provider != "" || err != nil {
			return "", err
		}
	}
	found := filedUnder(s.parts, func(name string) bool { return names[name] })
	if found = r.counting(s, found); len(found) > 0 {
		best := r.bestOf(found, s.parts)
		s.provider, s.at = best.provider, best.at
		return "", nil
	}
	if s.Capture == nil {
		reason, err = r.detect(s)
	}
	return reason, err
}

// counting are the folders that count. Those above the argument say nothing where one of
// the argument does, and else only if the path names an event behind them.
func (r *Resolver) counting(s *subject, found []folder) []folder {
	above := func(f folder) bool { return f.at < s.place.above }
	if slices.ContainsFunc(found, func(f folder) bool { return !above(f) }) {
		return slices.DeleteFunc(found, above)
	}
	return slices.DeleteFunc(found, func(f folder) bool {
		return filedAs(s.parts[f.at+1:], r.source(f.provider).events).event == ""
	})
}

// bestOf returns the nearest of folders in which the path names an event, else the nearest
// whose provider has a catalog, else the nearest: events may be called like providers, as
// in github/meta/deleted.json.
func (r *Resolver) bestOf(found []folder, parts []string) folder {
	if len(found) == 1 {
		return found[0]
	}
	best := found[0]
	for _, f := range slices.Backward(found) {
		if r.source(f.provider).catalog != nil {
			best = f
		}
	}
	for _, f := range found {
		if filedAs(parts[f.at+1:], r.source(f.provider).events).event != "" {
			return f
		}
	}
	return best
}

// recordedProvider is the provider that a capture was taken for, or that the path names
// which it was sent to.
func recordedProvider(c *hook.Capture, names map[string]bool) string {
	if c.Identity != nil && c.Identity.Provider != "" {
		return c.Identity.Provider
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(c.Path(), "/"), "/")
	if names[first] {
		return first
	}
	return ""
}

// detect finds the provider by the marks of the message.
func (r *Resolver) detect(s *subject) (reason string, err error) {
	d, err := r.detector()
	if err != nil {
		return "", err
	}
	fitting := d.Detect(s.message())
	if len(fitting) == 1 {
		s.provider = fitting[0].Name
		return "", nil
	}
	const flag = "; --provider NAME says whose it is"
	if len(fitting) > 1 {
		var names []string
		for _, p := range fitting {
			names = append(names, p.Name)
		}
		slices.Sort(names)
		return "it may be of " + strings.Join(names, ", ") + flag, nil
	}
	switch {
	case s.Capture != nil:
		return "neither its headers nor its body are those of a known provider" + flag, nil
	case s.parts == nil:
		return "its body is not that of a known provider" + flag, nil
	}
	return "no folder is named after a provider, and its body is not that of a known one" + flag, nil
}

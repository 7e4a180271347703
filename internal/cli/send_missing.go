package cli

import (
	"errors"
	"io/fs"
	"strings"
)

// missingProvider is err, that there is no provider called name, in other words where name is
// that of an event: the provider was forgotten.
func (a *app) missingProvider(name string, err error) error {
	from := a.providerOf(name)
	if from == "" && !(errors.Is(err, fs.ErrNotExist) && isPath(name) && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "/")) {
		return err
	}
	return usage("hookctl send "+orDefault(from, "PROVIDER")+" "+shellWord(name), "send: the provider is missing: there is none called %q", name)
}

// providerOf is the one provider whose catalog has the event called name, "" where none has it,
// or several.
func (a *app) providerOf(name string) string {
	set, err := a.catalogs()
	if err != nil {
		return ""
	}
	names, err := set.names()
	if err != nil {
		return ""
	}
	from := ""
	for _, provider := range names {
		c, err := set.load(provider)
		if err != nil {
			continue
		}
		if _, err := c.Event(name); err != nil {
			continue
		}
		if from != "" {
			return ""
		}
		from = provider
	}
	return from
}

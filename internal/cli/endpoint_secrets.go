package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hookctl/hookctl/internal/signature"
)

// endpointSecrets is the folder beside the local secrets of providers that has those of
// endpoints.
const endpointSecrets = "endpoints"

// A secretRing is the secrets that hookctl keeps for one endpoint, the file of which it is.
type secretRing struct {
	Secret string `json:"secret"`
	// Before are the secrets that were, as long as they still are signed with.
	Before []oldSecret `json:"before,omitempty"`
}

// An oldSecret is one that was rotated away.
type oldSecret struct {
	Secret string    `json:"secret"`
	Until  time.Time `json:"until"`
}

// addEndpointSecrets gives e the secrets of its own: those that hookctl.yaml names, else
// those that hookctl keeps for it.
func (a *app) addEndpointSecrets(e *knownEndpoint, dir string) error {
	for _, ref := range e.config.Secret {
		if ref == "-" {
			e.troubles = append(e.troubles, usage("env:NAME and file:PATH name a secret there", "%s: a secret in %s cannot be read from standard input", e.Name, configName))
			continue
		}
		key, err := a.secretKey(ref, dir)
		if err != nil {
			e.troubles = append(e.troubles, err)
			continue
		}
		if key.Name == "" {
			key.Name = "the secret in " + configName
		}
		e.keys = append(e.keys, key)
	}
	if len(e.config.Secret) > 0 {
		return nil
	}
	ring, err := a.endpointRing(e.Name)
	if err != nil || ring == nil {
		return err
	}
	e.keys = ring.keys(e.Name, a.world.Now())
	return nil
}

// keys are the secrets that are signed with at the time now, the newest first.
func (r *secretRing) keys(name string, now time.Time) []signature.Key {
	keys := []signature.Key{{Name: "the secret of endpoint " + name, Secret: r.Secret}}
	for _, old := range r.Before {
		if now.Before(old.Until) {
			keys = append(keys, signature.Key{Name: "the old secret of endpoint " + name, Secret: old.Secret})
		}
	}
	return keys
}

// endpointFiles are the files on which the secrets of endpoints depend; those that hookctl
// keeps by their folder.
func (a *app) endpointFiles() []string {
	var files []string
	if set, err := a.endpoints(); err == nil {
		for _, e := range set.known {
			files = append(files, secretFiles(e.config.Secret, filepath.Dir(a.file.path))...)
		}
	}
	if dir, err := a.endpointRingPath(""); err == nil {
		files = append(files, dir+string(filepath.Separator))
	}
	return files
}

// endpointRingPath is the file of the secrets that hookctl keeps for an endpoint.
func (a *app) endpointRingPath(name string) (string, error) {
	dir, err := a.storeDir()
	return filepath.Join(dir, secretsFolder, endpointSecrets, name), err
}

// endpointRing returns the secrets that hookctl keeps for an endpoint; nil where it keeps
// none.
func (a *app) endpointRing(name string) (*secretRing, error) {
	path, err := a.endpointRingPath(name)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var ring secretRing
	if err == nil {
		if err = json.Unmarshal(text, &ring); err == nil && ring.Secret == "" {
			err = errNothing
		}
	}
	if err != nil {
		return nil, cannot("remove "+a.relative(path)+", then hookctl endpoint rotate-secret "+name+" makes another", fmt.Errorf("the secret of endpoint %s: %w", name, err))
	}
	return &ring, nil
}

package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/hookctl/hookctl/schemas"
)

// A knownProvider is a profile with what the user has configured for it.
type knownProvider struct {
	*provider.Profile
	// keys are for verifying; signing are for signing, where these are others.
	keys    []signature.Key
	signing []signature.Key
	// url is where the provider sends to, as far as the user says.
	url string
	// configured says that the user works with it: it stands in hookctl.yaml, or has a
	// local secret.
	configured bool
	// troubles are what keeps configured secrets from being read.
	troubles []error
}

// A providerConfig is one entry of the section providers of hookctl.yaml.
type providerConfig struct {
	Name string `yaml:",key"`
	// Profile is the name of a bundled profile, or the file or folder of another; the
	// entry's own name where it is empty.
	Profile string `yaml:"profile"`
	// Secret names the secrets; several while they are rotated.
	Secret []string `yaml:"secret"`
	// SigningSecret names the private key, where a public one verifies.
	SigningSecret string `yaml:"signing_secret"`
	// URL is the address that the provider sends to, which some sign.
	URL        string      `yaml:"url"`
	APIVersion string      `yaml:"api_version"`
	Set        []ruleValue `yaml:"set"`
}

// A ruleValue overrides a rule of a profile.
type ruleValue struct {
	Path  string       `yaml:",key"`
	Value yamldoc.Node `yaml:",value"`
}

// providerSet is where commands get their providers from.
type providerSet struct {
	app     *app
	library *provider.Library
	configs []providerConfig
	dir     string // of hookctl.yaml
}

// providers reads the section providers of hookctl.yaml.
func (a *app) providers() (*providerSet, error) {
	set := &providerSet{app: a, library: provider.NewLibrary(schemas.Files()), dir: a.world.Dir}
	if a.file == nil {
		return set, nil
	}
	set.dir = filepath.Dir(a.file.path)
	for _, entry := range a.file.entries {
		if entry.Key == providersKey && !entry.Value.IsNull() {
			if err := entry.Value.Decode(&set.configs, providersKey); err != nil {
				return nil, err
			}
		}
	}
	return set, nil
}

// load returns the provider called name: an entry of hookctl.yaml, a bundled
// profile, or the file or folder of one.
func (ps *providerSet) load(name string) (*knownProvider, error) {
	for i := range ps.configs {
		if ps.configs[i].Name == name {
			return ps.loadConfigured(&ps.configs[i])
		}
	}
	p, err := ps.profile(name, ps.app.world.Dir)
	if err != nil {
		return nil, err
	}
	// The name of an alias may be that under which it is configured.
	for i := range ps.configs {
		if ps.configs[i].Name == p.Name && !isPath(name) {
			return ps.loadConfigured(&ps.configs[i])
		}
	}
	known := &knownProvider{Profile: p}
	return known, ps.addLocalSecret(known)
}

// loadConfigured returns the provider of an entry.
func (ps *providerSet) loadConfigured(c *providerConfig) (*knownProvider, error) {
	from := c.Profile
	if from == "" {
		from = c.Name
	}
	p, err := ps.profile(from, ps.dir)
	if err != nil {
		return nil, err
	}
	p.Name = c.Name
	if c.APIVersion != "" {
		p.APIVersion = c.APIVersion
	}
	for _, rule := range c.Set {
		if err := p.SetNode(rule.Path, rule.Value); err != nil {
			return nil, err
		}
	}
	known := &knownProvider{Profile: p, url: c.URL, configured: true}
	for _, ref := range c.Secret {
		known.keys = ps.addSecret(known, known.keys, ref)
	}
	if c.SigningSecret != "" {
		known.signing = ps.addSecret(known, nil, c.SigningSecret)
	}
	if len(known.keys) > 0 || len(known.troubles) > 0 {
		return known, nil
	}
	return known, ps.addLocalSecret(known)
}

// addSecret appends the secret that ref names, or notes why it cannot be read: a
// configuration may name secrets that this machine does not have.
func (ps *providerSet) addSecret(known *knownProvider, keys []signature.Key, ref string) []signature.Key {
	key, err := ps.app.secretKey(ref, ps.dir)
	if err != nil {
		known.troubles = append(known.troubles, err)
		return keys
	}
	if key.Name == "" {
		key.Name = "the secret in " + configName
	}
	return append(keys, key)
}

// addLocalSecret gives known the secret that hookctl keeps, if there is one.
func (ps *providerSet) addLocalSecret(known *knownProvider) error {
	key, found, err := ps.app.localSecret(known.Name)
	if err != nil || !found {
		return err
	}
	known.configured = true
	known.signing = []signature.Key{key}
	known.keys, err = signature.VerifyingKeys(known.Profile, known.signing)
	return err
}

// profile returns the profile that name stands for: a bundled one, or a file, or a
// folder with one, relative to dir.
func (ps *providerSet) profile(name, dir string) (*provider.Profile, error) {
	if !isPath(name) {
		p, err := ps.library.Load(name)
		var unknown *provider.UnknownError
		if errors.As(err, &unknown) {
			hint := "hookctl provider list shows them; --provider ./FOLDER takes one of your own"
			if unknown.Near != "" {
				hint = "did you mean " + unknown.Near + "?"
			}
			return nil, usage(hint, "%w", err)
		}
		return p, err
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, provider.FileName)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, cannot("hookctl provider new NAME begins one", fmt.Errorf("provider: %w", err))
	}
	return ps.library.Parse(path, text)
}

// isPath reports whether name is that of a file or folder.
func isPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || name == "." || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// signingKeys are those that known is signed with.
func (known *knownProvider) signingKeys() []signature.Key {
	if len(known.signing) > 0 {
		return known.signing
	}
	return known.keys
}
